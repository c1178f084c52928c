package dev.crr.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crr.engine.CrrInstaller;
import dev.crr.engine.InvalidTableException;
import dev.crr.engine.TableSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaFunctionTests {

    private static final String DECK = "CREATE TABLE deck (id TEXT PRIMARY KEY NOT NULL, name TEXT, size INTEGER)";
    private static final String CHANGES = "SELECT cid, val, col_version, cl FROM crsql_changes ORDER BY pk, seq";

    @TempDir
    Path directory;

    private SqlDatabase here;
    private SqlDatabase there;

    @BeforeEach
    void open() throws SQLException {
        here = new SqlDatabase(directory.resolve("here.db")).run(DECK);
        there = new SqlDatabase(directory.resolve("there.db")).run(DECK);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void makesAPlainTableReplicate() throws SQLException {
        here.run("INSERT INTO deck VALUES ('a', 'before', 1)");
        assertThat(here.query("SELECT crsql_as_crr('deck')")).containsExactly("OK");
        here.run("INSERT INTO deck VALUES ('b', 'after', 2)", "UPDATE deck SET name = 'edited' WHERE id = 'a'");
        assertThat(here.query(CHANGES))
                .containsExactly("name|edited|2|1", "size|1|1|1", "name|after|1|1", "size|2|1|1");

        assertThat(here.query("SELECT crsql_as_crr('DECK'), crsql_as_crr('main', 'deck')"))
                .containsExactly("OK|OK");
        there.run("SELECT crsql_as_crr('main', 'Deck')");
        there.pull(here);
        assertThat(there.query("SELECT * FROM deck ORDER BY id")).containsExactly("a|edited|1", "b|after|2");
    }

    @Test
    void makesManyTablesReplicateInOneStatement() throws SQLException {
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL, text)");
        assertThat(
                        here.query(
                                "SELECT crsql_as_crr(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)"))
                .containsExactly("OK", "OK");
        here.run("INSERT INTO card VALUES ('c', 1)", "INSERT INTO deck VALUES ('a', 'x', 1)");
        assertThat(here.query("SELECT \"table\", cid FROM crsql_changes ORDER BY db_version, seq"))
                .containsExactly("card|text", "deck|name", "deck|size");
    }

    @Test
    void belongsToTheCallersTransaction() throws SQLException {
        here.rolledBack(() -> here.run("INSERT INTO deck VALUES ('a', 'x', 1)", "SELECT crsql_as_crr('deck')"));
        assertThat(here.query("SELECT count(*) FROM deck")).containsExactly("0");
        assertThat(here.query("SELECT count(*) FROM sqlite_schema")).containsExactly("2");

        here.inTransaction(() -> {
            here.run("INSERT INTO deck VALUES ('a', 'x', 1)", "SELECT crsql_as_crr('deck')");
            here.run("INSERT INTO deck VALUES ('b', 'y', 2)");
            assertThat(here.query("SELECT count(*) FROM crsql_changes")).containsExactly("4");
        });
        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            assertThat(SqlDatabase.query(other, "SELECT count(*) FROM crsql_changes"))
                    .containsExactly("4");
        }
    }

    @Test
    void refusesWithTheFindingsOfAStartAndLeavesTheTransactionAlone() throws SQLException {
        here.run("CREATE TABLE bad (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE)");
        InvalidTableException atStart = catchThrowableOfType(
                InvalidTableException.class,
                () -> new CrrInstaller().install(here.connection, List.of(new TableSpec("bad", null, Set.of()))));
        assertThat(atStart.problems()).hasSizeGreaterThan(1);
        here.inTransaction(() -> {
            here.run("INSERT INTO deck VALUES ('a', 'x', 1)");
            assertThatThrownBy(() -> here.run("SELECT crsql_as_crr('bad')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("crsql_as_crr: " + atStart.getMessage())
                    .hasCauseInstanceOf(InvalidTableException.class);
        });
        assertThat(here.query("SELECT name FROM deck")).containsExactly("x");
        assertThat(here.query("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'crr%'"))
                .containsExactly("0");
        assertThatThrownBy(() -> here.run("SELECT crsql_as_crr('missing')")).hasMessageContaining("missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"()", "(1)", "(NULL)", "(x'61')", "('temp', 'deck')", "('main', 'deck', 1)", "('main', 2)"})
    void refusesOddArguments(String arguments) {
        for (String function : List.of("crsql_as_crr", "crsql_as_table", "crsql_begin_alter", "crsql_commit_alter")) {
            assertThatThrownBy(() -> here.run("SELECT " + function + arguments))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(function + ": takes the name of a table, or 'main' and the name of a table");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crsql_as_table", "crsql_begin_alter", "crsql_commit_alter"})
    void refusesTablesThatDoNotReplicate(String function) throws SQLException {
        assertThatThrownBy(() -> here.run("SELECT " + function + "('deck')"))
                .hasMessageContaining(function + ": table \"deck\" does not replicate");
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL)", "SELECT crsql_as_crr('card')");
        assertThatThrownBy(() -> here.run("SELECT " + function + "('deck')"))
                .hasMessageContaining("does not replicate");
    }

    @Test
    void refusesToWorkInsideAWrite() throws SQLException {
        here.run("CREATE TABLE log (text)");
        assertThatThrownBy(() -> here.run("INSERT INTO log SELECT crsql_as_crr('deck')"))
                .hasMessageContaining("crsql_as_crr: ");
        here.run("INSERT INTO log VALUES ('still works')");
        here.run("SELECT crsql_as_crr('deck')");
        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            assertThat(SqlDatabase.query(other, "SELECT text FROM log")).containsExactly("still works");
        }
    }

    @Test
    void tellsThatTheDatabaseIsLocked() throws SQLException {
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL)", "SELECT crsql_as_crr('card')");
        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            SqlDatabase.run(other, "BEGIN IMMEDIATE");
            assertThatThrownBy(() -> here.run("SELECT crsql_as_crr('deck')"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            thrown -> assertThat(thrown.getErrorCode()).isEqualTo(5));
            SqlDatabase.run(other, "ROLLBACK");
        }
        here.run("SELECT crsql_as_crr('deck')");
    }

    @Test
    void aTableMadeByHandSurvivesTheNextStartWithItsNewColumns() throws SQLException {
        here.run("SELECT crsql_as_crr('deck')", "INSERT INTO deck VALUES ('a', 'x', 1)");
        here.restart();
        here.run("UPDATE deck SET name = 'y'");
        assertThat(here.query(CHANGES)).containsExactly("name|y|2|1", "size|1|1|1");

        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            SqlDatabase.run(other, "ALTER TABLE deck ADD COLUMN note TEXT");
        }
        here.restart();
        here.run("UPDATE deck SET note = 'n'");
        assertThat(here.query(CHANGES)).containsExactly("name|y|2|1", "size|1|1|1", "note|n|1|1");
    }

    @Test
    void tellsWhoAndHowFarThisDatabaseIs() throws SQLException {
        assertThat(here.query("SELECT crsql_db_version()")).containsExactly("0");
        assertThatThrownBy(() -> here.run("SELECT crsql_site_id()"))
                .hasMessageContaining("crsql_site_id: nothing in this file replicates yet");
        here.run("SELECT crsql_as_crr('deck')");
        assertThat(here.query("SELECT crsql_site_id(), crsql_siteid() = crsql_site_id(), length(crsql_site_id())"))
                .containsExactly(here.query("SELECT hex(site_id) FROM crr_site WHERE ordinal = 0")
                                .get(0)
                                .toLowerCase(Locale.ROOT)
                        + "|1|16");
        assertThat(here.query("SELECT crsql_db_version()")).containsExactly("0");
        here.run("INSERT INTO deck VALUES ('a', 'x', 1), ('b', 'y', 1)");
        assertThat(here.query("SELECT crsql_db_version()"))
                .containsExactly("2")
                .isEqualTo(here.query("SELECT max(db_version) FROM crsql_changes"));
        there.run("SELECT crsql_as_crr('deck')", "INSERT INTO deck VALUES ('c', 'z', 1)");
        here.pull(there);
        assertThat(
                        here.query(
                                "SELECT val FROM crsql_changes WHERE site_id IS NOT crsql_site_id() AND db_version > 2 ORDER BY seq"))
                .containsExactly("z", "1");
        // Inside a statement that writes, too, and in autocommit mode.
        here.run(
                "CREATE TABLE log (version, site)",
                "INSERT INTO log SELECT crsql_db_version(), crsql_site_id() FROM deck");
        assertThat(here.query("SELECT DISTINCT version, site = crsql_site_id() FROM log"))
                .containsExactly("3|1");
        assertThatThrownBy(() -> here.run("SELECT crsql_site_id(1)")).hasMessageContaining("wrong number of arguments");
    }

    @Test
    void packsKeysAndMakesOrderKeys() throws SQLException {
        assertThat(
                        here.query(
                                "SELECT crsql_pack_columns(12, 'str', x'010203'), crsql_pack_columns(0), crsql_pack_columns('')"))
                .containsExactly("03090c0b037374720c03010203|0101|0103");
        assertThat(here.query("SELECT crsql_fract_key_between(NULL, NULL), crsql_fract_key_between('a0', 'a1')"))
                .containsExactly("a |a0P");
        assertThatThrownBy(() -> here.run("SELECT crsql_fract_key_between('a1', 'a0')"))
                .hasMessageContaining("crsql_fract_key_between: nothing fits between");
        assertThatThrownBy(() -> here.run("SELECT crsql_fract_key_between(1, 2)"))
                .hasMessageContaining("is a TEXT, and not 1");
    }

    @Test
    void aTableSwitchedOffIsOnItsOwnUntilItIsSwitchedOnAgain() throws SQLException {
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL, text)", "SELECT crsql_as_crr('card')");
        here.run("SELECT crsql_as_crr('deck')", "INSERT INTO deck VALUES ('a', 'x', 1), ('b', 'y', 1), ('c', 'z', 1)");
        there.run("SELECT crsql_as_crr('deck')");
        there.pull(here);

        assertThat(here.query("SELECT crsql_as_table('deck')")).containsExactly("OK");
        here.run("INSERT INTO card VALUES ('k', 'still tracked')");
        assertThat(here.query("SELECT \"table\" FROM crsql_changes")).containsExactly("card");
        here.restart();
        here.run("UPDATE deck SET name = 'mine' WHERE id = 'a'", "DELETE FROM deck WHERE id = 'b'");
        here.run("INSERT INTO deck VALUES ('d', 'new', 1)");
        there.run("UPDATE deck SET size = 9 WHERE id = 'c'");
        assertThat(here.changes().changes()).extracting("table").containsOnly("card");
        here.pull(there);
        there.pull(here);
        assertThat(here.query("SELECT * FROM deck ORDER BY id")).containsExactly("a|mine|1", "c|z|1", "d|new|1");
        assertThat(there.query("SELECT * FROM deck ORDER BY id")).containsExactly("a|x|1", "b|y|1", "c|z|9");

        assertThat(here.query("SELECT crsql_as_crr('deck')")).containsExactly("OK");
        assertThat(here.query("SELECT count(*) FROM crr_cursor"))
                .as("what arrived meanwhile was dropped, so all are asked again")
                .containsExactly("0");
        here.pull(there);
        assertThat(here.query("SELECT * FROM deck ORDER BY id")).containsExactly("a|mine|1", "c|z|9", "d|new|1");
        there.pull(here);
        assertThat(there.query("SELECT * FROM deck ORDER BY id"))
                .containsExactly("a|mine|1", "c|z|9", "d|new|1")
                .isEqualTo(here.query("SELECT * FROM deck ORDER BY id"));
        String ofDecks = CHANGES.replace("ORDER", "WHERE \"table\" = 'deck' ORDER");
        assertThat(there.query(ofDecks)).hasSize(7).isEqualTo(here.query(ofDecks));
    }

    @Test
    void aSwitchedOffTableCanBeAlteredByOthersAndDropped() throws SQLException {
        here.run(
                "SELECT crsql_as_crr('deck')",
                "INSERT INTO deck VALUES ('a', 'x', 1)",
                "SELECT crsql_as_table('deck')");
        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            SqlDatabase.run(other, "ALTER TABLE deck DROP COLUMN size");
            SqlDatabase.run(other, "ALTER TABLE deck RENAME COLUMN name TO title");
        }
        here.run("SELECT crsql_as_crr('deck')", "UPDATE deck SET title = 'y'");
        assertThat(here.query(CHANGES)).containsExactly("title|y|2|1");
        here.run("SELECT crsql_as_table('deck')", "DROP TABLE deck");
        here.restart();
        assertThat(here.query("SELECT * FROM crsql_changes")).isEmpty();
    }

    @Test
    void alters() throws SQLException {
        here.run("SELECT crsql_as_crr('deck')", "INSERT INTO deck VALUES ('a', 'x', 1), ('b', 'y', 2)");
        here.inTransaction(() -> {
            assertThat(here.query("SELECT crsql_begin_alter('deck')")).containsExactly("OK");
            here.run(
                    "ALTER TABLE deck DROP COLUMN size",
                    "ALTER TABLE deck RENAME COLUMN name TO title",
                    "ALTER TABLE deck ADD COLUMN colour TEXT DEFAULT 'red'",
                    "DELETE FROM deck WHERE id = 'b'",
                    "INSERT INTO deck VALUES ('c', 'made meanwhile', 'blue')");
            assertThat(here.query("SELECT crsql_commit_alter('deck')")).containsExactly("OK");
        });
        here.run("UPDATE deck SET title = 'z' WHERE id = 'a'");
        assertThat(here.query(CHANGES))
                .contains("title|z|2|1", "-1|null|2|2", "title|made meanwhile|1|1", "colour|blue|1|1")
                .noneMatch(change -> change.startsWith("size") || change.startsWith("name"));
    }

    @Test
    void altersOverSeveralTransactionsAndTables() throws SQLException {
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL, text, more)");
        here.run("SELECT crsql_as_crr('deck')", "SELECT crsql_as_crr('card')");
        here.run("SELECT crsql_begin_alter('deck')", "SELECT crsql_begin_alter('card')");
        here.run("ALTER TABLE deck DROP COLUMN size", "SELECT crsql_commit_alter('deck')");
        here.run("INSERT INTO deck VALUES ('a', 'x')");
        // One table is still being altered, and the view must not be in its way.
        here.run("ALTER TABLE card DROP COLUMN more", "INSERT INTO card VALUES ('k', 'x')");
        assertThatThrownBy(() -> here.query(CHANGES)).hasMessageContaining("no such table: crsql_changes");
        here.run("SELECT crsql_commit_alter('card')", "UPDATE card SET text = 'y'");
        assertThat(here.query(CHANGES)).containsExactlyInAnyOrder("name|x|1|1", "text|y|2|1");
    }

    @Test
    void anAlterThatLeavesATableUnfitFailsAndCanGoOn() throws SQLException {
        here.run("SELECT crsql_as_crr('deck')", "SELECT crsql_begin_alter('deck')");
        here.run("CREATE UNIQUE INDEX one_name ON deck (name)");
        assertThatThrownBy(() -> here.run("SELECT crsql_commit_alter('deck')"))
                .hasMessageContaining("crsql_commit_alter: table \"deck\"");
        here.run("DROP INDEX one_name", "SELECT crsql_commit_alter('deck')", "INSERT INTO deck VALUES ('a', 'x', 1)");
        assertThat(here.query(CHANGES)).hasSize(2);

        here.rolledBack(() -> here.run("SELECT crsql_begin_alter('deck')", "ALTER TABLE deck DROP COLUMN size"));
        here.run("UPDATE deck SET size = 3");
        assertThat(here.query(CHANGES)).containsExactly("name|x|1|1", "size|3|2|1");
    }

    @Test
    void aMigrationMayMakeTablesReplicateAndGoOn() throws SQLException {
        here.run("SELECT crsql_as_crr('deck')", "INSERT INTO deck VALUES ('a', 'x', 1)");
        CrrInstaller installer = new CrrInstaller();
        installer.standAside(here.connection);
        here.run("CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL, text, more)", "SELECT crsql_as_crr('card')");
        here.run("ALTER TABLE card DROP COLUMN more", "ALTER TABLE deck DROP COLUMN size");
        here.run("INSERT INTO card VALUES ('k', 'x')");
        here.restart();
        here.run("UPDATE card SET text = 'y'", "UPDATE deck SET name = 'y'");
        assertThat(here.query(CHANGES)).containsExactlyInAnyOrder("name|y|2|1", "text|y|2|1");
    }
}
