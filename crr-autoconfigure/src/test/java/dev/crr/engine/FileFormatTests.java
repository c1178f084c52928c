package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.NewerFormatException;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that another release has used. */
class FileFormatTests {

    private static final String EVERYTHING = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2";

    @TempDir
    Path folder;

    private Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        replica.run("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT)").install("t");
        replica.run("INSERT INTO t VALUES ('1', 'x')");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    private interface Action {
        void run() throws SQLException;
    }

    private void isRefused(Action action) {
        List<String> schema = replica.query(EVERYTHING);
        List<String> changes = replica.query("SELECT * FROM crsql_changes");
        List<String> epochs = replica.query("SELECT * FROM crr_epoch");
        assertThatThrownBy(action::run)
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining(replica.file.getFileName().toString())
                .hasMessageContaining("format 99")
                .hasMessageContaining("up to " + FileFormat.CURRENT);
        assertThat(replica.query(EVERYTHING)).isEqualTo(schema);
        assertThat(replica.query("SELECT * FROM crsql_changes")).isEqualTo(changes);
        assertThat(replica.query("SELECT * FROM crr_epoch")).isEqualTo(epochs);
    }

    private Change change() {
        SiteId author = SiteId.random();
        return new Change("t", List.of(Value.of("2")), "v", Value.of("y"), 1, 1, author, 1, 0);
    }

    @Test
    void aNewerFileIsRefusedOnAllPathsAndLeftAlone() {
        replica.run("UPDATE crr_state SET format = 99");
        isRefused(() -> replica.install("t"));
        isRefused(() -> replica.installer.install(replica.connection, List.of(), List.of(), true));
        isRefused(() -> replica.installer.standAside(replica.connection));
        isRefused(() -> replica.installer.standAsideForScript(replica.connection));
        isRefused(() -> replica.installer.forget(replica.connection));
        isRefused(() -> replica.inTransaction(() -> {
            TableSwitch.on(replica.connection, "t");
            return true;
        }));
        isRefused(() -> replica.inTransaction(() -> {
            TableSwitch.off(replica.connection, "t");
            return true;
        }));
        isRefused(() -> replica.inTransaction(() -> {
            TableSwitch.beginAlter(replica.connection, "t");
            return true;
        }));
        isRefused(() -> replica.inTransaction(() -> {
            TableSwitch.commitAlter(replica.connection, "t");
            return true;
        }));
        isRefused(() -> replica.merge(SiteId.random(), change()));
        isRefused(
                () -> replica.inTransaction(() -> replica.engine.mergeInserted(replica.connection, List.of(change()))));
        isRefused(() -> replica.changes(ChangeQuery.ALL));
        isRefused(() -> replica.inTransaction(() -> replica.engine.retryQuarantine(replica.connection)));
        isRefused(() -> replica.inTransaction(() -> replica.engine.takeNewSiteId(replica.connection)));
        isRefused(() -> replica.engine.cleanTombstones(replica.connection, Set.of(replica.siteId()), false));
        isRefused(() -> Snapshots.write(replica.connection, folder.resolve("snapshot.db"), List.of()));
    }

    @Test
    void anEngineAtWorkStopsWhenTheFileIsUpgradedUnderIt() throws SQLException {
        replica.merge(SiteId.random(), change());
        try (Replica later = new Replica(replica.file)) {
            later.run("UPDATE crr_state SET format = 99");
        }
        isRefused(() -> replica.merge(SiteId.random(), change()));
        isRefused(() -> replica.changes(ChangeQuery.ALL));
        assertThat(replica.query("SELECT id FROM t")).containsExactly("'1'", "'2'");
    }

    @Test
    void aSnapshotOfALaterReleaseIsNotAdopted() throws SQLException {
        Path snapshot = folder.resolve("snapshot.db");
        Snapshots.write(replica.connection, snapshot, List.of());
        try (Replica later = new Replica(snapshot)) {
            later.run("PRAGMA journal_mode = DELETE", "UPDATE crr_state SET format = 99");
        }
        assertThatThrownBy(() -> Snapshots.adopt(snapshot)).isInstanceOf(NewerFormatException.class);
    }

    /** As it was before files had numbers. */
    private void age() {
        replica.run(
                "DROP TABLE crr_refused_sender",
                "DROP INDEX crr_refused_by_sender",
                "CREATE INDEX crr_refused_sender ON crr_refused (peer, principal)",
                "DROP VIEW crsql_changes",
                "ALTER TABLE crr_state DROP COLUMN format",
                "ALTER TABLE crr_state DROP COLUMN aside",
                "UPDATE crr_state SET schema_version = (SELECT schema_version FROM pragma_schema_version) + (2 << 32)");
    }

    @Test
    void anOlderFileIsUpgradedAtOnceOrNotAtAll() throws SQLException {
        age();
        List<String> before = replica.query(EVERYTHING);
        replica.run("CREATE TABLE bad (v)");
        assertThatThrownBy(() -> replica.install("t", "bad")).isInstanceOf(InvalidTableException.class);
        replica.run("DROP TABLE bad");
        assertThat(replica.query(EVERYTHING)).isEqualTo(before);
        replica.installer.standAside(replica.connection);
        assertThat(FileFormat.of(replica.connection))
                .as("a start that may fail does not lock the earlier release out")
                .isZero();
        replica.install("t");
        assertThat(FileFormat.of(replica.connection)).isEqualTo(FileFormat.CURRENT);
        replica.run("UPDATE t SET v = 'y'");
        assertThat(replica.query("SELECT val, col_version FROM crsql_changes")).containsExactly("'y'|2");
    }

    @Test
    void releasesThatKnowNoNumberFailBeforeTheyChangeAnything() {
        // What they do first, at a start and when they stand aside.
        assertThatThrownBy(() ->
                        replica.run("CREATE INDEX IF NOT EXISTS crr_refused_sender ON crr_refused (peer, principal)"))
                .hasMessageContaining("already a table named crr_refused_sender");
    }
}
