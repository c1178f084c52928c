package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.kill.Killing;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories that start, migrate, write, merge and export are killed again and again, most of them at chosen points.
 * {@code -Dcrr.kills=N} for more, {@code -Dcrr.seed=N} to replay the points.
 */
class KillTests {

    private static final int KILLS = Integer.getInteger("crr.kills", 200);

    /** In one process. */
    private static final int VICTIMS = 4;

    @TempDir
    Path folder;

    private final Map<Path, Set<String>> committed = new HashMap<>();
    private final Map<Path, Map<String, String>> shown = new HashMap<>();

    static void create(Replica replica) {
        replica.run(
                "CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY NOT NULL, a NOT NULL, b)",
                "CREATE TABLE IF NOT EXISTS tag (id TEXT PRIMARY KEY NOT NULL)");
    }

    static void install(Replica replica) {
        replica.install("plain", "tag");
    }

    private static Replica replica(Path file) {
        Replica replica = new Replica(file);
        create(replica);
        install(replica);
        return replica;
    }

    @Test
    void nothingIsLostAndNoNumberIsUsedTwice() throws IOException, InterruptedException {
        long seed = Long.getLong("crr.seed", 1);
        System.out.println("KillTests: replay with -Dcrr.seed=" + seed);
        Path peerFile = folder.resolve("peer.db");
        List<Killing.Pair> victims = IntStream.range(0, VICTIMS)
                .mapToObj(i -> new Killing.Pair(folder.resolve("victim" + i + ".db"), peerFile))
                .toList();
        Killing killing = new Killing(KillVictim.class, new Random(seed), folder);
        try (Replica peer = replica(peerFile)) {
            while (killing.kills() < KILLS) {
                int rows = 50;
                peer.run(
                        "INSERT INTO plain WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                + rows + ") SELECT 'peer " + killing.kills() + " ' || i, i, NULL FROM n",
                        "UPDATE plain SET b = " + killing.kills() + " WHERE a = " + killing.kills() % rows);
                killing.run(victims, this::note);
            }
            System.out.println(killing.kills() + " kills: " + killing.left());
            victims.forEach(victim -> assertAllIsThere(victim.one(), peer));
        }
    }

    private void assertAllIsThere(Path file, Replica peer) {
        try (Replica victim = replica(file)) {
            assertThat(victim.query("PRAGMA integrity_check")).containsExactly("'ok'");
            assertThat(victim.query("SELECT merging FROM crr_state")).containsExactly("NULL");
            assertThat(committed.get(file)).isNotEmpty();
            assertThat(new HashSet<>(victim.query("SELECT id FROM plain"))).containsAll(committed.get(file));
            exchange(victim, peer);
            exchange(peer, victim);
            for (String query : List.of(
                    "SELECT * FROM plain ORDER BY id",
                    "SELECT * FROM tag ORDER BY id",
                    "SELECT \"table\", hex(pk), cid, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3")) {
                assertThat(victim.query(query)).as("%s", file).isEqualTo(peer.query(query));
            }
        }
    }

    private void note(Killing.Pair victim, String said) {
        String[] words = said.split(" ", 3);
        if (words[0].equals("w")) {
            committed.computeIfAbsent(victim.one(), file -> new HashSet<>()).add("'" + words[1] + "'");
        } else {
            // A version may show fewer changes later, but never those of another row.
            assertThat(shown.computeIfAbsent(victim.one(), file -> new HashMap<>())
                            .merge(words[1], words[2], (before, now) -> before))
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
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
