package dev.crr.benchmark;

import dev.crr.Instance;
import dev.crr.wire.ChangesetCodec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * An instance in a process of its own. Started with a number of rows it makes them and serves them; with the URL of a peer it
 * fetches all the peer has, while a local writer goes on with one transaction after the other, and tells how that went.
 */
final class CatchUpNode {

    private CatchUpNode() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        try (Instance instance = new Instance(file)) {
            if (arguments[1].startsWith("http")) {
                fetch(instance, arguments);
            } else {
                serve(instance, Integer.parseInt(arguments[1]));
            }
        }
    }

    private static void serve(Instance instance, int rows) throws IOException {
        instance.start(ApplicationBenchmark.SharedItem.class);
        instance.jdbc().update("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO shared_item (id, a, b, c, d, e, f, g, h)
                SELECT lower(hex(randomblob(16))), 'slide ' || i, 'some text', 'kind' || i % 7, i / 10.0, 0.25, i, i % 100, 3
                FROM n""", rows);
        print("SERVING %d", instance.port());
        // Until the other process is done.
        while (System.in.read() >= 0) {}
        print("HEAP %d", peakHeap());
    }

    private static void fetch(Instance instance, String[] arguments) throws Exception {
        boolean writing = Arrays.asList(arguments).contains("writing");
        instance.with("crr.peers[0].url=" + arguments[1], "crr.peers[0].push=false");
        if (Arrays.asList(arguments).contains("json")) {
            instance.withBean(ChangesetCodec.class, () -> new ChangesetCodec(100_000, Set.of()));
        }
        instance.start(ApplicationBenchmark.SharedItem.class);
        LocalWriter writer = new LocalWriter(instance);
        if (writing) {
            writer.start();
        }
        long begin = System.nanoTime();
        instance.syncWell();
        double seconds = (System.nanoTime() - begin) / 1e9;
        writer.end();
        print("FETCHED %.1f", seconds);
        print("WAITS %s", writer.waits());
        print("HEAP %d", peakHeap());
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Somebody at this instance who goes on working. */
    private static final class LocalWriter extends Thread {

        private final Instance instance;
        private final List<Long> micros = new ArrayList<>();
        private volatile boolean ended;

        LocalWriter(Instance instance) {
            super("local writer");
            this.instance = instance;
        }

        @Override
        public void run() {
            while (!ended) {
                long begin = System.nanoTime();
                instance.jdbc()
                        .update(
                                "INSERT INTO shared_item (id, a, d, e, f, g, h) VALUES (?, 'local', 0, 0, 0, 0, 0)",
                                UUID.randomUUID().toString());
                micros.add((System.nanoTime() - begin) / 1000);
                try {
                    sleep(5);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        void end() throws InterruptedException {
            ended = true;
            join();
        }

        String waits() {
            if (micros.isEmpty()) {
                return "none";
            }
            Collections.sort(micros);
            return String.format(
                    Locale.ROOT,
                    "%d writes, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms",
                    micros.size(),
                    quantile(0.5),
                    quantile(0.99),
                    quantile(0.999),
                    quantile(1));
        }

        private double quantile(double q) {
            return micros.get((int) Math.min(micros.size() - 1.0, micros.size() * q)) / 1000.0;
        }
    }
}
