package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Collation;
import org.sqlite.Function;

/** No local table keeps anybody from a copy, and nothing of what it holds is in one. */
class SnapshotContentTests {

    /** A word that is one token of a full-text index. */
    private static final String SECRET = "xylophonist";

    @TempDir
    Path directory;

    private Connection connection;
    private Path copy;

    @BeforeEach
    void open() throws SQLException {
        copy = directory.resolve("copy");
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("file"));
        run("PRAGMA journal_mode = WAL");
        run("CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, text TEXT)");
        new CrrInstaller().install(connection, List.of(new TableSpec("note", "Note", Set.of(), Set.of())));
        run("INSERT INTO note VALUES ('1', 'shared')");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String sql) throws SQLException {
        Queries.execute(connection, sql);
    }

    private static List<String> list(Connection connection, String sql) throws SQLException {
        return Queries.list(connection, sql, row -> row.getString(1));
    }

    /** Writes the copy and adopts it. */
    private Connection snapshot(String... kept) throws Exception {
        Snapshots.write(connection, copy, List.of(kept));
        assertThat(Files.readString(copy, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        Snapshots.adopt(copy);
        Connection opened = DriverManager.getConnection("jdbc:sqlite:" + copy);
        assertThat(list(opened, "SELECT text FROM note")).containsExactly("shared");
        assertThat(new CrrEngine(100, 100).read(opened, ChangeQuery.ALL, null).changes())
                .hasSize(1);
        assertThat(list(opened, "PRAGMA integrity_check('note')")).containsExactly("ok");
        Queries.execute(opened, "UPDATE note SET text = 'edited'");
        return opened;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fts5(text)",
                "fts5(text, content='')",
                "fts5(text, content='', contentless_delete=1)",
                "fts5(text, content='diary', content_rowid='id')",
                "fts5(text, content='gone', content_rowid='id')",
                "fts5(text, columnsize=0)",
                "fts4(text)",
                "fts4(text, content='')",
                "fts3(text)"
            })
    void fullTextIndexesAreEmpty(String module) throws Exception {
        run("CREATE TABLE diary (id INTEGER PRIMARY KEY, text TEXT)");
        run("INSERT INTO diary VALUES (1, '" + SECRET + "')");
        run("CREATE VIRTUAL TABLE words USING " + module);
        run("INSERT INTO words (" + (module.startsWith("fts5") ? "rowid" : "docid") + ", text) VALUES (1, '" + SECRET
                + "')");
        try (Connection opened = snapshot()) {
            assertThat(list(opened, "SELECT rowid FROM words WHERE words MATCH '" + SECRET + "'"))
                    .isEmpty();
            assertThat(list(opened, "SELECT id FROM diary")).isEmpty();
            Queries.execute(opened, "INSERT INTO words (rowid, text) VALUES (2, 'new')");
            assertThat(list(opened, "SELECT rowid FROM words WHERE words MATCH 'new'"))
                    .containsExactly("2");
        }
    }

    @Test
    void aVirtualTableWhoseModuleIsNotThereIsLeftOut() throws Exception {
        run("CREATE VIRTUAL TABLE words USING fts5(text)");
        run("INSERT INTO words VALUES ('" + SECRET + "')");
        run("CREATE TABLE zebra (id INTEGER PRIMARY KEY, text TEXT)");
        run("INSERT INTO zebra VALUES (1, '" + SECRET + "')");
        // As by a tool with an extension of its own.
        run("PRAGMA writable_schema = ON");
        run("UPDATE sqlite_master SET sql = replace(sql, 'fts5', 'vec0') WHERE name = 'words'");
        connection.close();
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("file"));
        try (Connection opened = snapshot()) {
            assertThat(list(opened, "SELECT name FROM sqlite_master WHERE name = 'words'"))
                    .isEmpty();
            assertThat(list(opened, "SELECT id FROM zebra")).isEmpty();
            assertThat(list(opened, "SELECT id FROM words_content")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void functionsAndCollationsOfTheApplicationDoNotMatter(boolean present) throws Exception {
        define();
        run("CREATE TABLE diary (id INTEGER PRIMARY KEY, text TEXT)");
        run("CREATE INDEX soundings ON diary (sounding(text))");
        run("CREATE INDEX towns ON diary (text COLLATE phonebook)");
        run("CREATE TABLE people (name TEXT COLLATE phonebook PRIMARY KEY) WITHOUT ROWID");
        run("CREATE TABLE streets (name TEXT COLLATE phonebook UNIQUE)");
        run("CREATE TABLE calls (name TEXT CHECK (sounding(name) <> ''), sound AS (sounding(name)) STORED)");
        run("CREATE INDEX texts ON note (text COLLATE phonebook)");
        run("INSERT INTO diary VALUES (1, '" + SECRET + "')");
        for (String table : List.of("people", "streets", "calls")) {
            run("INSERT INTO " + table + " (name) VALUES ('" + SECRET + "')");
        }
        if (!present) {
            connection.close();
            connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("file"));
        }
        try (Connection opened = snapshot()) {
            assertThat(list(opened, "SELECT id FROM diary")).isEmpty();
            assertThat(list(opened, "SELECT name FROM sqlite_master WHERE type = 'table'"))
                    .contains("note", "diary");
        }
    }

    private void define() throws SQLException {
        Function.create(
                connection,
                "sounding",
                new Function() {
                    @Override
                    protected void xFunc() throws SQLException {
                        result("x");
                    }
                },
                1,
                Function.FLAG_DETERMINISTIC);
        Collation.create(connection, "phonebook", new Collation() {
            @Override
            protected int xCompare(String one, String other) {
                return one.compareToIgnoreCase(other);
            }
        });
    }
}
