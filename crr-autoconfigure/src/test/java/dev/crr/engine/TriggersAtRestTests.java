package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.TrackedPeer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas with triggers of the user's own, all of them the same or only some: what the triggers write during merges comes to rest. */
class TriggersAtRestTests {

    private static final String NOTE =
            "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, title TEXT, body TEXT, modified TEXT, n INTEGER NOT NULL DEFAULT 0)";

    /** Later than any time before, on whichever replica: no two calls give the same. */
    private static final String TICK = "(SELECT t FROM clock)";

    private static final String MODIFIED =
            "CREATE TRIGGER note_modified AFTER UPDATE ON note BEGIN UPDATE clock SET t = t + 10; UPDATE note SET modified = "
                    + TICK + " WHERE id = NEW.id; END";

    @TempDir
    Path folder;

    private final List<Replica> replicas = new ArrayList<>();

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
    }

    private Replica open(String... sql) {
        int index = replicas.size();
        Replica replica = new Replica(folder.resolve(index + ".db"));
        replicas.add(replica);
        replica.run("CREATE TABLE clock (t INTEGER)", "INSERT INTO clock VALUES (1000 + " + index + ")");
        return replica.run(sql);
    }

    private List<Replica> open(int count, String... sql) {
        for (int i = 0; i < count; i++) {
            open(sql);
        }
        return replicas;
    }

    /** One exchange, there and back; returns how many changes came in. */
    private static long sync(Replica one, Replica other) {
        return pull(one, other) + pull(other, one);
    }

    private static long pull(Replica to, Replica from) {
        try {
            TrackedPeer cursor = to.engine.cursor(to.connection, from.siteId(), null);
            Changeset changeset = from.changes(ChangeQuery.ALL
                    .after(cursor.received(), cursor.receivedEpoch())
                    .excluding(to.siteId()));
            return to.merge(changeset).report().applied();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everybody with everybody, a few times over; returns what each round brought. */
    private List<Long> rounds(int count) {
        List<Long> rounds = new ArrayList<>();
        for (int round = 0; round < count; round++) {
            long brought = 0;
            for (int i = 0; i < replicas.size(); i++) {
                for (int j = 0; j < i; j++) {
                    brought += sync(replicas.get(i), replicas.get(j));
                }
            }
            rounds.add(brought);
        }
        return rounds;
    }

    private void assertAtRest() {
        List<Long> rounds = rounds(6);
        assertThat(rounds.subList(3, 6)).as("%s", rounds).containsOnly(0L);
        List<String> first = state(replicas.get(0));
        for (Replica replica : replicas) {
            assertThat(state(replica)).isEqualTo(first);
            assertThat(replica.query("SELECT merging FROM crr_state")).containsExactly("NULL");
            assertThat(replica.query("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'"))
                    .isEmpty();
        }
    }

    private static List<String> state(Replica replica) {
        return replica.query(
                "SELECT \"table\", hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3");
    }

    private List<String> all(String sql) {
        List<String> all = new ArrayList<>();
        replicas.forEach(replica -> all.addAll(replica.query(sql)));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void theTimeOfTheEditStands(int count) {
        open(count, NOTE, MODIFIED).forEach(replica -> replica.install("note"));
        replicas.get(0).run("INSERT INTO note (id, title) VALUES ('1', 'x')");
        rounds(3);
        replicas.get(0).run("UPDATE note SET title = 'y'");
        List<String> edited = replicas.get(0).query("SELECT * FROM note");
        List<Long> rounds = rounds(4);
        assertThat(rounds).containsExactly(2L * (count - 1), 0L, 0L, 0L);
        assertThat(all("SELECT * FROM note")).containsOnly(edited.get(0));
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER UPDATE ON note BEGIN UPDATE note SET n = n + 1 WHERE id = NEW.id; END",
                "AFTER UPDATE OF title, body ON note BEGIN UPDATE note SET n = OLD.n + 1 WHERE rowid = NEW.rowid; END",
                "AFTER UPDATE ON note BEGIN UPDATE note SET modified = hex(randomblob(8)) WHERE id = NEW.id; END",
                "AFTER UPDATE ON note BEGIN UPDATE note SET modified = hex(randomblob(8)), n = n + 1 WHERE id = NEW.id; END",
                "BEFORE UPDATE ON note BEGIN UPDATE note SET modified = hex(randomblob(8)) WHERE id = NEW.id; END",
                "AFTER UPDATE ON note BEGIN REPLACE INTO note VALUES (NEW.id, NEW.title, NEW.body, hex(randomblob(8)), NEW.n); END",
                "AFTER UPDATE ON note BEGIN INSERT INTO note (id, n) VALUES (NEW.id, 0)"
                        + " ON CONFLICT (id) DO UPDATE SET modified = hex(randomblob(8)); END",
                "AFTER UPDATE ON note WHEN NEW.modified IS OLD.modified BEGIN"
                        + " UPDATE note SET modified = hex(randomblob(8)) WHERE id = NEW.id; END",
                "AFTER UPDATE ON note WHEN (SELECT merging FROM crr_state) IS NULL BEGIN"
                        + " UPDATE note SET modified = hex(randomblob(8)) WHERE id = NEW.id; END",
                "AFTER UPDATE OF title ON note BEGIN UPDATE note SET title = lower(NEW.title) || abs(random()) % 10 WHERE id = NEW.id; END",
            })
    void comesToRest(String trigger) {
        open(3, NOTE, "CREATE TRIGGER u " + trigger).forEach(replica -> replica.install("note"));
        replicas.get(0).run("INSERT INTO note (id, title) VALUES ('1', 'x')");
        rounds(3);
        replicas.get(0).run("UPDATE note SET title = 'A1'");
        assertAtRest();
        replicas.get(0).run("UPDATE note SET title = 'A2'");
        replicas.get(1).run("UPDATE note SET body = 'B1'", "UPDATE note SET body = 'B2'");
        replicas.get(2).run("UPDATE note SET title = 'C', body = 'C'");
        assertAtRest();
        assertThat(all("SELECT count(*) FROM crr_quarantine")).containsOnly("0");
    }

    @Test
    void twoTriggersOnDifferentColumnsDoNotKeepEachOtherAwake() {
        open(
                        3,
                        "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, m1, m2)",
                        "CREATE TRIGGER u1 AFTER UPDATE ON t BEGIN UPDATE t SET m1 = hex(randomblob(8)) WHERE id = NEW.id; END",
                        "CREATE TRIGGER u2 AFTER UPDATE ON t BEGIN UPDATE t SET m2 = hex(randomblob(8)) WHERE id = NEW.id; END")
                .forEach(replica -> replica.install("t"));
        replicas.get(0).run("INSERT INTO t (id, v) VALUES ('1', 'x')");
        rounds(2);
        for (int i = 0; i < 3; i++) {
            replicas.get(i).run("UPDATE t SET v = 'v" + i + "'", "UPDATE t SET v = 'w" + i + "'");
        }
        // Along a line a relay leaves out what the asker wrote itself, so that one of the two columns comes alone.
        for (int round = 0; round < 8; round++) {
            sync(replicas.get(0), replicas.get(1));
            sync(replicas.get(1), replicas.get(2));
        }
        long further = sync(replicas.get(0), replicas.get(1)) + sync(replicas.get(1), replicas.get(2));
        assertThat(further).isZero();
        assertAtRest();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void aDerivedColumnTellsOfBothEdits(boolean first, boolean second) {
        String table = "CREATE TABLE p (id TEXT PRIMARY KEY NOT NULL, given, last, full)";
        String trigger =
                "CREATE TRIGGER u AFTER UPDATE OF given, last ON p BEGIN UPDATE p SET full = NEW.given || ' ' || NEW.last WHERE id = NEW.id; END";
        open(first ? new String[] {table, trigger} : new String[] {table}).install("p");
        open(second ? new String[] {table, trigger} : new String[] {table}).install("p");
        replicas.get(0).run("INSERT INTO p VALUES ('1', 'a', 'b', 'a b')");
        rounds(2);
        replicas.get(0).run("UPDATE p SET given = 'X'");
        replicas.get(1).run("UPDATE p SET last = 'Y'");
        assertAtRest();
        assertThat(all("SELECT full FROM p")).containsOnly("'X Y'");
        replicas.get(0).run("UPDATE p SET last = 'B'", "UPDATE p SET last = 'C'");
        replicas.get(1).run("UPDATE p SET given = 'Z'");
        assertAtRest();
        assertThat(all("SELECT full FROM p")).containsOnly("'Z C'");
    }

    @Test
    void whatOnlyOneReplicaDerivesReachesThoseWithoutTheTrigger() {
        open(NOTE).install("note");
        open(NOTE, MODIFIED).install("note");
        replicas.get(0).run("INSERT INTO note (id, title) VALUES ('1', 'x')");
        rounds(2);
        replicas.get(0).run("UPDATE note SET title = 'y'");
        assertAtRest();
        assertThat(all("SELECT title || ' ' || modified FROM note")).containsOnly("'y 1011'");
    }

    @Test
    void aColumnThatStaysHereKeepsWhatTheTriggerWrites() {
        String table = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, m, search)";
        String trigger = "CREATE TRIGGER u AFTER UPDATE OF v ON t BEGIN"
                + " UPDATE t SET m = hex(randomblob(8)), search = 'seen ' || NEW.v WHERE id = NEW.id; END";
        for (Replica replica : open(2, table, trigger)) {
            try {
                replica.installer.install(
                        replica.connection, List.of(new TableSpec("t", null, java.util.Set.of("search"))));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        replicas.get(0).run("INSERT INTO t VALUES ('1', 'x', NULL, NULL)");
        rounds(2);
        replicas.get(0).run("UPDATE t SET v = 'y'");
        assertAtRest();
        assertThat(all("SELECT search FROM t")).containsExactly("'seen y'", "'seen y'");
    }

    @Test
    void anotherTriggerDoesNotSeeWhatIsTakenBack() {
        String[] sql = {
            NOTE,
            MODIFIED,
            "CREATE TABLE seen (modified)",
            "CREATE TRIGGER note_seen AFTER UPDATE OF modified ON note BEGIN INSERT INTO seen VALUES (NEW.modified); END"
        };
        open(2, sql).forEach(replica -> replica.install("note"));
        replicas.get(0).run("INSERT INTO note (id, title) VALUES ('1', 'x')");
        rounds(2);
        replicas.get(0).run("UPDATE note SET title = 'y'");
        assertAtRest();
        assertThat(replicas.get(1).query("SELECT * FROM seen"))
                .isEqualTo(replicas.get(1).query("SELECT modified FROM note"));
    }

    @Test
    void aCellWrittenAloneBecauseOthersCannotBeKeepsItsClock() {
        String table = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, m, strict CHECK (strict < 10))";
        String loose = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, m, strict)";
        String trigger =
                "CREATE TRIGGER u AFTER UPDATE ON t BEGIN UPDATE t SET m = hex(randomblob(8)) WHERE id = NEW.id; END";
        open(loose, trigger).install("t");
        open(table, trigger).install("t");
        replicas.get(0).run("INSERT INTO t VALUES ('1', 'x', NULL, 1)");
        rounds(2);
        replicas.get(0).run("UPDATE t SET v = 'y', strict = 11");
        assertThat(rounds(4).subList(2, 4)).containsOnly(0L);
        assertThat(replicas.get(1).query("SELECT v, m FROM t"))
                .isEqualTo(replicas.get(0).query("SELECT v, m FROM t"));
        assertThat(replicas.get(1).query("SELECT col_version FROM crsql_changes WHERE cid = 'm'"))
                .isEqualTo(replicas.get(0).query("SELECT col_version FROM crsql_changes WHERE cid = 'm'"));
    }

    @Test
    void aGuardedTriggerKeepsStillAlsoWhenRowsAreDeleted() {
        String[] sql = {
            NOTE,
            "CREATE TABLE gone (id)",
            "CREATE TRIGGER u AFTER DELETE ON note WHEN (SELECT merging FROM crr_state) IS NULL BEGIN"
                    + " INSERT INTO gone VALUES (OLD.id); END"
        };
        open(2, sql).forEach(replica -> replica.install("note"));
        replicas.get(0).run("INSERT INTO note (id, title) VALUES ('1', 'x')");
        rounds(2);
        replicas.get(0).run("DELETE FROM note");
        assertAtRest();
        assertThat(replicas.get(0).query("SELECT id FROM gone")).containsExactly("'1'");
        assertThat(replicas.get(1).query("SELECT id FROM gone")).isEmpty();
    }
}
