package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Two processes on one file, one of which stands aside and never ends its start. */
class AbandonedStartTests {

    private static final String TRIGGERS =
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 't' ORDER BY 1";
    private static final List<String> FINE =
            List.of("'t__crr_delete'", "'t__crr_insert'", "'t__crr_rekey'", "'t__crr_update'");

    @TempDir
    Path folder;

    /** The one at work, and its peer. */
    private Pair pair;

    private Connection starting;
    private final CrrInstaller installer = new CrrInstaller();

    @BeforeEach
    void open() throws SQLException {
        pair = new Pair(folder, 2, "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT)").install("t");
        pair.get(0).run("INSERT INTO t VALUES ('1', 'x'), ('2', 'y')");
        pair.exchange();
        starting = Replica.open(pair.get(0).file);
        installer.standAside(starting);
        pair.get(0).run("UPDATE t SET v = 'meanwhile' WHERE id = '1'", "DELETE FROM t WHERE id = '2'");
    }

    @AfterEach
    void close() throws SQLException {
        pair.close();
        starting.close();
    }

    private boolean takesBack() throws SQLException {
        return pair.get(0).engine.takeBackAbandoned(pair.get(0).connection);
    }

    @Test
    void aStartThatFailsPutsTheTriggersBack() throws SQLException {
        starting.close();
        installer.close();
        assertThat(pair.get(0).query(TRIGGERS)).isEqualTo(FINE);
        assertThat(pair.get(0).query("SELECT cid, val FROM crsql_changes WHERE db_version > 2"))
                .containsExactlyInAnyOrder("'v'|'meanwhile'", "'-1'|NULL");
        assertThat(pair.equal("t")).containsExactly("'1'|'meanwhile'");
        assertThat(takesBack()).isFalse();
    }

    @Test
    void aStartThatFailsAfterPartOfItsMigrationGoesOnWithThat() throws SQLException {
        try (var statement = starting.createStatement()) {
            statement.executeUpdate("ALTER TABLE t ADD COLUMN w TEXT");
        }
        starting.close();
        installer.close();
        pair.get(0).run("UPDATE t SET w = 'new', v = 'later'");
        pair.exchange();
        assertThat(pair.get(1).query("SELECT * FROM t")).containsExactly("'1'|'later'");
    }

    @Test
    void aTableThatCannotReplicateAnyMoreStaysAsItIs() throws SQLException {
        try (var statement = starting.createStatement()) {
            statement.executeUpdate("CREATE UNIQUE INDEX one ON t (v)");
        }
        installer.close();
        assertThat(pair.get(0).engine.standingAside(pair.get(0).connection)).containsExactly("t");
        pair.get(0).run("DROP INDEX one");
        pair.install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'meanwhile'");
    }

    @Test
    void whileItsProcessLivesNobodyTakesTheTablesBack() throws SQLException {
        assertThat(takesBack()).isFalse();
        pair.get(0).run("INSERT INTO t VALUES ('3', 'z')");
        assertThat(takesBack()).isFalse();
        assertThat(pair.get(0).engine.standingAside(pair.get(0).connection)).containsExactly("t");
        installer.install(starting, List.of(new TableSpec("t", null, Set.of())));
        assertThat(takesBack()).isFalse();
        assertThat(pair.get(0).query(TRIGGERS)).isEqualTo(FINE);
        assertThat(pair.equal("t")).containsExactly("'1'|'meanwhile'", "'3'|'z'");
    }

    @Test
    void whatAnotherProcessLeftBehindIsTakenBackByTheOneAtWork() throws Exception {
        // Not this installer, which holds on to the file: a process of its own, which is killed.
        installer.install(starting, List.of(new TableSpec("t", null, Set.of())));
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        pair.get(0).file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(victim.getInputStream().read()).isEqualTo('a');
        pair.get(0).run("INSERT INTO t VALUES ('4', 'while it stood aside')");
        assertThat(takesBack()).isFalse();
        victim.destroyForcibly().waitFor();
        assertThat(takesBack()).isTrue();
        assertThat(takesBack()).isFalse();
        assertThat(pair.get(0).query(TRIGGERS)).isEqualTo(FINE);
        assertThat(pair.equal("t")).containsExactly("'1'|'meanwhile'", "'4'|'while it stood aside'");
    }

    /** Stands aside, and waits to be killed. */
    static final class Victim {

        private Victim() {}

        public static void main(String... arguments) throws Exception {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0])) {
                new CrrInstaller().standAside(connection);
                System.out.print("a");
                System.out.flush();
                Thread.currentThread().join();
            }
        }
    }

    @Test
    void whatSomebodyAltersByHandIsNotTakenBack() throws SQLException {
        installer.close();
        pair.get(0).inTransaction(() -> {
            TableSwitch.beginAlter(pair.get(0).connection, "t");
            return true;
        });
        assertThat(takesBack()).isFalse();
        assertThat(pair.get(0).engine.standingAside(pair.get(0).connection)).containsExactly("t");
    }
}
