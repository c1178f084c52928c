package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables of one file up to date and out of the way of schema changes: what {@link CrrInstaller} and {@link TableSwitch}
 * consist of, inside the transactions that they see to.
 */
final class FileInstallation {

    private static final Logger log = LoggerFactory.getLogger(FileInstallation.class);

    private FileInstallation() {}

    static void prepare(Connection connection) throws SQLException {
        if (!CoreTables.exist(connection)) {
            FileCheck.requireUtf8(connection);
            FileCheck.requireNoOther(connection);
            CoreTables.create(connection);
        }
        FileFormat.require(connection);
        CoreTables.complete(connection);
        FileFormat.raise(connection);
    }

    static void bringUpToDate(
            Connection connection, Collection<TableSpec> tables, Collection<TableProblem> known, Meanwhile meanwhile)
            throws SQLException {
        rebuild(connection, tables, known, meanwhile);
        SortedMap<String, CrrTable> catalogue = Catalogue.load(connection);
        QuarantinedNames.recognise(connection, catalogue);
        QuarantineRetry.run(connection, catalogue);
        recordSchema(connection);
    }

    /** Ends what a start began that will not end it itself. */
    static void takeBack(Connection connection, @Nullable BeforeMigration migration) throws SQLException {
        bringUpToDate(connection, List.of(), List.of(), Meanwhile.of(connection, migration));
        AbandonedStart.clear(connection);
        beginEpoch(connection);
    }

    /** Makes triggers anew. Whatever else changed in the schema is left to the next start. */
    static void changeTriggers(Connection connection, SchemaChange change) throws SQLException {
        boolean known =
                Queries.number(connection, "SELECT schema_version FROM main.crr_state") == schemaVersion(connection);
        change.run();
        if (known) {
            recordSchema(connection);
        }
        beginEpoch(connection); // for those that hold the catalogue in memory
    }

    /** A change of the schema. */
    @FunctionalInterface
    interface SchemaChange {
        void run() throws SQLException;
    }

    private static void recordSchema(Connection connection) throws SQLException {
        Queries.update(connection, "UPDATE main.crr_state SET schema_version = ?", schemaVersion(connection));
    }

    static void beginEpoch(Connection connection) throws SQLException {
        Queries.update(
                connection,
                "INSERT INTO main.crr_epoch (start_version, id) SELECT version, ? FROM main.crr_state",
                Epoch.random().bytes());
    }

    /** Exchanges the triggers of all tables for coarse ones. */
    static void standAside(Connection connection, Meanwhile meanwhile) throws SQLException {
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            TableShape shape = entry.active() ? TableShape.read(connection, entry.name()) : null;
            if (shape != null) {
                // The triggers that know of it are going to go.
                Catalogue.rename(connection, shape, RenamedColumns.names(connection, shape));
            }
        }
        standAside(connection, meanwhile, Catalogue.load(connection).values());
    }

    static void standAside(Connection connection, Meanwhile meanwhile, Collection<CrrTable> tables)
            throws SQLException {
        ChangesView.drop(connection);
        InstalledTriggers.dropStrays(connection);
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        long version = Queries.number(connection, "SELECT version FROM main.crr_state");
        for (CrrTable table : tables) {
            RenamedColumns.watch(connection, table);
            if (!CoarseTriggers.standIn(triggers, table.name())) {
                boolean complete = InstalledTriggers.areComplete(triggers, table, version);
                boolean watched = meanwhile.schemaKept() || complete;
                if (complete && !meanwhile.schemaKept()) {
                    // Whoever changed the schema may have switched triggers off as well, and now it can still be told.
                    Adoption.adoptRows(connection, table);
                    Adoption.buryMissingRows(connection, table);
                }
                CoarseTriggers.create(connection, table, watched);
                InstalledTriggers.dropTracking(connection, table.name());
            }
        }
    }

    /** Nothing can have changed if neither the schema nor the list of tables did. */
    static boolean isCurrent(Connection connection, Collection<TableSpec> specs) throws SQLException {
        if (Queries.number(connection, "SELECT schema_version FROM main.crr_state") != schemaVersion(connection)) {
            return false;
        }
        SortedMap<String, CrrTable> tables = new TreeMap<>(SqlNames.ORDER);
        tables.putAll(Catalogue.load(connection));
        for (TableSpec spec : specs) {
            CrrTable table = tables.get(spec.table());
            if (table == null
                    || !Objects.equals(table.entity(), spec.entity())
                    || !sameColumns(connection, table, spec)
                    || !VersionColumns.of(connection, table.name()).equals(spec.versions())) {
                return false;
            }
        }
        return true;
    }

    /** Whether any table stopped. */
    static boolean stopOthers(Connection connection, Collection<TableSpec> specs) throws SQLException {
        Set<String> wanted = new TreeSet<>(SqlNames.ORDER);
        specs.forEach(spec -> wanted.add(spec.table()));
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        boolean stops = false;
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (entry.active()
                    && entry.entity() != null
                    && !wanted.contains(entry.name())
                    && TableShape.read(connection, entry.name()) != null) {
                log.warn("Table {} of {} replicates no more; its rows stay.", entry.name(), entry.entity());
                InstalledTriggers.drop(connection, triggers, TrackingTriggers.names(entry.name()));
                InstalledTriggers.drop(connection, triggers, CoarseTriggers.among(triggers, entry.name()));
                CoarseTriggers.dropNotes(connection, entry.name());
                Catalogue.deactivate(connection, entry.name());
                stops = true;
            }
        }
        return stops;
    }

    private static boolean sameColumns(Connection connection, CrrTable table, TableSpec spec) throws SQLException {
        TableShape shape = TableShape.read(connection, table.name());
        Set<String> replicated = new TreeSet<>(SqlNames.ORDER);
        replicated.addAll(table.columnNames());
        return shape != null
                && Catalogue.retyped(connection, shape).isEmpty()
                && shape.others().stream()
                        .allMatch(column -> replicated.contains(column.name()) != spec.keepsLocal(column.name()));
    }

    private static void rebuild(
            Connection connection, Collection<TableSpec> specs, Collection<TableProblem> known, Meanwhile meanwhile)
            throws SQLException {
        ChangesView.drop(connection);
        Set<String> renamedAway = InstalledTriggers.dropStrays(connection);
        SortedMap<String, TableSpec> wanted = wanted(connection, specs);
        List<TableProblem> problems = new ArrayList<>(known);
        Map<String, TableShape> shapes = new HashMap<>();
        for (TableSpec spec : wanted.values()) {
            TableShape shape = TableShape.read(connection, spec.table());
            if (shape == null) {
                problems.add(TableValidation.missing(spec));
            } else {
                problems.addAll(TableValidation.problems(connection, spec, shape));
                shapes.put(spec.table(), shape);
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidTableException(problems);
        }
        TableInstallation tables = new TableInstallation(connection, meanwhile, renamedAway);
        List<CrrTable> installed = new ArrayList<>();
        for (TableSpec spec : wanted.values()) {
            installed.add(tables.install(spec, Objects.requireNonNull(shapes.get(spec.table()))));
        }
        ChangesView.create(connection, installed);
    }

    /** The tables asked for, and those that replicate already and are still there. */
    private static SortedMap<String, TableSpec> wanted(Connection connection, Collection<TableSpec> specs)
            throws SQLException {
        SortedMap<String, TableSpec> wanted = new TreeMap<>(SqlNames.ORDER);
        specs.forEach(spec -> wanted.putIfAbsent(spec.table(), spec));
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (entry.active() && !wanted.containsKey(entry.name())) {
                TableShape shape = TableShape.read(connection, entry.name());
                if (shape == null) {
                    log.warn("Table {} is gone; its clocks are kept in case it returns.", entry.name());
                    Catalogue.deactivate(connection, entry.name());
                    CoarseTriggers.dropNotes(connection, entry.name());
                } else {
                    Catalogue.rename(connection, shape, RenamedColumns.names(connection, shape));
                    wanted.put(
                            entry.name(),
                            new TableSpec(
                                    entry.name(),
                                    entry.entity(),
                                    localColumns(connection, entry, shape),
                                    VersionColumns.of(connection, entry.name())));
                }
            }
        }
        return wanted;
    }

    /** Without its entity there is no telling which new columns are to stay local. A table without one replicates as a whole. */
    static Set<String> localColumns(Connection connection, Catalogue.Entry entry, TableShape shape)
            throws SQLException {
        return entry.entity() == null ? Set.of() : Catalogue.unrecorded(connection, shape);
    }

    /** SQLite's number, which has 32 bits, and above it ours: another release may write other triggers for the same tables. */
    private static long schemaVersion(Connection connection) throws SQLException {
        return (FileFormat.CURRENT << 32) + Queries.number(connection, "PRAGMA main.schema_version");
    }
}
