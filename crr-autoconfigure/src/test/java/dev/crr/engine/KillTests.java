package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes, merges and exports is killed again and again at random moments. {@code -Dcrr.kills=N} for more,
 * {@code -Dcrr.seed=N} to replay the moments, as far as a clock can be replayed.
 */
class KillTests {

    private static final int KILLS = Integer.getInteger("crr.kills", 200);

    @TempDir
    Path folder;

    private final Set<String> committed = new HashSet<>();
    private final Map<String, String> shown = new HashMap<>();

    static Replica replica(Path file) {
        return new Replica(file)
                .run(
                        "CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY NOT NULL, a NOT NULL, b)",
                        "CREATE TABLE IF NOT EXISTS tag (id TEXT PRIMARY KEY NOT NULL)")
                .install("plain", "tag");
    }

    @Test
    void nothingIsLostAndNoNumberIsUsedTwice() throws IOException, InterruptedException {
        long seed = Long.getLong("crr.seed", 1);
        System.out.println("KillTests: replay with -Dcrr.seed=" + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("victim.db");
        try (Replica peer = replica(folder.resolve("peer.db"))) {
            for (int kill = 0; kill < KILLS; kill++) {
                peer.run(
                        "INSERT INTO plain WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
                                + " SELECT 'peer " + kill + " ' || i, i, NULL FROM n",
                        "UPDATE plain SET b = " + kill + " WHERE a = " + kill % 50);
                runAndKill(file, random);
            }
            try (Replica victim = replica(file)) {
                assertThat(victim.query("PRAGMA integrity_check")).containsExactly("'ok'");
                assertThat(victim.query("SELECT merging FROM crr_state")).containsExactly("NULL");
                assertThat(committed).hasSizeGreaterThan(KILLS / 4);
                assertThat(new HashSet<>(victim.query("SELECT id FROM plain"))).containsAll(committed);
                exchange(victim, peer);
                exchange(peer, victim);
                for (String query : List.of(
                        "SELECT * FROM plain ORDER BY id",
                        "SELECT * FROM tag ORDER BY id",
                        "SELECT \"table\", hex(pk), cid, col_version, cl, hex(site_id) FROM crsql_changes ORDER BY 1, 2, 3")) {
                    assertThat(victim.query(query)).isEqualTo(peer.query(query));
                }
            }
        }
    }

    private void runAndKill(Path file, Random random) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillVictim.class.getName(),
                        file.toString(),
                        folder.resolve("peer.db").toString(),
                        String.valueOf(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("ready");
            Thread killer = new Thread(() -> killAfter(process, random.nextInt(200_000)));
            killer.start();
            lines.lines().forEach(this::note);
            killer.join();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void killAfter(Process process, long micros) {
        try {
            assertThat(process.waitFor(micros, TimeUnit.MICROSECONDS))
                    .as("ended by itself")
                    .isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By its handle, because Process would close the output that is still to be read.
        process.toHandle().destroyForcibly();
    }

    private void note(String line) {
        String[] words = line.split(" ", 3);
        // What was cut off by the kill does not count.
        if (words[0].equals("w") && line.endsWith(" .")) {
            committed.add("'" + words[1] + "'");
        } else if (words[0].equals("x") && words.length == 3 && line.endsWith("]")) {
            // A version may show fewer changes later, but never those of another row.
            assertThat(shown.merge(words[1], words[2], (before, now) -> before))
                    .as("what version %s named", words[1])
                    .isEqualTo(words[2]);
        }
    }

    private static void exchange(Replica from, Replica to) {
        boolean more = true;
        while (more) {
            try {
                long since =
                        to.engine.cursor(to.connection, from.siteId(), null).received();
                Changeset piece = from.changes(ChangeQuery.since(since));
                to.merge(piece);
                more = piece.more();
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
