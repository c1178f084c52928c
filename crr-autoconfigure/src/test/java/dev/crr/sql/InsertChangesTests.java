package dev.crr.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.engine.PackedKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InsertChangesTests {

    private static final String INSERT = "INSERT INTO crsql_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String COPY = "INSERT INTO crsql_changes SELECT * FROM there.crsql_changes";
    private static final String CHANGES =
            "SELECT \"table\", pk, cid, val, typeof(val), col_version, site_id, cl FROM crsql_changes ORDER BY 1, 2, 3";
    private static final SiteId AUTHOR = SiteId.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

    @TempDir
    Path directory;

    private SqlDatabase here;
    private SqlDatabase there;

    @BeforeEach
    void open() throws SQLException {
        here = database("here");
        there = database("there");
        here.run("ATTACH '" + there.file + "' AS there");
    }

    private SqlDatabase database(String name) throws SQLException {
        return new SqlDatabase(directory.resolve(name + ".db"))
                .run("CREATE TABLE deck (id NOT NULL PRIMARY KEY, name TEXT NOT NULL, any)")
                .run("SELECT crsql_as_crr('deck')");
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    /** One change of the row 'a', by {@link #AUTHOR}. */
    private void insert(String cid, @Nullable Object val, long colVersion, long dbVersion, long cl)
            throws SQLException {
        byte[] pk = PackedKey.pack(List.of(Value.of("a")));
        here.update(INSERT, "deck", pk, cid, val, colVersion, dbVersion, AUTHOR.bytes(), cl, 0);
    }

    private List<String> decks() throws SQLException {
        return here.query("SELECT * FROM deck ORDER BY id");
    }

    @Test
    void mergesManyRowsOfAnotherFileInOneStatement() throws SQLException {
        there.run(
                "INSERT INTO deck VALUES ('a', 'x', 1), (2, 'y', NULL), (x'', '', x'')",
                "DELETE FROM deck WHERE id = 2");
        here.run(COPY);
        assertThat(decks()).hasSize(2).isEqualTo(there.query("SELECT * FROM deck ORDER BY id"));
        assertThat(here.query(CHANGES)).isEqualTo(there.query(CHANGES));

        here.run(COPY + " WHERE db_version > 0 ORDER BY cid DESC");
        assertThat(here.query("SELECT crsql_rows_impacted()")).containsExactly("0");
        assertThat(here.query(CHANGES)).isEqualTo(there.query(CHANGES));
    }

    @Test
    void keepsStorageClasses() throws SQLException {
        there.run("INSERT INTO deck VALUES (1, '', 5), (2, 'nul' || char(0) || 'in', 5.5), (-3, 'ü€😀', '5'),"
                + " ('4', CAST(x'C328' AS TEXT), CAST(x'FF00' AS TEXT)), (x'05', 'x', x'0500'), (6, 'x', 9223372036854775807),"
                + " ('', 'x', 1e308), (8, 'x', '')");
        here.run(COPY);
        String bytes =
                "SELECT typeof(id), hex(id), hex(name), typeof(any), hex(any), quote(any) FROM deck ORDER BY 1, 2";
        assertThat(here.query(bytes)).hasSize(8).isEqualTo(there.query(bytes));
        assertThat(here.query(CHANGES)).isEqualTo(there.query(CHANGES));
    }

    @Test
    void doesWhatTheEngineDoes() throws SQLException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SqlDatabase control = database("control")) {
            for (int round = 0; round < 30; round++) {
                for (SqlDatabase database : List.of(there, here)) {
                    for (int i = random.nextInt(5); i > 0; i--) {
                        String id = "'" + (char) ('a' + random.nextInt(4)) + "'";
                        database.run(
                                switch (random.nextInt(4)) {
                                    case 0 -> "DELETE FROM deck WHERE id = " + id;
                                    case 1 -> "UPDATE deck SET any = " + random.nextInt(9) + " WHERE id = " + id;
                                    default ->
                                        "INSERT OR REPLACE INTO deck VALUES (" + id + ", 'n" + random.nextInt(9)
                                                + "', NULL)";
                                });
                    }
                }
                control.pull(here);
                control.pull(there);
                here.run(COPY + (random.nextBoolean() ? " ORDER BY val, cid DESC" : " ORDER BY db_version, seq"));
                assertThat(here.query(CHANGES)).as("seed %d", seed).isEqualTo(control.query(CHANGES));
                assertThat(decks()).as("seed %d", seed).isEqualTo(control.query("SELECT * FROM deck ORDER BY id"));
            }
        }
    }

    @Test
    void takesPreparedRowsOneByOneAndInBatches() throws SQLException {
        insert("name", "x", 1, 1, 1);
        insert("any", 7, 3, 2, 1);
        assertThat(decks()).containsExactly("a|x|7");
        try (PreparedStatement insert = here.connection.prepareStatement(INSERT)) {
            for (int i = 0; i < 3; i++) {
                // A column that must not be NULL comes last.
                for (String cid : List.of("any", "name")) {
                    insert.setString(1, "deck");
                    insert.setBytes(2, PackedKey.pack(List.of(Value.of(i))));
                    insert.setString(3, cid);
                    insert.setString(4, cid + i);
                    insert.setInt(5, 1);
                    insert.setInt(6, 3);
                    insert.setBytes(7, AUTHOR.bytes());
                    insert.setInt(8, 1);
                    insert.setInt(9, i);
                    insert.addBatch();
                }
            }
            assertThat(insert.executeBatch()).hasSize(6);
        }
        assertThat(decks()).containsExactly("0|name0|any0", "1|name1|any1", "2|name2|any2", "a|x|7");
        try (Statement statement = here.connection.createStatement()) {
            statement.addBatch(
                    "INSERT INTO crsql_changes (cid, val, \"table\", pk, col_version, db_version, site_id, cl, seq)"
                            + " VALUES ('-1', NULL, 'deck', crsql_pack_columns('a'), 2, 9, x'01020304050607080910111213141516', 2, 0)");
            statement.addBatch(
                    "INSERT INTO crsql_changes SELECT \"table\", crsql_pack_columns(0), '-1', NULL, 2, 9, site_id, 2, 0"
                            + " FROM crsql_changes LIMIT 1");
            statement.executeBatch();
        }
        assertThat(decks()).containsExactly("1|name1|any1", "2|name2|any2");
    }

    @Test
    void belongsToTheCallersTransaction() throws SQLException {
        here.rolledBack(() -> {
            insert("name", "x", 1, 1, 1);
            assertThat(decks()).hasSize(1);
            assertThat(here.query("SELECT crsql_rows_impacted()")).containsExactly("1");
        });
        assertThat(decks()).isEmpty();
        assertThat(here.query("SELECT crsql_rows_impacted()")).containsExactly("0");
        assertThat(here.query("SELECT crsql_db_version(), (SELECT count(*) FROM crsql_tracked_peers)"))
                .containsExactly("0|0");

        here.connection.setAutoCommit(false);
        insert("name", "kept", 1, 1, 1);
        Savepoint savepoint = here.connection.setSavepoint();
        insert("name", "undone", 2, 2, 1);
        assertThat(decks()).containsExactly("a|undone|null");
        here.connection.rollback(savepoint);
        insert("any", 5, 1, 3, 1);
        here.connection.commit();
        here.connection.setAutoCommit(true);
        assertThat(decks()).containsExactly("a|kept|5");
        assertThat(here.query("SELECT hex(site_id), version FROM crsql_tracked_peers"))
                .containsExactly("0102030405060708090A0B0C0D0E0F10|3");
    }

    @Test
    void aTransactionThatSqlBeganIsTheCallersToo() throws SQLException {
        here.run("BEGIN");
        insert("name", "x", 1, 1, 1);
        here.run("ROLLBACK");
        assertThat(decks()).isEmpty();
        here.run("BEGIN", "INSERT INTO deck VALUES ('b', 'mine', 1)");
        insert("name", "x", 1, 1, 1);
        here.run("COMMIT");
        assertThat(decks()).containsExactly("a|x|null", "b|mine|1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "1; column table of crsql_changes must be a TEXT, but is NULL; NULL",
                "1; column table of crsql_changes must be a TEXT, but is a BLOB of 1 bytes; x'61'",
                "2; column pk of crsql_changes must be a BLOB, as crsql_pack_columns makes it, but is 'a'; 'a'",
                "2; column pk of crsql_changes: packed key ends too early; x''",
                "2; column pk of crsql_changes: packed key has; x'010B016100'",
                "2; column pk of crsql_changes must be a key without NULLs; x'0105'",
                "2; column pk of crsql_changes must be a key without NULLs; x'00'",
                "2; column pk of crsql_changes, change 1: the key of table; x'020B01610901'",
                "3; column cid of crsql_changes must be a TEXT, but is 5; 5",
                "3; column val of crsql_changes must be NULL where cid is '-1', but is 'v'; '-1'",
                "5; column col_version of crsql_changes must be an INTEGER of at least 0 and less than 2^53, but is -1; -1",
                "5; column col_version of crsql_changes must be an INTEGER; 9007199254740992",
                "5; column col_version of crsql_changes must be an INTEGER; '3'",
                "6; column db_version of crsql_changes must be an INTEGER of at least 0, but is the REAL 1.0; 1.0",
                "7; column site_id of crsql_changes must be a BLOB of 16 bytes, but is NULL; NULL",
                "7; column site_id of crsql_changes must be a BLOB of 16 bytes, but is a BLOB of 2 bytes; x'0102'",
                "8; column cl of crsql_changes must be an INTEGER of at least 1; 0",
                "8; column cl of crsql_changes must be an INTEGER of at least 1; NULL",
                "9; column seq of crsql_changes must be an INTEGER of at least 0, but is NULL; NULL"
            })
    void namesTheColumnThatDoesNotFit(int column, String message, String literal) throws SQLException {
        String[] good = {"'deck'", "x'010B0161'", "'name'", "'v'", "1", "1", "randomblob(16)", "1", "0"};
        String[] bad = good.clone();
        bad[column - 1] = literal;
        String sql =
                "INSERT INTO crsql_changes VALUES (" + String.join(", ", good) + "), (" + String.join(", ", bad) + ")";
        here.inTransaction(() -> {
            here.run("INSERT INTO deck VALUES ('mine', 'x', 1)");
            assertThatThrownBy(() -> here.run(sql))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("INSERT INTO crsql_changes: ")
                    .hasMessageContaining(message);
        });
        assertThat(decks())
                .as("of the statement nothing, of the transaction all")
                .containsExactly("mine|x|1");
        here.run("INSERT INTO crsql_changes VALUES (" + String.join(", ", good) + ")");
        assertThat(decks()).hasSize(2);
    }

    @Test
    void setsAsideWhatCannotBeAppliedHere() throws SQLException {
        insert("colour", "red", 1, 1, 1);
        insert("name", null, 1, 2, 1);
        here.update(INSERT, "card", new byte[] {1, 9, 1}, "x", 1, 1, 3, AUTHOR.bytes(), 1, 0);
        assertThat(here.query("SELECT crsql_rows_impacted()")).containsExactly("0");
        assertThat(here.query("SELECT \"table\", cid, typeof(val) FROM crr_quarantine ORDER BY 1, 2"))
                .containsExactly("card|x|integer", "deck|colour|text", "deck|name|null");
        insert("name", "x", 2, 4, 1);
        assertThat(decks()).containsExactly("a|x|null");
        here.run("CREATE TABLE card (id INTEGER PRIMARY KEY NOT NULL, x)", "SELECT crsql_as_crr('card')");
        assertThat(here.query("SELECT * FROM card")).containsExactly("1|1");
    }

    @Test
    void notesTheLargestVersionOfEachAuthor() throws SQLException {
        insert("name", "x", 5, 40, 1);
        insert("name", "lost", 1, 41, 1);
        insert("name", "older", 1, 3, 1);
        there.run("INSERT INTO deck VALUES ('b', 'x', 1), ('c', 'y', 1)");
        here.run(COPY);
        assertThat(
                        here.query(
                                "SELECT hex(site_id), version, clock, seq, tag, event FROM crsql_tracked_peers ORDER BY version"))
                .containsExactly(
                        there.query("SELECT hex(crsql_site_id())").get(0) + "|2|2|0|0|0",
                        "0102030405060708090A0B0C0D0E0F10|41|41|0|0|0");
        assertThat(here.query("SELECT * FROM crr_cursor"))
                .as("no exchange relies on it")
                .isEmpty();
        there.run("ATTACH '" + here.file + "' AS there", COPY);
        assertThat(there.query("SELECT hex(site_id) FROM crsql_tracked_peers"))
                .as("not of ourselves")
                .containsExactly("0102030405060708090A0B0C0D0E0F10");
    }

    @Test
    void isNotMisledByASchemaThatWasRolledBack() throws SQLException {
        here.run(
                "CREATE TABLE one (id TEXT PRIMARY KEY NOT NULL, text)",
                "CREATE TABLE two (id TEXT PRIMARY KEY NOT NULL, text)");
        String insert = "INSERT INTO crsql_changes VALUES ('%s', x'010B0161', 'text', 'v', 1, 1, randomblob(16), 1, 0)";
        List<String> uncommitted = new ArrayList<>();
        here.rolledBack(() -> {
            here.run("SELECT crsql_as_crr('one')", insert.formatted("one"));
            assertThat(here.engine.tables(here.connection)).hasSize(2);
            uncommitted.addAll(here.query("PRAGMA schema_version"));
        });
        try (SqlDatabase other = new SqlDatabase(here.file)) {
            other.run("SELECT crsql_as_crr('two')");
        }
        assertThat(here.query("PRAGMA schema_version")).isEqualTo(uncommitted);
        here.run(insert.formatted("two"));
        assertThat(here.query("SELECT * FROM two")).containsExactly("a|v");
        assertThat(here.changes().changes()).extracting("table").containsExactly("two");
    }

    @Test
    void waitsForTheLockAndTellsIfItCannotHaveIt() throws SQLException {
        try (Connection other = SqlDatabase.openPlainly(here.file)) {
            SqlDatabase.run(other, "BEGIN IMMEDIATE");
            assertThatThrownBy(() -> insert("name", "x", 1, 1, 1))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            thrown -> assertThat(thrown.getErrorCode()).isEqualTo(5));
            SqlDatabase.run(other, "ROLLBACK");
        }
        assertThat(decks()).isEmpty();
        insert("name", "x", 1, 1, 1);
        assertThat(decks()).hasSize(1);
    }

    @Test
    void leavesNoTransactionOpenWhereTheCommitFails() throws SQLException {
        here.run("DETACH there", "PRAGMA journal_mode = DELETE");
        String url = "jdbc:sqlite:" + here.file + "?busy_timeout=20";
        try (Connection reader = DriverManager.getConnection(url);
                Connection writer = DriverManager.getConnection(url)) {
            SqlDatabase.run(reader, "BEGIN");
            SqlDatabase.query(reader, "SELECT * FROM deck");
            for (SqlDatabase.Work work : List.<SqlDatabase.Work>of(
                    () -> insert("name", "x", 1, 1, 1), () -> here.run("SELECT crsql_as_table('deck')"))) {
                assertThatThrownBy(work::run)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                thrown -> assertThat(thrown.getErrorCode()).isEqualTo(5));
            }
            SqlDatabase.run(reader, "ROLLBACK");
            SqlDatabase.run(writer, "INSERT INTO deck VALUES ('b', 'y', 1)");
            assertThat(SqlDatabase.query(writer, "SELECT val FROM crsql_changes ORDER BY seq"))
                    .containsExactly("y", "1");
        }
    }

    /** One of the ways JDBC has to run a statement. */
    @FunctionalInterface
    private interface Way {
        void run(Statement statement, String sql) throws SQLException;
    }

    @Test
    void takesEveryWayToExecute() throws SQLException {
        List<Way> ways = List.of(
                (statement, sql) -> statement.execute(sql),
                (statement, sql) -> statement.execute(sql, Statement.NO_GENERATED_KEYS),
                (statement, sql) -> statement.executeUpdate(sql),
                (statement, sql) -> statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS),
                (statement, sql) -> statement.executeUpdate("SELECT 1; " + sql + "; SELECT 2"),
                (statement, sql) -> statement.executeLargeUpdate(sql),
                (statement, sql) -> {
                    statement.addBatch(sql);
                    statement.executeBatch();
                },
                (statement, sql) -> {
                    statement.addBatch(sql);
                    statement.executeLargeBatch();
                });
        int version = 0;
        for (Way way : ways) {
            try (Statement statement = here.connection.createStatement()) {
                version++;
                way.run(
                        statement,
                        "INSERT INTO crsql_changes VALUES ('deck', x'010B0161', 'name', 'v" + version + "', " + version
                                + ", 1, randomblob(16), 1, 0)");
            }
            assertThat(decks()).containsExactly("a|v" + version + "|null");
        }
        try (PreparedStatement prepared = here.connection.prepareStatement(
                "INSERT INTO crsql_changes VALUES ('deck', x'010B0161', 'name', 'p', ?, 1, randomblob(16), 1, 0)")) {
            List<SqlDatabase.Work> prepareds = List.of(
                    prepared::execute,
                    prepared::executeUpdate,
                    prepared::executeLargeUpdate,
                    () -> {
                        prepared.addBatch();
                        prepared.executeBatch();
                    },
                    () -> {
                        prepared.addBatch();
                        prepared.executeLargeBatch();
                    });
            for (SqlDatabase.Work way : prepareds) {
                prepared.setInt(1, ++version);
                way.run();
                assertThat(here.query("SELECT val, col_version FROM crsql_changes"))
                        .containsExactly("p|" + version);
            }
        }
    }

    @Test
    void mergesWhatATriggerInserts() throws SQLException {
        here.run("CREATE TABLE inbox (pk, val)", """
                CREATE TRIGGER forward AFTER INSERT ON inbox BEGIN
                  INSERT INTO crsql_changes VALUES ('deck', NEW.pk, 'name', NEW.val, 1, 1, randomblob(16), 1, 0); END""", """
                CREATE TRIGGER forward_more AFTER INSERT ON deck WHEN NEW.id = 'a' BEGIN
                  INSERT INTO crsql_changes
                    VALUES ('deck', crsql_pack_columns('b'), 'name', 'by ' || NEW.id, 1, 1, randomblob(16), 1, 0); END""");
        here.run("INSERT INTO inbox VALUES (crsql_pack_columns('a'), 'x')");
        assertThat(decks()).containsExactly("a|x|null", "b|by a|null");
        assertThatThrownBy(() -> here.run("INSERT INTO inbox VALUES (crsql_pack_columns('c'), 'x'), ('no key', 'x')"))
                .hasMessageContaining("column pk");
        here.run("INSERT INTO inbox VALUES (crsql_pack_columns('d'), 'x')");
        assertThat(decks()).containsExactly("a|x|null", "b|by a|null", "d|x|null");
    }

    @Test
    void readsUnderAnyConditionInAnyOrder() throws SQLException {
        there.run(
                "INSERT INTO deck VALUES ('a', 'x', 2), ('b', 'y', 1), ('c', 'z', NULL)",
                "UPDATE deck SET any = 'u' WHERE id = 'a'");
        there.run("DELETE FROM deck WHERE id = 'c'");
        assertThat(there.query("SELECT db_version, seq FROM crsql_changes ORDER BY db_version DESC, seq ASC"))
                .containsExactly("5|0", "4|2", "2|1", "2|2", "1|1");
        assertThat(there.query("SELECT val FROM crsql_changes ORDER BY val"))
                .containsExactly("null", "1", "u", "x", "y");
        assertThat(there.query("SELECT val FROM crsql_changes WHERE val = 1 OR cid LIKE 'n%' ORDER BY pk DESC, cid"))
                .containsExactly("1", "y", "x");
        assertThat(
                        there.query(
                                "SELECT DISTINCT \"table\", cl FROM crsql_changes WHERE pk = crsql_pack_columns('c') AND site_id = crsql_site_id()"))
                .containsExactly("deck|2");
        assertThat(there.query(
                        "SELECT cid, max(db_version) FROM crsql_changes WHERE db_version BETWEEN 1 AND 4 GROUP BY cid"))
                .containsExactly("any|4", "name|2");
    }

    @Test
    void onlyInsertsAndReads() throws SQLException {
        assertThatThrownBy(() -> here.run("DELETE FROM crsql_changes")).hasMessageContaining("it is a view");
        assertThatThrownBy(() ->
                        here.run("INSERT INTO crsql_changes VALUES ('deck', x'010B0161', 'name', 'v', 1, 1, x'00')"))
                .hasMessageContaining("9 columns but 7 values");
    }
}
