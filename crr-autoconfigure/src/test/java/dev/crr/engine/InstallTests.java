package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.SiteId;
import dev.crr.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.ProgressHandler;

/** Making tables replicate, starting again, and changing their schema. */
class InstallTests {

    @TempDir
    Path folder;

    Replica replica;

    private final List<CrrInstaller> killed = new ArrayList<>();

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
    }

    @AfterEach
    void close() {
        replica.close();
        killed.forEach(CrrInstaller::close);
    }

    private Replica foo() {
        return replica.run("CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')")
                .install("foo");
    }

    private void standAside() {
        try {
            replica.installer.standAside(replica.connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As if the process had been killed and started again. */
    private void restart() {
        replica.kill();
        killed.add(replica.installer);
        replica = new Replica(replica.file);
    }

    private List<String> clocks() {
        return replica
                .query(
                        "SELECT CAST(substr(pk, 4) AS TEXT), cid, val, col_version, cl FROM crsql_changes ORDER BY db_version, seq")
                .stream()
                .map(row -> row.replace("'", ""))
                .toList();
    }

    private String version() {
        return replica.query("SELECT version FROM crr_state").get(0);
    }

    @Test
    void rowsThatWereThereBeforeAreAdoptedInOrderOfTheirKeys() {
        replica.run(
                        "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a)",
                        "CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)",
                        "INSERT INTO foo VALUES ('2', 'y'), ('1', 'x')",
                        "INSERT INTO tag VALUES ('t')")
                .install("foo", "tag");
        assertThat(clocks()).containsExactly("1|a|x|1|1", "2|a|y|1|1", "t|-1|NULL|1|1");
        assertThat(
                        replica.query(
                                "SELECT DISTINCT site_id = (SELECT site_id FROM crr_site WHERE ordinal = 0) FROM crsql_changes"))
                .containsExactly("1");
    }

    @Test
    void startingAgainChangesNothingButTheEpoch() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        SiteId site = replica.siteId();
        List<String> before = replica.query("PRAGMA schema_version");
        replica.install("foo").install("FOO");
        assertThat(replica.query("PRAGMA schema_version")).isEqualTo(before);
        assertThat(version()).isEqualTo("1");
        assertThat(replica.siteId()).isEqualTo(site);
        assertThat(replica.query("SELECT count(DISTINCT id) FROM crr_epoch")).containsExactly("3");
    }

    @Test
    void whatAnotherReleaseMadeIsMadeAnew() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        List<String> view = replica.query("SELECT sql FROM sqlite_master WHERE name = 'crsql_changes'");
        replica.run(
                "DROP VIEW crsql_changes",
                "CREATE VIEW crsql_changes AS SELECT 1 AS less",
                "UPDATE crr_state SET schema_version = (SELECT schema_version FROM pragma_schema_version)");
        replica.install("foo");
        assertThat(replica.query("SELECT sql FROM sqlite_master WHERE name = 'crsql_changes'"))
                .isEqualTo(view);
        assertThat(version()).isEqualTo("1");
    }

    @Test
    void anIndexOrAVacuumDisturbsNothing() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "CREATE INDEX i ON foo (a)", "VACUUM")
                .install("foo");
        assertThat(version()).isEqualTo("1");
        assertThat(clocks()).hasSize(2);
    }

    @Test
    void aTableThatLostItsTriggersIsBroughtBackInStepAndWhatItLacksIsNotDeleted() {
        foo().run(
                        "INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2)",
                        "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                        "INSERT INTO new_foo SELECT * FROM foo WHERE id <> '2'",
                        "INSERT INTO new_foo VALUES ('3', 1, 2)",
                        "DROP VIEW crsql_changes",
                        "DROP TABLE foo",
                        "ALTER TABLE new_foo RENAME TO foo");
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "1|b|2|1|1", "3|a|1|1|1", "3|b|2|1|1");
        replica.run("UPDATE foo SET a = 5 WHERE id = '1'");
        assertThat(clocks()).contains("1|a|5|2|1");
    }

    @Test
    void aUsersNewerTriggerStillFindsTheClockInPlace() {
        foo().run("CREATE TRIGGER users AFTER INSERT ON foo BEGIN UPDATE foo SET b = 'seen' WHERE id = NEW.id; END")
                .install("foo");
        replica.run("INSERT INTO foo VALUES ('1', 1, 2)");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "1|b|seen|2|1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CREATE TABLE t (id TEXT, v)                                          |    | has no primary key",
                "CREATE TABLE t (id TEXT PRIMARY KEY, v)                              | id | can be NULL",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, v)                           | id | makes up a number",
                "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)       | id | database generates the key",
                "CREATE TABLE t (x TEXT NOT NULL, y TEXT, v, PRIMARY KEY (x, y))      | y  | can be NULL",
                "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT UNIQUE)         | v  | UNIQUE constraint besides its key",
                "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, w, UNIQUE (v, w))   |    | on v, w",
                "CREATE TABLE t (id REAL PRIMARY KEY NOT NULL, v)                     | id | floating-point",
                "CREATE TABLE t (id TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v)      | id | collation",
                "CREATE TABLE t (id TEXT COLLATE NOCASE NOT NULL, PRIMARY KEY (id COLLATE BINARY)) | id | collation",
                "CREATE TABLE t (id TEXT NOT NULL, PRIMARY KEY (id COLLATE RTRIM))    | id | collation",
                "CREATE TABLE t (__crr_id TEXT PRIMARY KEY NOT NULL, v)               | __crr_id | reserved",
                "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, \"-1\")                | -1 | cannot be called -1",
                "CREATE VIEW t AS SELECT 1 AS id                                      |    | is a view",
                "CREATE VIRTUAL TABLE t USING fts5(v)                                 |    | is a virtual",
                "SELECT 1                                                             |    | does not exist",
            })
    void whatCannotReplicateIsRefusedWithTheReason(String sql, String column, String reason) {
        replica.run(sql);
        InvalidTableException refused = catchThrowableOfType(InvalidTableException.class, () -> replica.install("t"));
        assertThat(refused.problems()).anySatisfy(problem -> {
            assertThat(problem.table()).isEqualTo("t");
            assertThat(problem.column()).isEqualTo(column);
            assertThat(problem.description()).contains(reason);
            assertThat(problem.cure()).isNotBlank();
        });
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE name LIKE 'crr%'"))
                .isEmpty();
    }

    @Test
    void theWordAutoincrementInANameOrCommentIsNoReason() {
        replica.run(
                        "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, \"autoincrement\" TEXT DEFAULT 'autoincrement' /* autoincrement */)")
                .install("t");
        replica.run("INSERT INTO t (id) VALUES ('1')");
        assertThat(clocks()).containsExactly("1|autoincrement|autoincrement|1|1");
    }

    @Test
    void allProblemsComeAtOnce() {
        replica.run("CREATE TABLE t (id TEXT, v)", "CREATE TABLE u (id TEXT PRIMARY KEY, v UNIQUE)");
        InvalidTableException refused =
                catchThrowableOfType(InvalidTableException.class, () -> replica.install("t", "u", "v"));
        assertThat(refused.problems()).extracting(TableProblem::table).containsExactly("t", "u", "u", "v");
    }

    @Test
    void rowsWithAFloatingPointKeyAreARefusal() {
        replica.run("CREATE TABLE t (id PRIMARY KEY NOT NULL, v)", "INSERT INTO t VALUES (1.5, 1)");
        assertThatThrownBy(() -> replica.install("t")).isInstanceOf(InvalidTableException.class);
    }

    @Test
    void aFloatingPointKeyThatAMigrationWritesIsARefusal() {
        replica.run("CREATE TABLE t (id PRIMARY KEY NOT NULL, v)", "INSERT INTO t VALUES (1, 1)")
                .install("t");
        standAside();
        replica.run("INSERT INTO t VALUES (2, 2)").install("t");
        standAside();
        replica.run("INSERT INTO t VALUES (1.5, 1)");
        assertThatThrownBy(() -> replica.install("t")).isInstanceOf(InvalidTableException.class);
    }

    @Test
    void aUtf16FileIsRefused() {
        replica.run("PRAGMA encoding = 'UTF-16'", "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL)");
        assertThatThrownBy(() -> replica.install("t"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("UTF-16");
    }

    @Test
    void localColumnsStayLocal() throws SQLException {
        replica.run("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, Note TEXT)");
        replica.installer.install(replica.connection, List.of(new TableSpec("t", "T", Set.of("note"))));
        replica.run("INSERT INTO t VALUES ('1', 1, 'mine')", "UPDATE t SET note = 'still mine'");
        assertThat(clocks()).containsExactly("1|v|1|1|1");
        replica.merge(
                SiteId.random(),
                new Change("t", List.of(Value.of("1")), "-1", Value.NULL, 3, 1, SiteId.random(), 3, 0));
        assertThat(replica.query("SELECT * FROM t")).containsExactly("'1'|NULL|'still mine'");
    }

    @Test
    void aTableNotAskedForNowKeepsTheColumnsItReplicates() throws SQLException {
        replica.run(
                "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, gone, note TEXT)",
                "CREATE TABLE u (id TEXT PRIMARY KEY NOT NULL)");
        replica.installer.install(replica.connection, List.of(new TableSpec("t", "T", Set.of("note"))));
        replica.run("INSERT INTO t VALUES ('1', 1, 2, 'mine')");
        standAside();
        replica.run("ALTER TABLE t DROP COLUMN gone", "ALTER TABLE t ADD COLUMN late TEXT")
                .install("u");
        replica.run("UPDATE t SET note = 'still mine', late = 'too'");
        assertThat(clocks()).containsExactly("1|v|1|1|1");
        replica.installer.install(replica.connection, List.of(new TableSpec("t", "T", Set.of("note"))));
        replica.run("UPDATE t SET note = 'mine', late = 'now'");
        assertThat(clocks()).containsExactly("1|v|1|1|1", "1|late|now|2|1");
    }

    @Test
    void aNewColumnCostsNoRecordAndTakesPartFromNowOn() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "ALTER TABLE foo ADD COLUMN c DEFAULT 9")
                .install("foo");
        assertThat(version()).isEqualTo("1");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "1|b|2|1|1");
        replica.run("INSERT INTO foo VALUES ('2', 1, 2, 3)", "UPDATE foo SET c = 4");
        assertThat(clocks())
                .containsExactly("1|a|1|1|1", "1|b|2|1|1", "2|a|1|1|1", "2|b|2|1|1", "1|c|4|1|1", "2|c|4|2|1");
    }

    @Test
    void aKeyOnlyTableMayGainAColumn() {
        replica.run("CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)").install("tag");
        replica.run("INSERT INTO tag VALUES ('1')", "ALTER TABLE tag ADD COLUMN v")
                .install("tag");
        assertThat(clocks()).containsExactly("1|-1|NULL|1|1");
        replica.run("UPDATE tag SET v = 5");
        assertThat(clocks()).containsExactly("1|v|5|1|1");
    }

    @Test
    void aColumnThatGoesAndReturnsGoesOnWithItsClocks() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "UPDATE foo SET b = 3");
        standAside();
        replica.run("ALTER TABLE foo DROP COLUMN b").install("foo");
        replica.run("INSERT INTO foo VALUES ('2', 1)");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "2|a|1|1|1");
        standAside();
        replica.run("ALTER TABLE foo ADD COLUMN b TEXT").install("foo");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "1|b|NULL|2|1", "2|a|1|1|1");
        replica.run("UPDATE foo SET b = 7");
        assertThat(clocks()).contains("1|b|7|3|1", "2|b|7|1|1");
    }

    @Test
    void whileTriggersStandAsideAnySchemaChangeWorksAndWritesAreNoted() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2), ('3', 1, 2), ('4', 1, 2)");
        standAside();
        replica.run(
                "ALTER TABLE foo DROP COLUMN b",
                "ALTER TABLE foo ADD COLUMN c",
                "UPDATE foo SET c = 'new' WHERE id = '1'",
                "DELETE FROM foo WHERE id = '2'",
                "UPDATE foo SET id = '5' WHERE id = '3'",
                "INSERT INTO foo VALUES ('6', 1, 2)");
        replica.install("foo");
        assertThat(clocks())
                .containsExactlyInAnyOrder(
                        "1|a|1|1|1",
                        "1|c|new|1|1",
                        "2|-1|NULL|2|2",
                        "3|-1|NULL|2|2",
                        "4|a|1|1|1",
                        "5|a|1|1|1",
                        "5|c|NULL|1|1",
                        "6|a|1|1|1",
                        "6|c|2|1|1");
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE name LIKE '%touch%'"))
                .isEmpty();
        assertThat(
                        replica.query(
                                "SELECT count(*) FROM crsql_changes GROUP BY db_version, \"table\", pk HAVING count(DISTINCT pk) > 1"))
                .isEmpty();
    }

    @Test
    void whatWasWrittenBeforeATableWasRebuiltIsNotForgotten() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2)");
        standAside();
        replica.run(
                "UPDATE foo SET a = 5 WHERE id = '1'",
                "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                "INSERT INTO new_foo SELECT * FROM foo",
                "DROP TABLE foo",
                "ALTER TABLE new_foo RENAME TO foo");
        replica.install("foo");
        assertThat(clocks()).containsExactlyInAnyOrder("1|a|5|2|1", "1|b|2|1|1", "2|a|1|1|1", "2|b|2|1|1");
    }

    @Test
    void standingAsideTwiceForgetsNothing() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        replica.run("UPDATE foo SET a = 5");
        standAside();
        restart();
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|b|2|1|1", "1|a|5|2|1");
    }

    @Test
    void aRenamedColumnGoesOnWithItsClocks() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2)", "UPDATE foo SET b = 3 WHERE id = '1'");
        standAside();
        replica.run("ALTER TABLE foo RENAME COLUMN b TO \"the \"\"ON\"\", b\"");
        standAside();
        restart();
        replica.run(
                        "ALTER TABLE foo RENAME COLUMN \"the \"\"ON\"\", b\" TO \"b, \"\"too\"",
                        "ALTER TABLE foo DROP COLUMN a",
                        "ALTER TABLE foo ADD COLUMN b")
                .install("foo");
        assertThat(clocks()).containsExactly("2|b, \"too|2|1|1", "1|b, \"too|3|2|1");
        replica.run("UPDATE foo SET b = 9, \"b, \"\"too\" = 4 WHERE id = '1'");
        assertThat(clocks()).containsExactly("2|b, \"too|2|1|1", "1|b, \"too|4|3|1", "1|b|9|1|1");
        standAside();
        replica.run("ALTER TABLE foo DROP COLUMN b", "ALTER TABLE foo RENAME COLUMN \"b, \"\"too\" TO a")
                .install("foo");
        assertThat(clocks()).containsExactly("2|a|2|1|1", "1|a|4|3|1");
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE name LIKE '%touch%'"))
                .isEmpty();
    }

    @Test
    void whatWasNotedIsKeptWhenTheTableIsThenMadeAnew() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2), ('3', 1, 2)");
        standAside();
        replica.run(
                        "UPDATE foo SET a = 5 WHERE id = '1'",
                        "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                        "INSERT INTO new_foo SELECT * FROM foo WHERE id <> '2'",
                        "DROP TABLE foo",
                        "ALTER TABLE new_foo RENAME TO foo")
                .install("foo");
        assertThat(clocks()).containsExactly("1|b|2|1|1", "3|a|1|1|1", "3|b|2|1|1", "1|a|5|2|1", "2|-1|NULL|2|2");
    }

    @Test
    void aTriggerMadeSinceTheLastStartDoesNotKeepWritesFromBeingNoted() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "CREATE TRIGGER u AFTER INSERT ON foo BEGIN SELECT 1; END");
        standAside();
        replica.run("UPDATE foo SET a = 5").install("foo");
        assertThat(clocks()).containsExactly("1|b|2|1|1", "1|a|5|2|1");
    }

    @Test
    void aRenamedTableLeavesNoTriggersBehind() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        replica.run(
                        "ALTER TABLE foo RENAME TO old_foo",
                        "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                        "INSERT INTO foo SELECT id || 'x', a, b FROM old_foo")
                .install("foo");
        assertThat(clocks()).containsExactly("1x|a|1|1|1", "1x|b|2|1|1", "1|-1|NULL|2|2");
        replica.run("UPDATE foo SET a = 5", "UPDATE old_foo SET a = 5");
        assertThat(clocks()).containsExactly("1x|b|2|1|1", "1|-1|NULL|2|2", "1x|a|5|2|1");
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'old_foo'"))
                .isEmpty();
    }

    @Test
    void aTableRenamedByAnotherToolIsTrackedUnderItsNewNameOnly() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "DROP VIEW crsql_changes", "ALTER TABLE foo RENAME TO bar")
                .install("bar");
        replica.run("INSERT INTO bar VALUES ('2', 1, 2)");
        assertThat(replica.query("SELECT DISTINCT \"table\" FROM crsql_changes"))
                .containsExactly("'bar'");
        assertThat(version()).as("three rows, and a table that is gone").isEqualTo("4");
    }

    @Test
    void aTableMayChangeTheCaseOfItsName() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        replica.run("ALTER TABLE foo RENAME TO passing", "ALTER TABLE passing RENAME TO Foo")
                .install("Foo");
        replica.run("UPDATE foo SET a = 5");
        assertThat(replica.query("SELECT \"table\", cid, col_version FROM crsql_changes"))
                .containsExactlyInAnyOrder("'Foo'|'b'|1", "'Foo'|'a'|2");
    }

    @Test
    void anotherTypeOfKeyIsRefused() {
        foo();
        standAside();
        replica.run("DROP TABLE foo", "CREATE TABLE foo (id INT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')");
        assertThatThrownBy(() -> replica.install("foo"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("held TEXT values");
    }

    @Test
    void aFileOfTheExtensionIsRefused() {
        replica.run(
                "CREATE TABLE crsql_site_id (site_id BLOB NOT NULL, ordinal INTEGER PRIMARY KEY)",
                "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL)");
        assertThatThrownBy(() -> replica.install("t"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("crsql_site_id")
                .hasMessageContaining("cr-sqlite extension");
    }

    @Test
    void aKillWhileStandingAsideIsMadeUpForAtTheNextStart() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        restart();
        replica.run("INSERT INTO foo VALUES ('2', 1, 2)", "DELETE FROM foo WHERE id = '1'");
        restart();
        replica.install("foo");
        assertThat(clocks()).containsExactlyInAnyOrder("2|a|1|1|1", "2|b|2|1|1", "1|-1|NULL|2|2");
    }

    @Test
    void whatIsMergedWhileTriggersStandAsideIsNoLocalEdit() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        SiteId author = SiteId.random();
        replica.merge(author, new Change("foo", List.of(Value.of("1")), "a", Value.of(5), 2, 1, author, 1, 0));
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|b|2|1|1", "1|a|5|2|1");
        assertThat(replica.query("SELECT cid FROM crsql_changes WHERE site_id = x'" + author + "'"))
                .containsExactly("'a'");
    }

    @Test
    void aTableMayGoAndReturn() {
        foo().run("CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)").install("foo", "bar");
        replica.run("INSERT INTO foo VALUES ('1', 1, 2)", "INSERT INTO bar VALUES ('1', 1)");
        standAside();
        replica.run("DROP TABLE foo", "ALTER TABLE bar RENAME COLUMN v TO w").install("bar");
        assertThat(replica.query("SELECT \"table\", cid FROM crsql_changes")).contains("'bar'|'w'");
        assertThat(replica.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .containsOnly("bar");
        replica.run(
                        "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                        "INSERT INTO foo VALUES ('1', 5, 6)")
                .install("foo", "bar");
        assertThat(replica.query("SELECT cid, val FROM crsql_changes WHERE \"table\" = 'foo'"))
                .containsExactlyInAnyOrder("'a'|5", "'b'|'6'");
    }

    @Test
    void anotherKeyIsRefused() {
        foo();
        standAside();
        replica.run("DROP TABLE foo", "CREATE TABLE foo (id TEXT NOT NULL, a TEXT NOT NULL, PRIMARY KEY (id, a))");
        assertThatThrownBy(() -> replica.install("foo"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("[\"id\"]")
                .hasMessageContaining("[\"id\",\"a\"]");
    }

    @Test
    void aRenamedKeyIsRefused() {
        replica.run("CREATE TABLE t (id PRIMARY KEY NOT NULL, v)", "INSERT INTO t VALUES (1, 1)")
                .install("t");
        standAside();
        replica.run("ALTER TABLE t RENAME COLUMN id TO code");
        assertThatThrownBy(() -> replica.install("t"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("Its key was [\"id\"] and is now [\"code\"]");
    }

    @Test
    void forgettingLeavesRowsAndNothingElse() throws SQLException {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2)", "CREATE TABLE crr_of_the_application (id)");
        SiteId before = replica.siteId();
        replica.installer.forget(replica.connection);
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE sql NOT NULL"))
                .containsExactly("'foo'", "'crr_of_the_application'");
        replica.install("foo");
        assertThat(replica.siteId()).isNotEqualTo(before);
        assertThat(clocks()).containsExactly("1|a|1|1|1", "1|b|2|1|1");
    }

    @Test
    void whatChangesWhileATableIsMadeAnewIsAnEdit() {
        foo().run("INSERT INTO foo VALUES ('1', 1, '2'), ('2', 1, 'keep'), ('3', 'x', '7')");
        standAside();
        replica.run(
                        "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a TEXT, b INTEGER, c TEXT DEFAULT 'd', e)",
                        "INSERT INTO new_foo SELECT id, upper(a), b, iif(id = '1', 'C', 'd'), NULL FROM foo",
                        "DROP TABLE foo",
                        "ALTER TABLE new_foo RENAME TO foo",
                        "UPDATE foo SET b = 'late' WHERE id = '2'")
                .install("foo");
        // Values that only took the form of the new type are what they were.
        assertThat(clocks())
                .containsExactlyInAnyOrder(
                        "1|a|1|1|1", "1|b|2|1|1", "1|c|C|1|1", "2|a|1|1|1", "2|b|late|2|1", "3|a|X|2|1", "3|b|7|1|1");
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE name LIKE '%touch%'"))
                .isEmpty();
    }

    @Test
    void whatOnlyBecomesAnotherKindOfNumberIsNoEdit() {
        replica.run(
                        "CREATE TABLE \"order\" (id INT PRIMARY KEY NOT NULL, \"group\" TEXT, PRICE REAL)",
                        "INSERT INTO \"order\" VALUES (1, 'a', 1), (2, 'b', 2)")
                .install("order");
        standAside();
        replica.run(
                        "CREATE TABLE fresh (id INT PRIMARY KEY NOT NULL, \"group\" TEXT, PRICE INTEGER)",
                        "INSERT INTO fresh SELECT id, \"group\", price * id FROM \"order\"",
                        "DROP TABLE \"order\"",
                        "ALTER TABLE fresh RENAME TO \"order\"")
                .install("order");
        assertThat(replica.query("SELECT cid, val, col_version FROM crsql_changes WHERE col_version > 1"))
                .containsExactly("'PRICE'|4|2");
    }

    @Test
    void withoutTheStateBeforeOnlyNewRowsAreAccountedFor() {
        foo().run("INSERT INTO foo VALUES ('1', 1, 2), ('2', 1, 2)");
        standAside();
        replica.run(
                "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')",
                "INSERT INTO new_foo SELECT id, 5, b FROM foo WHERE id <> '2'",
                "DROP TABLE foo",
                "ALTER TABLE new_foo RENAME TO foo");
        restart();
        standAside();
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|a|5|1|1", "1|b|2|1|1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void aSchemaChangeIsNotHeldUpByTheStateBefore(String journal) {
        foo().run("PRAGMA journal_mode = " + journal, "INSERT INTO foo VALUES ('1', 1, 2)");
        standAside();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + replica.file)) {
            try (Statement statement = other.createStatement()) {
                statement.executeUpdate("ALTER TABLE foo DROP COLUMN b");
                statement.executeUpdate("UPDATE foo SET a = 2");
                statement.executeUpdate("VACUUM");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|a|2|2|1");
        assertThat(replica.query("SELECT journal_mode FROM pragma_journal_mode"))
                .containsExactly("'" + journal.toLowerCase(Locale.ROOT) + "'");
    }

    @Test
    void aNewColumnCostsTheSameHoweverManyRowsThereAre() {
        assertThat(writesOfAnUpgrade(20_000)).isEqualTo(writesOfAnUpgrade(10));
    }

    /** Rows that are written, and pages that change, by an upgrade that adds a column to a table of so many rows. */
    private String writesOfAnUpgrade(int rows) {
        try (Replica other = new Replica(folder.resolve(rows + ".db"))) {
            other.run("CREATE TABLE foo (id INT PRIMARY KEY NOT NULL, a, b TEXT DEFAULT 'x')")
                    .install("foo");
            other.run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                    + ") INSERT INTO foo SELECT i, i, 'b' FROM n");
            other.run("UPDATE foo SET a = 0 WHERE id = 7");
            String state =
                    "SELECT version, (SELECT count(*) FROM crsql_changes), (SELECT group_concat(quote(col_version))"
                            + " FROM foo__crr_cell), (SELECT count(*) FROM foo__crr_row), (SELECT max(__crr_version) FROM foo__crr_row)"
                            + " FROM crr_state";
            List<String> before = other.query(state);
            other.query("PRAGMA wal_checkpoint(TRUNCATE)");
            String changes = other.query("SELECT total_changes()").get(0);
            AtomicLong thousandsOfSteps = new AtomicLong();
            try {
                ProgressHandler.setHandler(other.connection, 1000, new ProgressHandler() {
                    @Override
                    protected int progress() {
                        thousandsOfSteps.incrementAndGet();
                        return 0;
                    }
                });
                other.installer.standAside(other.connection);
                other.run(
                        "ALTER TABLE foo ADD COLUMN c TEXT", "ALTER TABLE foo ADD COLUMN d TEXT NOT NULL DEFAULT 'd'");
                other.install("foo");
                ProgressHandler.clearHandler(other.connection);
                assertThat(thousandsOfSteps).as("no row is looked at").hasValueLessThan(20);
                assertThat(other.query(state)).isEqualTo(before);
                long written =
                        Long.parseLong(other.query("SELECT total_changes()").get(0)) - Long.parseLong(changes);
                long wal = Files.size(Path.of(other.file + "-wal"));
                assertThat(wal).as("what went to the file").isPositive().isLessThan(400_000);
                return written + " rows";
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aTableThatStopsReplicatingIsLetGoAndMayReturn() throws SQLException {
        List<TableSpec> both =
                List.of(new TableSpec("foo", "Foo", Set.of()), new TableSpec("order", "Order", Set.of()));
        replica.run(
                "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a)",
                "CREATE TABLE \"order\" (id TEXT PRIMARY KEY NOT NULL, a, b)");
        replica.installer.install(replica.connection, both, List.of(), true);
        replica.run("INSERT INTO \"order\" VALUES ('1', 1, 1), ('2', 2, 2)", "INSERT INTO foo VALUES ('f', 1)");
        SiteId author = SiteId.random();
        replica.merge(author, new Change("order", List.of(Value.of("2")), "later", Value.of(7), 2, 1, author, 1, 0));
        replica.installer.install(replica.connection, both.subList(0, 1), List.of(), false);
        assertThat(replica.engine.tables(replica.connection)).hasSize(2);
        replica.installer.install(replica.connection, both.subList(0, 1), List.of(), true);
        assertThat(replica.engine.tables(replica.connection)).hasSize(1);
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'order'"))
                .isEmpty();
        assertThat(replica.query("SELECT DISTINCT \"table\" FROM crsql_changes"))
                .containsExactly("'foo'");
        replica.run("UPDATE \"order\" SET a = 5 WHERE id = '1'", "INSERT INTO \"order\" VALUES ('3', 3, 3)");
        replica.merge(author, new Change("order", List.of(Value.of("2")), "a", Value.of(7), 2, 1, author, 1, 0));
        assertThat(replica.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
        assertThat(replica.query("SELECT a FROM \"order\"")).containsExactly("5", "2", "3");
        replica.installer.install(replica.connection, both, List.of(), true);
        assertThat(clocks())
                .containsExactlyInAnyOrder(
                        "f|a|1|1|1", "1|a|5|2|1", "1|b|1|2|1", "2|a|2|2|1", "2|b|2|2|1", "3|a|3|1|1", "3|b|3|1|1");
        replica.run("DELETE FROM \"order\" WHERE id = '3'");
        assertThat(clocks()).contains("3|-1|NULL|2|2");
    }

    @Test
    void aLocalColumnThatReplicatesFromNowOnAnnouncesWhatItHolds() throws SQLException {
        replica.run("CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a, note TEXT, n INTEGER NOT NULL DEFAULT 0)");
        replica.installer.install(replica.connection, List.of(new TableSpec("foo", "Foo", Set.of("note", "n"))));
        replica.run("INSERT INTO foo VALUES ('1', 1, 'mine', 0), ('2', 2, NULL, 3)");
        SiteId author = SiteId.random();
        replica.merge(author, new Change("foo", List.of(Value.of("2")), "note", Value.of("x"), 2, 1, author, 1, 0));
        assertThat(replica.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
        replica.install("foo");
        assertThat(clocks()).containsExactly("1|a|1|1|1", "2|a|2|1|1", "1|note|mine|1|1", "2|n|3|1|1");
        replica.run("UPDATE foo SET n = 9, note = 'n'");
        assertThat(clocks())
                .containsExactlyInAnyOrder(
                        "1|a|1|1|1", "2|a|2|1|1", "1|note|n|2|1", "2|note|n|1|1", "1|n|9|1|1", "2|n|9|2|1");
    }
}
