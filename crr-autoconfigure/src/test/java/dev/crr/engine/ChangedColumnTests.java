package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that go and come back in one upgrade, that a shell renames, and rows that no trigger saw. */
class ChangedColumnTests {

    @TempDir
    Path folder;

    private Pair pair;

    @BeforeEach
    void open() {
        pair = new Pair(folder, 3, "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT, w TEXT, x TEXT DEFAULT 'd')")
                .install("t");
        pair.get(0).run("INSERT INTO t VALUES ('1', 'v1', 'w1', 'x1'), ('2', 'v2', 'w2', 'x2')");
        pair.exchange();
        pair.get(1).run("UPDATE t SET v = 'edited' WHERE id = '2'");
        pair.exchange();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private static String drop(String columns) {
        return Arrays.stream(columns.split(" "))
                .map(column -> "ALTER TABLE t DROP COLUMN " + column)
                .reduce((a, b) -> a + ";" + b)
                .orElseThrow();
    }

    private static String add(String columns) {
        return Arrays.stream(columns.split(" "))
                .map(column ->
                        "ALTER TABLE t ADD COLUMN " + column + " TEXT" + (column.equals("x") ? " DEFAULT 'd'" : ""))
                .reduce((a, b) -> a + ";" + b)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "v, v",
        "w, w",
        "x, x",
        "v w, v w",
        "v w, w v",
        "w x, w x",
        "x w, x w",
        "v w x, v w x",
        "v w x, x w v",
        "v, new v",
        "x, new x",
        "v x, v new x",
        "v x, x v",
    })
    void aColumnThatIsDroppedAndAddedInOneUpgradeIsFilledByPeers(String dropped, String added) {
        List<String> sql = Arrays.asList((drop(dropped) + ";" + add(added)).split(";"));
        pair.migrate(0, sql, "t");
        String cells = "SELECT id, v, w, x FROM t ORDER BY 1";
        pair.exchange();
        assertThat(pair.get(0).query(cells)).containsExactly("'1'|'v1'|'w1'|'x1'", "'2'|'edited'|'w2'|'x2'");
        pair.migrate(1, sql, "t");
        pair.migrate(2, sql, "t");
        pair.get(0).run("UPDATE t SET v = 'v3', x = 'x3' WHERE id = '1'");
        pair.equal("t");
        assertThat(pair.get(2).query(cells)).containsExactly("'1'|'v3'|'w1'|'x3'", "'2'|'edited'|'w2'|'x2'");
    }

    @Test
    void whatTheMigrationFillsInCounts() {
        pair.migrate(
                0,
                List.of(drop("v"), add("v"), "UPDATE t SET v = 'filled' WHERE id = '1'", "UPDATE t SET w = 'ww'"),
                "t");
        pair.exchange();
        assertThat(pair.get(1).query("SELECT id, v, w FROM t ORDER BY 1"))
                .containsExactly("'1'|'filled'|'ww'", "'2'|'edited'|'ww'");
    }

    @Test
    void aMigrationThatOnlySetsAColumnToItsDefaultIsAnEdit() {
        pair.migrate(0, List.of("UPDATE t SET x = 'd'", "ALTER TABLE t ADD COLUMN y"), "t");
        pair.exchange();
        assertThat(pair.get(1).query("SELECT x FROM t")).containsExactly("'d'", "'d'");
    }

    private void shell(String... sql) {
        pair.get(0).run(sql);
        pair.kill(0).install(0, "t");
    }

    private void renameByMigration(int index, String... sql) {
        pair.migrate(index, List.of(sql), "t");
    }

    @Test
    void aShellMayRenameAColumnAndEditIt() {
        shell("ALTER TABLE t RENAME COLUMN v TO vv", "UPDATE t SET vv = 'renamed and edited' WHERE id = '1'");
        assertThat(pair.get(0).query("SELECT cid, col_version FROM crsql_changes WHERE val = 'renamed and edited'"))
                .containsExactly("'vv'|2");
        for (int i = 1; i < 3; i++) {
            renameByMigration(i, "ALTER TABLE t RENAME COLUMN v TO vv");
        }
        assertThat(pair.equal("t")).containsExactly("'1'|'renamed and edited'|'w1'|'x1'", "'2'|'edited'|'w2'|'x2'");
    }

    @Test
    void twoRenamesASwapAndANewColumnOfTheOldName() {
        String[] sql = {
            "ALTER TABLE t RENAME COLUMN v TO passing",
            "ALTER TABLE t RENAME COLUMN w TO v",
            "ALTER TABLE t RENAME COLUMN passing TO w",
            "ALTER TABLE t RENAME COLUMN x TO y",
            "ALTER TABLE t RENAME COLUMN y TO z",
            "ALTER TABLE t ADD COLUMN x TEXT"
        };
        shell(sql);
        pair.get(0).run("UPDATE t SET w = 'was v', x = 'new' WHERE id = '1'");
        for (int i = 1; i < 3; i++) {
            renameByMigration(i, sql);
        }
        assertThat(pair.equal("t")).containsExactly("'1'|'was v'|'w1'|'x1'|'new'", "'2'|'edited'|'w2'|'x2'|NULL");
        assertThat(pair.get(0).query("SELECT v, w FROM t WHERE id = '1'")).containsExactly("'w1'|'was v'");
    }

    @Test
    void aShellRenameIsKeptWhenAMigrationFollowsInTheNextStart() {
        pair.get(0).run("ALTER TABLE t RENAME COLUMN v TO vv");
        pair.kill(0);
        pair.migrate(0, List.of("ALTER TABLE t RENAME COLUMN vv TO vvv", "UPDATE t SET vvv = 'z' WHERE id = '1'"), "t");
        for (int i = 1; i < 3; i++) {
            renameByMigration(i, "ALTER TABLE t RENAME COLUMN v TO vvv");
        }
        assertThat(pair.equal("t")).containsExactly("'1'|'z'|'w1'|'x1'", "'2'|'edited'|'w2'|'x2'");
    }

    @Test
    void aColumnMayTakeTheNameOfOneThatIsDropped() {
        for (int i = 0; i < 3; i++) {
            pair.migrate(i, List.of(drop("v"), "ALTER TABLE t RENAME COLUMN w TO v"), "t");
        }
        pair.get(0).run("UPDATE t SET v = 'was w' WHERE id = '1'");
        assertThat(pair.equal("t")).containsExactly("'1'|'was w'|'x1'", "'2'|'w2'|'x2'");
    }

    @Test
    void aShellThatRenamesAKeyColumnIsToldAtTheNextStart() {
        pair.get(0).run("ALTER TABLE t RENAME COLUMN id TO code");
        pair.kill(0);
        assertThatThrownBy(() -> pair.install(0, "t"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("Its key was [\"id\"] and is now [\"code\"]");
    }

    /** What .dbconfig enable_trigger off does: nothing of it reaches the triggers. */
    private void unseen(int index, String... sql) throws SQLException {
        pair.get(index).run("UPDATE crr_state SET merging = 't'");
        pair.get(index).run(sql);
        pair.get(index).run("UPDATE crr_state SET merging = NULL");
    }

    @Test
    void rowsThatNoTriggerSawAreFoundAfterAChangeOfTheSchema() throws SQLException {
        unseen(0, "INSERT INTO t VALUES ('3', 'unseen', 'w', 'x')", "DELETE FROM t WHERE id = '1'");
        pair.get(0).run("CREATE INDEX i ON t (v)");
        pair.kill(0).install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'2'|'edited'|'w2'|'x2'", "'3'|'unseen'|'w'|'x'");
    }

    @Test
    void rowsThatNoTriggerSawAreFoundWhereTheTriggersStandAsideNext() throws SQLException {
        unseen(0, "INSERT INTO t VALUES ('3', 'unseen', 'w', 'x')");
        pair.get(0).run("CREATE INDEX i ON t (v)");
        pair.kill(0);
        pair.migrate(0, List.of("UPDATE t SET w = 'w' WHERE id = '1'"), "t");
        assertThat(pair.equal("t")).hasSize(3);
    }

    @Test
    void rowsThatNoTriggerSawAreFoundOnDemand() throws SQLException {
        unseen(
                0,
                "INSERT INTO t VALUES ('3', 'unseen', 'w', 'x')",
                "DELETE FROM t WHERE id = '1'",
                "UPDATE t SET v = 'unseen, too' WHERE id = '2'");
        pair.get(0).inTransaction(() -> {
            TableSwitch.commitAlter(pair.get(0).connection, "t");
            return true;
        });
        pair.equal("t");
        assertThat(pair.get(1).query("SELECT id, v FROM t ORDER BY 1"))
                .containsExactly("'2'|'unseen, too'", "'3'|'unseen'");
    }
}
