package dev.crr.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What programs that know nothing of crr can do with the file. */
class OtherToolsTests {

    private static final String INSERT =
            "INSERT INTO crsql_changes VALUES ('deck', x'010B0161', 'name', 'v', 1, 1, randomblob(16), 1, 0)";
    private static final String REFUSAL =
            "only the connections of an application with crr take an INSERT INTO crsql_changes";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void makeAFile() throws SQLException {
        file = directory.resolve("a.db");
        try (SqlDatabase database = new SqlDatabase(file)) {
            database.run(
                    "CREATE TABLE deck (id TEXT PRIMARY KEY NOT NULL, name TEXT)",
                    "CREATE TABLE plain (a, b, c)",
                    "CREATE VIEW names AS SELECT name FROM deck",
                    "SELECT crsql_as_crr('deck')",
                    "INSERT INTO deck VALUES ('a', 'x')",
                    "INSERT INTO crsql_changes SELECT \"table\", pk, cid, 'y', 7, 8, x'0102030405060708090A0B0C0D0E0F10', cl, seq"
                            + " FROM crsql_changes");
        }
    }

    static boolean hasShell() {
        try {
            return new ProcessBuilder("sqlite3", "-version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String shell(Path database, String input) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("script.sql"), input);
        Process shell = new ProcessBuilder("sqlite3", database.toString())
                .redirectErrorStream(true)
                .redirectInput(script.toFile())
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return output.strip();
    }

    @Test
    void thePlainDriverReadsAndIsToldWhyItCannotInsert() throws SQLException {
        try (Connection plain = SqlDatabase.openPlainly(file)) {
            assertThat(SqlDatabase.query(plain, "SELECT cid, val, col_version FROM crsql_changes"))
                    .containsExactly("name|y|7");
            assertThat(SqlDatabase.query(plain, "SELECT hex(site_id), version FROM crsql_tracked_peers"))
                    .containsExactly("0102030405060708090A0B0C0D0E0F10|8");
            assertThatThrownBy(() -> SqlDatabase.run(plain, INSERT)).hasMessageContaining(REFUSAL);
        }
    }

    @Test
    void thePlainDriverMayAlterTablesAllTheSame() throws SQLException {
        try (Connection plain = SqlDatabase.openPlainly(file)) {
            for (String sql : List.of(
                    "ALTER TABLE plain RENAME TO plainer",
                    "ALTER TABLE plainer RENAME COLUMN b TO bb",
                    "ALTER TABLE plainer DROP COLUMN c",
                    "ALTER TABLE plainer ADD COLUMN d",
                    "ALTER TABLE deck ADD COLUMN size",
                    "ALTER TABLE deck RENAME COLUMN size TO length",
                    "VACUUM",
                    "REINDEX",
                    "ANALYZE",
                    "INSERT INTO deck (id, name) VALUES ('b', 'tracked')")) {
                SqlDatabase.run(plain, sql);
            }
            assertThat(SqlDatabase.query(plain, "PRAGMA integrity_check")).containsExactly("ok");
            assertThat(SqlDatabase.query(plain, "SELECT val FROM crsql_changes ORDER BY pk"))
                    .containsExactly("y", "tracked");
        }
    }

    @Test
    @EnabledIf("hasShell")
    void theShellReadsAndIsToldWhyItCannotInsert() throws IOException, InterruptedException {
        assertThat(shell(
                        file,
                        "SELECT \"table\", hex(pk), cid, val FROM crsql_changes WHERE db_version > 0;"
                                + "SELECT hex(site_id), version, tag, event FROM crsql_tracked_peers;"))
                .isEqualTo("deck|010B0161|name|y\n0102030405060708090A0B0C0D0E0F10|8|0|0");
        assertThat(shell(file, INSERT + ";")).contains(REFUSAL);
    }

    @Test
    @EnabledIf("hasShell")
    void aDumpIsTheWholeReplica() throws IOException, InterruptedException, SQLException {
        String dump = shell(file, ".dump");
        Path copy = directory.resolve("copy.db");
        assertThat(shell(copy, dump)).isEmpty();
        assertThat(shell(copy, "PRAGMA integrity_check;")).isEqualTo("ok");
        assertThat(shell(copy, "ALTER TABLE plain RENAME COLUMN a TO z; UPDATE deck SET name = 'z';"))
                .isEmpty();
        try (SqlDatabase database = new SqlDatabase(copy)) {
            assertThat(database.query("SELECT val, col_version FROM crsql_changes"))
                    .containsExactly("z|8");
            database.run(INSERT.replace("'v', 1", "'v', 9"));
            assertThat(database.query("SELECT name FROM deck")).containsExactly("v");
        }
    }
}
