package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica whose tables have triggers of the user's own, merging from one that has none. */
class UserTriggerTests {

    @TempDir
    Path folder;

    Replica plain;
    Replica triggered;

    private long toTriggered;
    private long toPlain;

    @BeforeEach
    void open() {
        plain = new Replica(folder.resolve("plain.db"));
        triggered = new Replica(folder.resolve("triggered.db"));
    }

    @AfterEach
    void close() {
        plain.close();
        triggered.close();
    }

    private void tables(String sql) {
        plain.run(sql).install("t");
        triggered.run(sql).install("t");
    }

    /** Incremental exchange, there and back. */
    private void exchange() {
        for (int round = 0; round < 3; round++) {
            Changeset there = plain.changes(ChangeQuery.since(toTriggered).excluding(triggered.siteId()));
            triggered.merge(there);
            toTriggered = there.version();
            Changeset back = triggered.changes(ChangeQuery.since(toPlain).excluding(plain.siteId()));
            plain.merge(back);
            toPlain = back.version();
        }
    }

    private List<String> state(Replica replica) {
        List<String> state = new ArrayList<>(replica.query("SELECT * FROM t ORDER BY 1"));
        state.addAll(replica.query("SELECT hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2"));
        return state;
    }

    private void assertConverged() {
        exchange();
        assertThat(state(triggered)).isEqualTo(state(plain));
        assertThat(triggered.query("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER INSERT ON t WHEN NEW.k < 100 BEGIN INSERT INTO t VALUES (NEW.k + 100, 'copy'); END",
                "AFTER INSERT ON t WHEN NEW.k < 100 BEGIN UPDATE t SET v = 'seen' WHERE k = 50; END",
                "AFTER INSERT ON t WHEN NEW.k < 100 BEGIN DELETE FROM t WHERE k = 50; END",
                "AFTER INSERT ON t WHEN NEW.k < 100 BEGIN UPDATE t SET k = 51, v = 'a' WHERE k = 50; END",
                "AFTER INSERT ON t WHEN NEW.k < 100 BEGIN UPDATE OR IGNORE t SET k = 300 WHERE k = NEW.k; END",
                "BEFORE INSERT ON t WHEN NEW.k < 100 BEGIN REPLACE INTO t VALUES (50, 'b'); END",
                "AFTER UPDATE ON t WHEN NEW.k = 60 BEGIN INSERT OR IGNORE INTO t VALUES (99, 'late'); END",
                "AFTER INSERT ON t WHEN NEW.k = 3 BEGIN DELETE FROM t WHERE k = 60; END",
                "AFTER INSERT ON t BEGIN UPDATE t SET v = v || '!' WHERE k <> NEW.k; END",
            })
    void whatATriggerDoesToOtherRowsOfTheMergedTableIsTracked(String trigger) {
        tables("CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL, v)");
        plain.run("INSERT INTO t VALUES (50, 'z'), (60, 'z')");
        exchange();
        triggered.run("CREATE TRIGGER u " + trigger);
        plain.run("INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')", "UPDATE t SET v = 'zz' WHERE k = 60");
        assertConverged();
        triggered.run("INSERT INTO t VALUES (200, 'local')");
        assertConverged();
    }

    @Test
    void aKeyThatIsNotUnicodeIsFoundAgain() {
        tables("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v)");
        triggered.run("CREATE TRIGGER u AFTER INSERT ON t BEGIN SELECT 1; END");
        plain.run("INSERT INTO t VALUES (CAST(x'C328' AS TEXT), 1)");
        assertConverged();
        assertThat(plain.query("SELECT v FROM t")).containsExactly("1");
    }

    @Test
    void aRowThatATriggerDeletesIsDeletedAlsoWithoutColumns() {
        tables("CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL)");
        triggered.run("CREATE TRIGGER u AFTER INSERT ON t BEGIN DELETE FROM t WHERE k = NEW.k; END");
        plain.run("INSERT INTO t VALUES (1)");
        assertConverged();
        assertThat(plain.query("SELECT * FROM t")).isEmpty();
    }

    @Test
    void aDeletionThatATriggerIgnoresIsARevival() {
        tables("CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL, v)");
        plain.run("INSERT INTO t VALUES (1, 'kept')");
        exchange();
        triggered.run("CREATE TRIGGER u BEFORE DELETE ON t BEGIN SELECT RAISE(IGNORE); END");
        plain.run("DELETE FROM t");
        assertConverged();
        assertThat(plain.query("SELECT v FROM t")).containsExactly("'kept'");
    }

    @Test
    void aDefaultThatIsNewEveryTimeIsNoEdit() {
        tables("CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL, v, r DEFAULT (hex(randomblob(8))), s DEFAULT 'x')");
        triggered.run("CREATE TRIGGER u AFTER INSERT ON t BEGIN SELECT 1; END");
        SiteId author = SiteId.random();
        triggered.merge(author, new Change("t", List.of(Value.of(1)), "v", Value.of(5), 1, 1, author, 1, 0));
        assertThat(triggered.query("SELECT cid FROM crsql_changes")).containsExactly("'v'");
    }

    @Test
    void aTriggerThatRollsBackIsQuoted() {
        tables("CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL, v)");
        triggered.run("CREATE TRIGGER u BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'not with me'); END");
        plain.run("INSERT INTO t VALUES (1, 1)");
        Changeset changeset = plain.changes(ChangeQuery.ALL);
        assertThatThrownBy(() -> triggered.engine.merge(triggered.connection, changeset))
                .hasMessageContaining("not with me");
        triggered.run("DROP TRIGGER u", "INSERT INTO t VALUES (2, 2)");
        assertThat(triggered.query("SELECT val FROM crsql_changes")).containsExactly("2");
    }
}
