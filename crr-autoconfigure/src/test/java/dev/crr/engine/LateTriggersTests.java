package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers of the user's own that were made since the last start, or that one connection alone has. */
class LateTriggersTests {

    @TempDir
    Path folder;

    private Replica here;
    private Replica there;
    private long toHere;
    private long toThere;

    @BeforeEach
    void open() {
        here = new Replica(folder.resolve("here.db"));
        there = new Replica(folder.resolve("there.db"));
        for (Replica replica : List.of(here, there)) {
            replica.run("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v)").install("t");
        }
        here.run("INSERT INTO t VALUES ('1', 'x'), ('2', 'y')");
        exchange();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private void exchange() {
        for (int round = 0; round < 3; round++) {
            Changeset in = there.changes(ChangeQuery.since(toHere).excluding(here.siteId()));
            here.merge(in);
            toHere = in.version();
            Changeset out = here.changes(ChangeQuery.since(toThere).excluding(there.siteId()));
            there.merge(out);
            toThere = out.version();
        }
    }

    private static List<String> state(Replica replica) {
        return replica.query(
                "SELECT \"table\", hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3");
    }

    private void assertEqual(String... rows) {
        assertThat(here.query("SELECT * FROM t ORDER BY id")).containsExactly(rows);
        assertThat(there.query("SELECT * FROM t ORDER BY id")).containsExactly(rows);
        assertThat(state(here)).isEqualTo(state(there));
        assertThat(here.query(
                        "SELECT r.id FROM t__crr_row r WHERE (r.__crr_cl & 1) IS NOT (SELECT 1 FROM t WHERE t.id = r.id)"
                                + " AND NOT (r.__crr_cl & 1 = 0 AND NOT EXISTS (SELECT 1 FROM t WHERE t.id = r.id))"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowThatATriggerInsertsAgainLives(boolean byAnotherProcess) {
        String trigger = "CREATE TRIGGER u AFTER DELETE ON t BEGIN INSERT INTO t VALUES (OLD.id, 'archived'); END";
        String delete = "DELETE FROM t WHERE id = '1'";
        if (byAnotherProcess) {
            try (Replica shell = new Replica(here.file)) {
                shell.run(trigger, delete);
            }
        } else {
            here.run(trigger, delete);
        }
        exchange();
        assertEqual("'1'|'archived'", "'2'|'y'");
        here.run("UPDATE t SET v = 'z' WHERE id = '1'");
        there.run("UPDATE t SET v = 'w' WHERE id = '2'");
        exchange();
        assertEqual("'1'|'z'", "'2'|'w'");
        // By now the trigger comes after ours.
        here.run("DELETE FROM t WHERE id = '2'");
        exchange();
        assertEqual("'1'|'z'", "'2'|'archived'");
    }

    @Test
    void aRowThatATriggerDeletesAtOnceIsDead() {
        here.run(
                "CREATE TRIGGER u AFTER INSERT ON t WHEN NEW.v = 'no' BEGIN DELETE FROM t WHERE id = NEW.id; END",
                "INSERT INTO t VALUES ('3', 'no')");
        there.run("INSERT INTO t VALUES ('4', 'yes')");
        exchange();
        assertEqual("'1'|'x'", "'2'|'y'", "'4'|'yes'");
        there.run("INSERT OR REPLACE INTO t VALUES ('3', 'yes')");
        exchange();
        assertEqual("'1'|'x'", "'2'|'y'", "'3'|'yes'", "'4'|'yes'");
    }

    @Test
    void whoOnlyReadsNoticesToo() {
        here.run(
                "CREATE TRIGGER u AFTER DELETE ON t BEGIN INSERT INTO t VALUES (OLD.id, 'archived'); END",
                "DELETE FROM t WHERE id = '1'");
        Changeset out = here.changes(ChangeQuery.since(toThere));
        there.merge(out);
        assertEqual("'1'|'archived'", "'2'|'y'");
    }

    @Test
    void ourTriggersAreMadeAnewOnceAndNotWhileTheyStandAside() throws Exception {
        here.run("CREATE TRIGGER u AFTER DELETE ON t BEGIN SELECT 1; END");
        there.run("UPDATE t SET v = 'a'");
        exchange();
        List<String> schema = here.query("PRAGMA schema_version");
        there.run("UPDATE t SET v = 'b'");
        exchange();
        assertThat(here.query("PRAGMA schema_version")).isEqualTo(schema);

        here.installer.standAside(here.connection);
        here.run(
                "CREATE TRIGGER w AFTER DELETE ON t BEGIN SELECT 1; END",
                "UPDATE t SET v = 'meanwhile' WHERE id = '1'");
        List<String> coarse = here.query("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name");
        here.merge(there.changes(ChangeQuery.since(toHere)));
        assertThat(here.query("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
                .isEqualTo(coarse);
        here.install("t");
        exchange();
        assertEqual("'1'|'meanwhile'", "'2'|'b'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER INSERT ON main.t WHEN NEW.id < '5' BEGIN INSERT INTO t VALUES (NEW.id + 5, 'copy'); END",
                "AFTER INSERT ON main.t WHEN NEW.id < '5' BEGIN UPDATE t SET v = 'seen' WHERE id = '2'; END",
                "AFTER INSERT ON t WHEN NEW.id < '5' BEGIN DELETE FROM t WHERE id = '2'; END",
                "AFTER UPDATE ON t BEGIN UPDATE t SET v = 'upper' WHERE id = NEW.id; END",
                "AFTER INSERT ON t WHEN NEW.id < '5' BEGIN UPDATE t SET id = '9' WHERE id = NEW.id; END",
            })
    void whatATriggerOfOneConnectionWritesInAMergeIsTracked(String trigger) {
        here.run("CREATE TEMP TRIGGER u " + trigger);
        there.run("INSERT INTO t VALUES ('3', 'new')", "UPDATE t SET v = 'edited' WHERE id = '1'");
        exchange();
        assertThat(state(here)).isEqualTo(state(there));
        assertThat(here.query("SELECT * FROM t ORDER BY id")).isEqualTo(there.query("SELECT * FROM t ORDER BY id"));
        assertThat(here.query("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'"))
                .containsExactly("'u'");
        try (Replica other = new Replica(here.file)) {
            assertThat(other.engine.restless()).isNull();
            there.run("INSERT INTO t VALUES ('4', 'later')");
            Changeset in = there.changes(ChangeQuery.since(toHere));
            other.merge(in);
            assertThat(other.query("SELECT v FROM t WHERE id = '4'")).containsExactly("'later'");
        }
    }
}
