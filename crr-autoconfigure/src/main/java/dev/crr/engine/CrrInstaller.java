package dev.crr.engine;

import dev.crr.NewerFormatException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables replicate, and keeps their triggers out of the way of schema changes. Thread-safe. Between {@link #standAside} and
 * {@link #install} it holds a connection of its own to the file, which {@link #close} lets go of if nothing else does.
 */
public final class CrrInstaller implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CrrInstaller.class);

    /** Long enough for another process to end a write. */
    private static final String PATIENCE = "PRAGMA busy_timeout = 10000";

    /** By file. */
    private final Map<String, BeforeMigration> migrations = new ConcurrentHashMap<>();

    /** URLs of files whose triggers stand aside because of this one, by file. */
    private final Map<String, String> aside = new ConcurrentHashMap<>();

    /** What is told to who inserts changes by SQL, null to leave that as it is. */
    private final @Nullable QuarantineLimit limit;

    /** Makes an installer. */
    public CrrInstaller() {
        this.limit = null;
    }

    /**
     * Makes an installer that also says how much may be set aside of what is inserted into {@code crsql_changes}.
     *
     * @param maxQuarantined how many changes
     * @param maxQuarantinedBytes how many bytes, about, their keys and values may have
     */
    public CrrInstaller(int maxQuarantined, long maxQuarantinedBytes) {
        this.limit = new QuarantineLimit(maxQuarantined, maxQuarantinedBytes);
    }

    /**
     * Refuses a file that a later release has used. To be asked before anything of the file is changed; all operations here ask
     * it themselves.
     *
     * @param connection any connection
     * @throws NewerFormatException if it is one
     * @throws SQLException if the database fails
     */
    public void requireKnownFormat(Connection connection) throws SQLException {
        FileFormat.require(connection);
    }

    /**
     * Brings the file up to date: makes the given tables CRRs, adopts rows that have no clock yet, marks rows as deleted whose
     * clock has no row, rebuilds triggers and the {@code crsql_changes} view where they are missing or stale, and begins a new
     * epoch. Does little where nothing changed. One transaction; may be repeated at will.
     *
     * @param connection a connection in autocommit mode
     * @param tables all tables that are to replicate
     * @throws InvalidTableException if a table cannot replicate; nothing is changed
     * @throws SQLException if the database fails; nothing is changed
     */
    public void install(Connection connection, Collection<TableSpec> tables) throws SQLException {
        install(connection, tables, List.of());
    }

    /**
     * Does the same, unless something is known to be wrong already: then it fails with that and all it finds itself.
     *
     * @param connection a connection in autocommit mode
     * @param tables all tables that are to replicate
     * @param known what is wrong with them beyond what the database can tell
     * @throws InvalidTableException if a table cannot replicate; nothing is changed
     * @throws SQLException if the database fails; nothing is changed
     */
    public void install(Connection connection, Collection<TableSpec> tables, Collection<TableProblem> known)
            throws SQLException {
        install(connection, tables, known, false);
    }

    /**
     * Does the same, and lets tables of entities that are not among the given ones stop replicating: their triggers go, their
     * rows and clocks stay.
     *
     * @param connection a connection in autocommit mode
     * @param tables all tables that are to replicate
     * @param known what is wrong with them beyond what the database can tell
     * @param complete whether these are all tables of entities there are
     * @throws InvalidTableException if a table cannot replicate; nothing is changed
     * @throws SQLException if the database fails; nothing is changed
     */
    public void install(
            Connection connection, Collection<TableSpec> tables, Collection<TableProblem> known, boolean complete)
            throws SQLException {
        BeforeMigration migration = migrations.get(FileFormat.file(connection));
        Transactions.write(connection, () -> {
            Meanwhile meanwhile = Meanwhile.of(connection, migration);
            FileInstallation.prepare(connection);
            List<TableProblem> problems = new ArrayList<>(known);
            problems.addAll(ForeignKeyCheck.problems(connection, tables));
            boolean stops = complete && FileInstallation.stopOthers(connection, tables);
            if (stops || !problems.isEmpty() || !FileInstallation.isCurrent(connection, tables)) {
                FileInstallation.bringUpToDate(connection, tables, problems, meanwhile);
            }
            AbandonedStart.clear(connection);
            if (limit != null) {
                QuarantineSizes.record(connection, limit);
            }
            FileInstallation.beginEpoch(connection);
            return true;
        });
        aside.remove(FileFormat.file(connection));
        forget(migrations.remove(FileFormat.file(connection)));
        TriggerAdvice.give(connection);
    }

    /**
     * Drops the {@code crsql_changes} view and exchanges the triggers of all CRRs for coarse ones that do not hinder schema
     * changes and still note which rows are touched. {@link #install} undoes it. One transaction; does nothing in a file without
     * CRRs.
     *
     * @param connection a connection in autocommit mode
     * @throws SQLException if the database fails; nothing is changed
     */
    public void standAside(Connection connection) throws SQLException {
        standAside(connection, false);
    }

    /**
     * Does the same for a script, which unlike a migration may drop tables and make them anew without what they held: rows that are
     * gone then are not deleted elsewhere.
     *
     * @param connection a connection in autocommit mode
     * @throws SQLException if the database fails; nothing is changed
     */
    public void standAsideForScript(Connection connection) throws SQLException {
        standAside(connection, true);
    }

    private void standAside(Connection connection, boolean script) throws SQLException {
        if (!CoreTables.exist(connection)) {
            return;
        }
        Transactions.write(connection, () -> {
            FileFormat.require(connection);
            Meanwhile meanwhile = Meanwhile.of(connection, null);
            CoreTables.complete(connection);
            FileInstallation.standAside(connection, meanwhile);
            AbandonedStart.clear(connection);
            return true;
        });
        String file = FileFormat.file(connection);
        if (!file.isEmpty()) {
            aside.put(file, connection.getMetaData().getURL());
        }
        if (!migrations.containsKey(file)) {
            BeforeMigration migration = BeforeMigration.hold(connection);
            if (migration != null) {
                forget(migrations.put(file, migration));
            }
        }
        if (migrations.containsKey(file)) {
            Transactions.write(connection, () -> {
                AbandonedStart.note(connection);
                return true;
            });
        }
        BeforeMigration held = migrations.get(file);
        if (script && held != null) {
            held.noteScript();
        }
    }

    /**
     * Forgets all that crr knows about this file: who it is, its clocks and its cursors. Rows stay. For a schema that is about
     * to be created anew, whose empty tables must not be taken for the deletion of every row everywhere.
     *
     * @param connection a connection in autocommit mode
     * @throws SQLException if the database fails; nothing is changed
     */
    public void forget(Connection connection) throws SQLException {
        if (!CoreTables.exist(connection)) {
            return;
        }
        Transactions.write(connection, () -> {
            FileFormat.require(connection);
            for (String trigger : InstalledTriggers.all(connection).keySet()) {
                Queries.execute(connection, "DROP TRIGGER main." + Quoting.name(trigger));
            }
            for (Catalogue.Entry entry : Catalogue.entries(connection)) {
                ClockTables.drop(connection, entry.name());
                CoarseTriggers.dropNotes(connection, entry.name());
            }
            ChangesView.forget(connection);
            CoreTables.drop(connection);
            return true;
        });
    }

    /**
     * Puts the triggers back in files whose schema was to change, and that were not installed to since, because the start failed:
     * other processes may be at work there.
     */
    @Override
    public void close() {
        aside.forEach((file, url) -> putBack(url, migrations.get(file)));
        aside.clear();
        migrations.keySet().forEach(file -> forget(migrations.remove(file)));
    }

    private static void putBack(String url, @Nullable BeforeMigration migration) {
        try (Connection connection = DriverManager.getConnection(url)) {
            Queries.execute(connection, PATIENCE);
            Transactions.write(connection, () -> {
                // An earlier release goes on with its own file, and accounts for what was noted.
                if (CoreTables.exist(connection) && FileFormat.of(connection) == FileFormat.CURRENT) {
                    FileInstallation.takeBack(connection, migration);
                }
                return true;
            });
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The start failed, and the triggers of {} could not be put back. What is written there is noted, and announced"
                            + " after the next start that succeeds.",
                    url,
                    e);
        }
    }

    private static void forget(@Nullable BeforeMigration migration) {
        if (migration != null) {
            migration.close();
        }
    }
}
