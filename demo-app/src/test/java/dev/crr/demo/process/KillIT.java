package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} at random moments. What was acknowledged is there after the next start, what was not is there as a whole or
 * not at all, and the instances converge. Run with {@code -Ddemo.seed=N} to repeat a printed choice of moments.
 */
class KillIT {

    private static final long SEED = Long.getLong("demo.seed", System.nanoTime() % 1_000_000);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    final Instances instances = new Instances();

    @RepeatedTest(3)
    void inTheMiddleOfABulkWrite(RepetitionInfo repetition) {
        int batch = 300;
        Random random = random("bulk write " + repetition.getCurrentRepetition(), repetition.getCurrentRepetition());
        DemoProcess a = instances.create("a");
        DemoProcess b = instances.create("b");
        instances.link(a, b);
        Editor ann = Editor.of(a.start());
        Editor bob = Editor.of(b.start());
        String deck = ann.newDeck("Bulk");
        String slide = ann.newSlide(deck);
        Convergence.of(a, b);

        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(() -> pasteUntilKilled(ann, slide, batch, acknowledged));
        int enough = batch * (1 + random.nextInt(10));
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(1)).until(() -> acknowledged.size() >= enough);
        // Some answers later the next batch has come so far or so far, on any machine.
        for (int answers = random.nextInt(10); answers > 0; answers--) {
            a.get("/actuator/crr");
        }
        a.kill();
        writing.join();

        a.start();
        assertThat(ann.components(deck).keySet()).containsAll(acknowledged);
        Convergence.of(a, b);
        assertThat(bob.components(deck).keySet()).containsAll(acknowledged);
        assertThat(bob.components(deck).size() % batch)
                .as("a batch arrives as a whole")
                .isZero();
    }

    @Test
    void inTheMiddleOfAMerge() {
        int rows = 10_000;
        Random random = random("merge", 0);
        DemoProcess a = instances.create("a");
        DemoProcess b = instances.create("b").with("--crr.sync.batch-size=2000");
        instances.link(a, b).back().cut();
        Editor ann = Editor.of(a.start());
        String deck = ann.newDeck("Large");
        for (int slide = 0; slide < 20; slide++) {
            ann.paste(ann.newSlide(deck), rows / 20, "text " + slide);
        }
        String early = ann.newDeck("Renamed while merging");

        // Every merged row takes a number of its own, so each of these moments is reached.
        int moment = 0;
        for (int kill = 1; kill <= 4; kill++) {
            moment += 1 + random.nextInt(rows / 4 - 1);
            int version = moment;
            b.start();
            await("b has merged up to " + version)
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> b.get("/actuator/crr").get("version").asLong() >= version);
            b.kill();
            ann.renameDeck(early, "Renamed " + kill);
        }

        b.start();
        Convergence.of(a, b);
        assertThat(Editor.of(b).components(deck)).hasSize(rows);
    }

    private static void pasteUntilKilled(Editor editor, String slide, int batch, Queue<String> acknowledged) {
        try {
            while (true) {
                acknowledged.addAll(editor.paste(slide, batch, "pasted"));
            }
        } catch (UncheckedIOException killed) {
            // as it should be; this batch was not acknowledged
        }
    }

    private static Random random(String what, int offset) {
        System.out.println("KillIT, " + what + ": -Ddemo.seed=" + SEED);
        return new Random(SEED + offset);
    }
}
