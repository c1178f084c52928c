package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes tables replicate, and keeps their triggers out of the way of schema changes. Thread-safe. Between {@link #standAside} and
 * {@link #install} it holds a connection of its own to the file, which {@link #close} lets go of if nothing else does.
 */
public final class CrrInstaller implements AutoCloseable {

    /** By file. */
    private final Map<String, BeforeMigration> migrations = new ConcurrentHashMap<>();

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
        BeforeMigration migration = migrations.get(file(connection));
        Transactions.write(connection, () -> {
            FileInstallation.prepare(connection);
            List<TableProblem> problems = new ArrayList<>(known);
            problems.addAll(ForeignKeyCheck.problems(connection, tables));
            boolean stops = complete && FileInstallation.stopOthers(connection, tables);
            if (stops || !problems.isEmpty() || !FileInstallation.isCurrent(connection, tables)) {
                FileInstallation.bringUpToDate(connection, tables, problems, migration);
            }
            if (limit != null) {
                QuarantineSizes.record(connection, limit);
            }
            FileInstallation.beginEpoch(connection);
            return true;
        });
        forget(migrations.remove(file(connection)));
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
        if (!CoreTables.exist(connection)) {
            return;
        }
        Transactions.write(connection, () -> {
            CoreTables.complete(connection);
            ChangesView.drop(connection);
            Set<String> triggers = InstalledTriggers.all(connection).keySet();
            for (CrrTable table : Catalogue.load(connection).values()) {
                FileInstallation.standAside(connection, table, triggers);
            }
            return true;
        });
        String file = file(connection);
        if (!migrations.containsKey(file)) {
            BeforeMigration migration = BeforeMigration.hold(connection);
            if (migration != null) {
                forget(migrations.put(file, migration));
            }
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
            for (String trigger : InstalledTriggers.all(connection).keySet()) {
                Queries.execute(connection, "DROP TRIGGER " + Quoting.name(trigger));
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

    /** Lets go of files whose schema was to change, and that were not installed to since. */
    @Override
    public void close() {
        migrations.keySet().forEach(file -> forget(migrations.remove(file)));
    }

    private static void forget(@Nullable BeforeMigration migration) {
        if (migration != null) {
            migration.close();
        }
    }

    private static String file(Connection connection) throws SQLException {
        return String.valueOf(Queries.list(
                        connection,
                        "SELECT file FROM pragma_database_list WHERE name = 'main'",
                        row -> row.getString(1))
                .get(0));
    }
}
