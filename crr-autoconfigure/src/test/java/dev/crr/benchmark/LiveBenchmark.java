package dev.crr.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.sync.PeerState;
import dev.crr.sync.SyncLoop;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a commit on one instance until it is visible on another, both in this process and talking over loopback, and what peers cost
 * that have nothing to say. {@code ./benchmark --live} runs it.
 *
 * <p>System properties: {@code crr.benchmark.commits} (300), {@code crr.benchmark.idle} (seconds, 60).
 */
class LiveBenchmark {

    private final int commits = Integer.getInteger("crr.benchmark.commits", 300);
    private final int idle = Integer.getInteger("crr.benchmark.idle", 60);

    @TempDir
    Path folder;

    /** Commits a note with this key. */
    @FunctionalInterface
    private interface Write {
        void commit(String id) throws Exception;
    }

    @Test
    void run() throws Exception {
        System.out.println("\n| a commit, until another instance has it | p50 ms | p99 ms | longest ms |");
        System.out.println("| --- | ---: | ---: | ---: |");
        Instance a = instance("a").start(Note.class);
        try (a;
                Instance b = instance("b").withPeer(a).start(Note.class)) {
            awaitConnected(b);
            latency("held request (the peer pulls)", id -> insert(a, id), b);
            latency("push", id -> insert(b, id), a);
            latency("another process, held request", outside(a), b);
            latency("another process, push", outside(b), a);
        }
        System.out.println(
                "\n| idle peers | CPU of both ends, percent of a core | threads of crr | of its HTTP client |");
        System.out.println("| ---: | ---: | ---: | ---: |");
        for (int peers : new int[] {1, 20}) {
            idle(peers);
        }
        System.out.println();
    }

    private void latency(String name, Write write, Instance to) throws Exception {
        long[] nanos = new long[commits];
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + to.file());
                PreparedStatement select = connection.prepareStatement("SELECT 1 FROM note WHERE id = ?")) {
            for (int i = 0; i < commits; i++) {
                // Not in step with anything that happens at intervals.
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(20, 120));
                String id = UUID.randomUUID().toString();
                write.commit(id);
                long committed = System.nanoTime();
                select.setString(1, id);
                while (!exists(select)) {
                    TimeUnit.MICROSECONDS.sleep(500);
                }
                nanos[i] = System.nanoTime() - committed;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f |%n",
                name,
                nanos[commits / 2] / 1e6,
                nanos[commits * 99 / 100] / 1e6,
                nanos[commits - 1] / 1e6);
    }

    private void idle(int peers) throws Exception {
        Instance hub = instance("hub" + peers).start(Note.class);
        Instance spoke = instance("spoke" + peers);
        for (int i = 0; i < peers; i++) {
            spoke.withPeer(hub, "name=" + i);
        }
        try (hub;
                spoke) {
            spoke.start(Note.class);
            awaitConnected(spoke);
            TimeUnit.SECONDS.sleep(10);
            OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long began = process.getProcessCpuTime();
            TimeUnit.SECONDS.sleep(idle);
            double percent = (process.getProcessCpuTime() - began) / 1e7 / idle;
            System.out.printf(
                    Locale.ROOT, "| %d | %.1f | %d | %d |%n", peers, percent, threads("crr-"), threads("HttpClient-"));
        }
    }

    private Instance instance(String name) {
        return new Instance(folder.resolve(name)).with("crr.sync.live=true", "crr.sync.interval=5s");
    }

    private static void awaitConnected(Instance instance) throws InterruptedException {
        SyncLoop loop = instance.bean(SyncLoop.class);
        while (!loop.peers().stream().allMatch(peer -> peer.condition() == PeerState.Condition.CONNECTED)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        TimeUnit.SECONDS.sleep(1);
    }

    private static void insert(Instance instance, String id) {
        instance.jdbc().update("INSERT INTO note (id, text) VALUES (?, 'text')", id);
    }

    private static Write outside(Instance instance) {
        return id -> instance.jdbcOnFile("INSERT INTO note (id, text) VALUES ('" + id + "', 'text')");
    }

    private static boolean exists(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
