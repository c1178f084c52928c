package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are dropped and made anew: what of their rows is gone for everybody, and what comes back. */
class MadeAnewTests {

    private static final String DDL = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT)";
    private static final List<String> COPIED = List.of(
            DDL.replace("TABLE t", "TABLE new_t"),
            "INSERT INTO new_t SELECT * FROM t",
            "DROP TABLE t",
            "ALTER TABLE new_t RENAME TO t");

    @TempDir
    Path folder;

    private Pair pair;

    @BeforeEach
    void open() {
        pair = new Pair(folder, 2, DDL).install("t");
        pair.get(0).run("INSERT INTO t VALUES ('1', 'a'), ('2', 'b'), ('3', 'c')");
        pair.exchange();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void byAMigrationAndEmptyItIsFilledByPeers() {
        pair.migrate(0, List.of("DROP TABLE t", DDL), "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'");
    }

    @Test
    void byTwoToolsOneAfterTheOther() {
        pair.standAside(0).get(0).run("DROP TABLE t");
        pair.standAside(0).get(0).run(DDL, "INSERT INTO t VALUES ('4', 'd')");
        pair.install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'", "'4'|'d'");
    }

    @Test
    void withAFewRowsInPlaceTheOthersComeBack() {
        pair.migrate(0, List.of("DROP TABLE t", DDL, "INSERT INTO t VALUES ('1', 'seed')"), "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'seed'", "'2'|'b'", "'3'|'c'");
    }

    @Test
    void byAnotherProcessThatNobodyWatched() {
        pair.get(0).run("DROP VIEW crsql_changes", "DROP TABLE t", DDL, "INSERT INTO t VALUES ('1', 'zz'), ('9', 'i')");
        pair.kill(0).install(0, "t");
        assertThat(pair.equal("t"))
                .as("of two values that nobody can tell the age of, one wins everywhere")
                .containsExactly("'1'|'zz'", "'2'|'b'", "'3'|'c'", "'9'|'i'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProcessThatIsKilledBeforeTheTableReturnsLosesNothing(boolean again) {
        pair.standAside(0).get(0).run("DROP TABLE t");
        pair.kill(0);
        if (again) {
            pair.standAside(0);
        }
        pair.get(0).run(DDL);
        pair.install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'");
    }

    @Test
    void whatWasDeletedByStatementsBeforeIsDeletedEverywhere() {
        pair.migrate(
                0,
                List.of(
                        "DELETE FROM t WHERE id = '1'",
                        "UPDATE t SET v = 'edited' WHERE id = '2'",
                        "DELETE FROM t WHERE id = '3'",
                        "INSERT INTO t VALUES ('3', 'again')",
                        "DROP TABLE t",
                        DDL),
                "t");
        assertThat(pair.equal("t")).containsExactly("'2'|'b'", "'3'|'c'");
    }

    @Test
    void aDeleteOfAllRowsIsADeletion() {
        pair.get(0).run("DELETE FROM t");
        assertThat(pair.equal("t")).isEmpty();
    }

    @Test
    void aDeleteOfAllRowsByAMigrationIsADeletion() {
        pair.migrate(0, List.of("DELETE FROM t"), "t");
        assertThat(pair.equal("t")).isEmpty();
    }

    @Test
    void aCopyThatLeavesRowsOutDeletesThem() {
        pair.migrate(
                0,
                COPIED.stream()
                        .map(sql -> sql.replace("FROM t", "FROM t WHERE id <> '2'"))
                        .toList(),
                "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'3'|'c'");
    }

    @Test
    void aCopyOfNothingDeletesNothing() {
        pair.migrate(0, COPIED.stream().filter(sql -> !sql.startsWith("INSERT")).toList(), "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'");
    }

    @Test
    void aScriptDeletesNothingWhateverItLeavesOut() throws SQLException {
        pair.get(0).installer.standAsideForScript(pair.get(0).connection);
        pair.get(0)
                .run(COPIED.stream()
                        .map(sql -> sql.replace("FROM t", "FROM t WHERE id <> '2'"))
                        .toArray(String[]::new));
        pair.install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'");
    }

    @Test
    void aCopyMadeByHandLosesNoRowAndItsNewRowsAreAnnounced() {
        pair.get(0).run("DROP VIEW crsql_changes");
        pair.get(0)
                .run(COPIED.stream()
                        .map(sql -> sql.replace("FROM t", "FROM t WHERE id <> '2'"))
                        .toArray(String[]::new));
        pair.get(0).run("INSERT INTO t VALUES ('4', 'd')", "UPDATE t SET v = 'A' WHERE id = '1'");
        pair.kill(0).install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'b'", "'3'|'c'", "'4'|'d'");
    }

    @Test
    void whatPeersWroteMeanwhileArrives() {
        pair.get(1).run("UPDATE t SET v = 'theirs' WHERE id = '2'", "DELETE FROM t WHERE id = '3'");
        pair.migrate(0, List.of("DROP TABLE t", DDL), "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'a'", "'2'|'theirs'");
    }

    @Test
    void aRowThatWasDeletedLongAgoAndIsInsertedAnewLives() {
        pair.get(1).run("DELETE FROM t WHERE id = '1'");
        pair.exchange();
        pair.migrate(0, List.of("DROP TABLE t", DDL, "INSERT INTO t VALUES ('1', 'seed')"), "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'seed'", "'2'|'b'", "'3'|'c'");
    }
}
