package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SQLite looks for an unqualified name among the temporary tables of the connection first. An import that leaves one behind on a
 * pooled connection must not swallow what the engine reads and writes over that connection later.
 */
class TemporaryNamesTests {

    /** What an import left behind. */
    enum Left {
        COPY("CREATE TEMP TABLE %1$s AS SELECT * FROM main.%1$s"),
        EMPTY_COPY("CREATE TEMP TABLE %1$s AS SELECT * FROM main.%1$s WHERE 0"),
        OTHER_TABLE("CREATE TEMP TABLE %1$s (something TEXT)"),
        VIEW("CREATE TEMP VIEW %1$s AS SELECT 1 AS something");

        private final String sql;

        Left(String sql) {
            this.sql = sql;
        }

        void on(Replica replica, String table) {
            replica.run(sql.formatted(Quoting.name(table)));
        }
    }

    @TempDir
    Path folder;

    private Replica a;
    private Replica b;

    @BeforeEach
    void open() {
        a = replica("a.db");
        b = replica("b.db");
        a.run("INSERT INTO t VALUES ('0', 'x', 'y')");
        exchange();
    }

    private Replica replica(String file) {
        return new Replica(folder.resolve(file))
                .run("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT, w TEXT)")
                .install("t");
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private void exchange() {
        send(a, b);
        send(b, a);
    }

    private static void send(Replica from, Replica to) {
        to.merge(from.changes(ChangeQuery.since(0)));
    }

    /** All names that the file has, ours among them. */
    private static List<String> allNames(Replica replica) {
        return replica
                .query(
                        "SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name")
                .stream()
                .map(name -> name.substring(1, name.length() - 1))
                .toList();
    }

    private static void hideAll(Replica replica, Left left) {
        allNames(replica).forEach(name -> left.on(replica, name));
    }

    @ParameterizedTest
    @EnumSource
    void aMergeReachesTheTableOfTheFile(Left left) {
        left.on(b, "t");
        a.run("INSERT INTO t VALUES ('r', 'x', 'y')", "UPDATE t SET v = 'edited' WHERE id = '0'");
        send(a, b);
        assertThat(b.query("SELECT * FROM main.t ORDER BY id")).containsExactly("'0'|'edited'|'y'", "'r'|'x'|'y'");

        a.run("DELETE FROM t WHERE id = '0'");
        send(a, b);
        assertThat(b.query("SELECT * FROM main.t")).containsExactly("'r'|'x'|'y'");
        assertThat(b.query("SELECT * FROM main.crr_quarantine")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void noNameHidesWhatTheEngineReadsAndWrites(Left left) throws SQLException {
        hideAll(b, left);
        a.run("INSERT INTO t VALUES ('r', 'x', 'y')", "UPDATE t SET v = 'edited' WHERE id = '0'");
        send(a, b);
        b.run("UPDATE main.t SET w = 'here' WHERE id = 'r'", "INSERT INTO main.t VALUES ('s', 'of', 'b')");
        send(b, a);

        List<String> rows = List.of("'0'|'edited'|'y'", "'r'|'x'|'here'", "'s'|'of'|'b'");
        assertThat(a.query("SELECT * FROM t ORDER BY id")).isEqualTo(rows);
        assertThat(b.query("SELECT * FROM main.t ORDER BY id")).isEqualTo(rows);
        assertThat(b.engine.quarantined(b.connection)).isZero();
        assertThat(b.engine.trackedPeers(b.connection)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theCatalogueIsThatOfTheFile(Left left) throws SQLException {
        left.on(b, "t");
        b.installer.standAside(b.connection);
        b.run("ALTER TABLE main.t ADD COLUMN z TEXT");
        b.installer.install(b.connection, List.of(new TableSpec("t", null, Set.of())));
        try (var other = Replica.open(b.file)) {
            assertThat(new CrrEngine(100, 100).tables(other)).singleElement().satisfies(table -> {
                assertThat(table.key()).containsExactly("id");
                assertThat(table.columns()).containsExactly("v", "w", "z");
            });
        }
        assertThat(b.engine.tables(b.connection))
                .singleElement()
                .satisfies(table -> assertThat(table.columns()).containsExactly("v", "w", "z"));
    }

    @Test
    void triggersAndViewAreMadeInTheFile() throws SQLException {
        hideAll(b, Left.OTHER_TABLE);
        b.installer.standAside(b.connection);
        b.run("UPDATE main.t SET v = 'by a migration'");
        b.installer.install(b.connection, List.of(new TableSpec("t", null, Set.of())));
        b.run("UPDATE main.t SET w = 'tracked'");
        assertThat(b.query("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'"))
                .isEmpty();
        assertThat(b.query("SELECT cid, val, col_version FROM main.crsql_changes ORDER BY cid"))
                .containsExactly("'v'|'by a migration'|2", "'w'|'tracked'|2");
    }

    @Test
    void aTableIsSwitchedOffAndOnInTheFile() {
        hideAll(b, Left.OTHER_TABLE);
        b.inTransaction(() -> {
            TableSwitch.off(b.connection, "t");
            return true;
        });
        b.run("INSERT INTO main.t VALUES ('untracked', 'x', 'y')");
        b.inTransaction(() -> {
            TableSwitch.on(b.connection, "t");
            return true;
        });
        send(b, a);
        assertThat(a.query("SELECT id FROM t ORDER BY id")).containsExactly("'0'", "'untracked'");
    }
}
