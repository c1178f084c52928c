package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What local writes leave in the clocks, seen through {@code crsql_changes}: the cases of section 4 of the cr-sqlite semantics,
 * comparing key, column, value, column version and causal length. Deliberate differences carry the word {@code differently}.
 */
class TrackingTests {

    @TempDir
    Path folder;

    Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        replica.run(
                        "CREATE TABLE foo (a INTEGER PRIMARY KEY NOT NULL, b, c)",
                        "CREATE TABLE tag (name TEXT PRIMARY KEY NOT NULL)")
                .install("foo", "tag");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    /** key, cid, val, col_version, cl in order of db_version and seq. */
    private List<String> changes() {
        return replica
                .query("SELECT hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY db_version, seq")
                .stream()
                .map(row -> row.replace("'", ""))
                .toList();
    }

    @Test
    void insert() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(changes()).containsExactly("010901|b|2|1|1", "010901|c|3|1|1");
    }

    @Test
    void insertWithDefaultsAndNullsRecordsAllColumns() {
        replica.run("INSERT INTO foo (a) VALUES (1)");
        assertThat(changes()).containsExactly("010901|b|NULL|1|1", "010901|c|NULL|1|1");
    }

    @Test
    void insertIntoKeyOnlyTable() {
        replica.run("INSERT INTO tag VALUES ('x')");
        assertThat(changes()).containsExactly("010B0178|-1|NULL|1|1");
    }

    @Test
    void insertOrReplaceOnALiveRowEditsAllColumns() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "INSERT OR REPLACE INTO foo VALUES (1, 2, 3)");
        assertThat(changes()).containsExactly("010901|b|2|2|1", "010901|c|3|2|1");
    }

    @Test
    void insertOrReplaceOnARevivedRowLeavesTheCausalLengthDifferently() {
        replica.run(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "DELETE FROM foo",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "INSERT OR REPLACE INTO foo VALUES (1, 4, 3)");
        assertThat(changes()).containsExactly("010901|-1|NULL|3|3", "010901|b|4|2|3", "010901|c|3|2|3");
    }

    @Test
    void insertOrReplaceInAKeyOnlyTableChangesNothingDifferently() {
        replica.run("INSERT INTO tag VALUES ('x')", "INSERT OR REPLACE INTO tag VALUES ('x')");
        assertThat(changes()).containsExactly("010B0178|-1|NULL|1|1");
    }

    @Test
    void insertOrReplaceWithRecursiveTriggersIsADeleteAndAnInsert() {
        replica.run(
                "PRAGMA recursive_triggers = ON",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "INSERT OR REPLACE INTO foo VALUES (1, 2, 4)");
        assertThat(changes()).containsExactly("010901|-1|NULL|3|3", "010901|b|2|1|3", "010901|c|4|1|3");
    }

    @Test
    void insertThatIsIgnored() {
        replica.run(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "INSERT OR IGNORE INTO foo VALUES (1, 5, 6)",
                "INSERT INTO foo VALUES (1, 5, 6) ON CONFLICT DO NOTHING");
        assertThat(changes()).containsExactly("010901|b|2|1|1", "010901|c|3|1|1");
    }

    @Test
    void upsertCountsAsUpdate() {
        replica.run(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "INSERT INTO foo VALUES (1, 5, 6) ON CONFLICT DO UPDATE SET c = excluded.c");
        assertThat(changes()).containsExactly("010901|b|2|1|1", "010901|c|6|2|1");
    }

    @Test
    void delete() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "DELETE FROM foo");
        assertThat(changes()).containsExactly("010901|-1|NULL|2|2");
    }

    @Test
    void reinsertStartsColumnsAnew() {
        replica.run(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "UPDATE foo SET b = 9",
                "DELETE FROM foo",
                "INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(changes()).containsExactly("010901|-1|NULL|3|3", "010901|b|2|1|3", "010901|c|3|1|3");
    }

    @Test
    void insertDeleteInsertDeleteInOneTransaction() {
        replica.run(
                "BEGIN",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "DELETE FROM foo",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "DELETE FROM foo",
                "COMMIT");
        assertThat(changes()).containsExactly("010901|-1|NULL|4|4");
    }

    @Test
    void updateCountsOnlyWhatDiffers() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "UPDATE foo SET b = 2, c = 4");
        assertThat(changes()).containsExactly("010901|b|2|1|1", "010901|c|4|2|1");
    }

    @Test
    void updateThatChangesNothingTakesNoVersion() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        List<String> before = replica.query("SELECT version FROM crr_state");
        replica.run("UPDATE foo SET b = 2, c = 3");
        assertThat(replica.query("SELECT version FROM crr_state")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "'1'", "x'31'", "NULL"})
    void updateToAnotherStorageClassIsAChange(String value) {
        replica.run("INSERT INTO foo VALUES (1, 1, 3)", "UPDATE foo SET b = " + value);
        assertThat(replica.query("SELECT col_version FROM crsql_changes WHERE cid = 'b'"))
                .containsExactly("2");
    }

    @Test
    void updateFromNullIsAChange() {
        replica.run("INSERT INTO foo VALUES (1, NULL, 3)", "UPDATE foo SET b = 1", "UPDATE foo SET b = NULL");
        assertThat(changes()).containsExactly("010901|c|3|1|1", "010901|b|NULL|3|1");
    }

    @Test
    void keyUpdateIsADeleteAndAnInsertDifferently() {
        replica.run("INSERT INTO foo VALUES (1, 'b1', 'c1')", "UPDATE foo SET b = 'b2'", "UPDATE foo SET a = 2");
        assertThat(changes()).containsExactly("010901|-1|NULL|2|2", "010902|b|b2|1|1", "010902|c|c1|1|1");
    }

    @Test
    void keyUpdateByTheNameOfRowidIsSeenToo() {
        replica.run("INSERT INTO foo VALUES (1, 'b1', 'c1')", "UPDATE foo SET rowid = 2");
        assertThat(changes()).containsExactly("010901|-1|NULL|2|2", "010902|b|b1|1|1", "010902|c|c1|1|1");
    }

    @Test
    void keyUpdateOntoADeletedKeyRevivesIt() {
        replica.run(
                "INSERT INTO foo VALUES (1, 'b1', 'c1'), (2, 'b2', 'c2')",
                "DELETE FROM foo WHERE a = 2",
                "UPDATE foo SET a = 2 WHERE a = 1");
        assertThat(changes())
                .containsExactly("010901|-1|NULL|2|2", "010902|-1|NULL|3|3", "010902|b|b1|1|3", "010902|c|c1|1|3");
    }

    @Test
    void updateOrReplaceOntoALiveKeyEditsThatRowDifferently() {
        replica.run(
                "INSERT INTO foo VALUES (1, 'b1', 'c1'), (2, 'b2', 'c2')",
                "UPDATE foo SET b = 'b3' WHERE a = 2",
                "UPDATE OR REPLACE foo SET a = 2 WHERE a = 1");
        assertThat(replica.query("SELECT * FROM foo")).containsExactly("2|'b1'|'c1'");
        assertThat(changes()).containsExactly("010901|-1|NULL|2|2", "010902|b|b1|3|1", "010902|c|c1|2|1");
    }

    @Test
    void manyRowsMayChangeTheirKeysInOneStatement() {
        replica.run(
                "INSERT INTO foo VALUES (1, 'x', 0), (2, 'y', 0), (3, 'z', 0)",
                "UPDATE foo SET a = a + 100",
                "UPDATE foo SET b = 'w' WHERE a = 102");
        assertThat(replica.query("SELECT hex(pk), cid, val, col_version FROM crsql_changes WHERE cl = 1 AND cid = 'b'"))
                .containsExactlyInAnyOrder("'010965'|'b'|'x'|1", "'010967'|'b'|'z'|1", "'010966'|'b'|'w'|2");
        assertThat(replica.query("SELECT count(*) FROM crsql_changes WHERE cl = 2"))
                .containsExactly("3");
    }

    @Test
    void rollbackAndSavepointGiveVersionsBack() {
        replica.run(
                "BEGIN",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "SAVEPOINT s",
                "INSERT INTO foo VALUES (2, 2, 3)",
                "ROLLBACK TO s",
                "COMMIT",
                "BEGIN",
                "INSERT INTO foo VALUES (3, 2, 3)",
                "ROLLBACK");
        assertThat(changes()).containsExactly("010901|b|2|1|1", "010901|c|3|1|1");
        assertThat(replica.query("SELECT version FROM crr_state")).containsExactly("1");
    }

    @Test
    void everyRowChangeTakesTheNextVersion() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3), (2, 2, 3)", "UPDATE foo SET b = 5");
        assertThat(replica.query("SELECT DISTINCT db_version FROM crsql_changes ORDER BY 1"))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void localWritesNeverSeeThePlainConflictWordOfTheStatement() {
        replica.run(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "UPDATE OR IGNORE foo SET b = 3",
                "UPDATE OR IGNORE foo SET b = 4",
                "UPDATE OR REPLACE foo SET b = 5",
                "REPLACE INTO foo VALUES (1, 6, 3)");
        assertThat(replica.query("SELECT cid, val, col_version FROM crsql_changes"))
                .containsExactlyInAnyOrder("'b'|6|5", "'c'|3|2");
    }

    @Test
    void aFloatingPointNumberInAnUntypedKeyIsRefused() {
        replica.run("CREATE TABLE loose (k PRIMARY KEY NOT NULL, v)").install("loose");
        replica.run("INSERT INTO loose VALUES (1, 'int'), ('1', 'text'), (x'31', 'blob')");
        assertThatThrownBy(() -> replica.run("INSERT INTO loose VALUES (1.5, 0)"))
                .hasMessageContaining("floating-point number cannot be part of the key of loose");
        assertThatThrownBy(() -> replica.run("UPDATE loose SET k = 2.5 WHERE v = 'int'"))
                .hasMessageContaining("floating-point number");
        assertThatThrownBy(() -> replica.run("UPDATE loose SET k = 1.0 WHERE v = 'int'"))
                .as("equal, but not the same to a peer")
                .hasMessageContaining("floating-point number");
        assertThat(replica.query("SELECT hex(pk), val FROM crsql_changes WHERE \"table\" = 'loose'"))
                .containsExactlyInAnyOrder("'010901'|'int'", "'010B0131'|'text'", "'010C0131'|'blob'");
    }

    @Test
    void anIntegerPrimaryKeyDescIsNoRowid() {
        replica.run("CREATE TABLE d (k INTEGER PRIMARY KEY DESC NOT NULL, v)").install("d");
        replica.run("INSERT INTO d VALUES (1, 'int'), ('1x', 'text')");
        assertThatThrownBy(() -> replica.run("INSERT INTO d VALUES (1.5, 0)"))
                .hasMessageContaining("floating-point number");
        assertThat(changes()).containsExactly("010901|v|int|1|1", "010B023178|v|text|1|1");
    }

    @Test
    void generatedColumnsStayOut() {
        replica.run(
                        "CREATE TABLE g (id TEXT PRIMARY KEY NOT NULL, v INTEGER, w INTEGER GENERATED ALWAYS AS (v + 1) STORED)")
                .install("g");
        replica.run("INSERT INTO g (id, v) VALUES ('1', 1)", "UPDATE g SET v = 2");
        assertThat(changes()).containsExactly("010B0131|v|2|2|1");
    }

    @Test
    void withoutRowidAndStrictTablesWork() {
        replica.run("CREATE TABLE s (id TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID")
                .install("s");
        replica.run("INSERT INTO s VALUES ('1', '01')", "UPDATE s SET v = 1", "UPDATE s SET v = 1.0");
        assertThat(changes()).containsExactly("010B0131|v|1.0|3|1");
    }
}
