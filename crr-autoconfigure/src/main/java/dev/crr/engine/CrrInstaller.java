package dev.crr.engine;

import dev.crr.Epoch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

/** Makes tables replicate, and keeps their triggers out of the way of schema changes. Thread-safe. */
public final class CrrInstaller {

    private static final Logger log = LoggerFactory.getLogger(CrrInstaller.class);

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
        Transactions.write(connection, () -> {
            if (!CoreTables.exist(connection)) {
                requireUtf8(connection);
                CoreTables.create(connection);
            }
            if (!known.isEmpty() || !isCurrent(connection, tables)) {
                rebuild(connection, tables, known);
                QuarantineRetry.run(connection, Catalogue.load(connection));
                Queries.update(connection, "UPDATE crr_state SET schema_version = ?", schemaVersion(connection));
            }
            Queries.update(
                    connection,
                    "INSERT INTO crr_epoch (start_version, id) SELECT version, ? FROM crr_state",
                    Epoch.random().bytes());
            return true;
        });
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
            ChangesView.drop(connection);
            Set<String> triggers = triggers(connection).keySet();
            for (CrrTable table : Catalogue.load(connection).values()) {
                if (!triggers.containsAll(CoarseTriggers.names(table.name()))) {
                    // Whatever happened before the coarse triggers came must not count as noted by them.
                    boolean trusted = hasCurrentTriggers(connection, table);
                    drop(connection, triggers, TrackingTriggers.names(table.name()));
                    if (trusted) {
                        CoarseTriggers.create(connection, table);
                    }
                }
            }
            return true;
        });
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
            for (String trigger : triggers(connection).keySet()) {
                Queries.execute(connection, "DROP TRIGGER " + Quoting.name(trigger));
            }
            for (List<String> object :
                    Queries.list(connection, """
                    SELECT type, name FROM sqlite_master
                    WHERE type IN ('table', 'view') AND (name LIKE 'crr\\_%' ESCAPE '\\' OR name LIKE 'crsql\\_%' ESCAPE '\\'
                      OR name LIKE '%\\_\\_crr\\_row' ESCAPE '\\' OR name LIKE '%\\_\\_crr\\_cell' ESCAPE '\\'
                      OR name LIKE '%\\_\\_crr\\_touched' ESCAPE '\\')""", row -> List.of(row.getString(1), row.getString(2)))) {
                Queries.execute(connection, "DROP " + object.get(0) + " " + Quoting.name(object.get(1)));
            }
            return true;
        });
    }

    private static void requireUtf8(Connection connection) throws SQLException {
        String encoding = Queries.list(connection, "PRAGMA encoding", row -> row.getString(1))
                .get(0);
        if (!encoding.equals("UTF-8")) {
            throw new InvalidTableException(List.of(new TableProblem(
                    "sqlite_master",
                    null,
                    null,
                    "The database file is encoded in " + encoding
                            + ", and values would not compare as they do elsewhere.",
                    "Create the file with PRAGMA encoding = 'UTF-8', SQLite's default.")));
        }
    }

    /** Nothing can have changed if neither the schema nor the list of tables did. */
    private static boolean isCurrent(Connection connection, Collection<TableSpec> specs) throws SQLException {
        if (Queries.number(connection, "SELECT schema_version FROM crr_state") != schemaVersion(connection)) {
            return false;
        }
        SortedMap<String, CrrTable> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        tables.putAll(Catalogue.load(connection));
        for (TableSpec spec : specs) {
            CrrTable table = tables.get(spec.table());
            if (table == null
                    || !Objects.equals(table.entity(), spec.entity())
                    || !sameLocalColumns(connection, table, spec)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameLocalColumns(Connection connection, CrrTable table, TableSpec spec) throws SQLException {
        TableShape shape = TableShape.read(connection, table.name());
        Set<String> replicated = new HashSet<>(table.columnNames());
        Set<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        wanted.addAll(spec.localColumns());
        return shape != null
                && shape.others().stream()
                        .allMatch(column -> replicated.contains(column.name()) != wanted.contains(column.name()));
    }

    private static void rebuild(Connection connection, Collection<TableSpec> specs, Collection<TableProblem> known)
            throws SQLException {
        ChangesView.drop(connection);
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
        List<CrrTable> installed = new ArrayList<>();
        for (TableSpec spec : wanted.values()) {
            installed.add(install(connection, spec, shapes.get(spec.table())));
        }
        ChangesView.create(connection, installed);
    }

    /** The tables asked for, and those that replicate already and are still there. */
    private static SortedMap<String, TableSpec> wanted(Connection connection, Collection<TableSpec> specs)
            throws SQLException {
        SortedMap<String, TableSpec> wanted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        specs.forEach(spec -> wanted.putIfAbsent(spec.table(), spec));
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (entry.active() && !wanted.containsKey(entry.name())) {
                if (TableShape.read(connection, entry.name()) == null) {
                    log.warn("Table {} is gone; its clocks are kept in case it returns.", entry.name());
                    Catalogue.deactivate(connection, entry.name());
                } else {
                    wanted.put(entry.name(), new TableSpec(entry.name(), entry.entity(), Set.of()));
                }
            }
        }
        return wanted;
    }

    private static CrrTable install(Connection connection, TableSpec spec, @Nullable TableShape shape)
            throws SQLException {
        if (shape == null) {
            throw new IllegalStateException("no shape for " + spec);
        }
        requireSameKey(connection, spec, shape);
        CrrTable table = Catalogue.record(connection, spec, shape);
        ClockTables.create(connection, table);
        Set<String> triggers = triggers(connection).keySet();
        boolean noted = triggers.containsAll(CoarseTriggers.names(table.name()));
        // A rebuild takes the coarse triggers with it, but not what they noted until then.
        if (CoarseTriggers.haveNoted(connection, table)) {
            Adoption.accountForTouchedRows(connection, table);
        }
        if (!noted && !hasCurrentTriggers(connection, table)) {
            Adoption.adoptRows(connection, table);
            Adoption.buryMissingRows(connection, table);
        }
        drop(connection, triggers, CoarseTriggers.names(table.name()));
        Queries.execute(connection, "DROP TABLE IF EXISTS " + table.touchedKeys());
        if (noted || !hasCurrentTriggers(connection, table)) {
            drop(connection, triggers, TrackingTriggers.names(table.name()));
            for (String sql : TrackingTriggers.of(table).values()) {
                Queries.execute(connection, sql);
            }
        }
        return table;
    }

    private static void requireSameKey(Connection connection, TableSpec spec, TableShape shape) throws SQLException {
        String keys = Catalogue.keys(connection, shape);
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (entry.name().equalsIgnoreCase(shape.name()) && !entry.keys().equals(keys)) {
                throw new InvalidTableException(List.of(new TableProblem(
                        shape.name(),
                        spec.entity(),
                        null,
                        "Its key was " + entry.keys() + " and is now " + keys + ".",
                        "Keep the key; to change it, create a table of another name and copy the rows.")));
            }
        }
    }

    /**
     * Whether the triggers are there, say what they should, and are newer than the user's own: SQLite fires the newest first, and
     * a user's trigger must find the row's clock in place.
     */
    private static boolean hasCurrentTriggers(Connection connection, CrrTable table) throws SQLException {
        Map<String, String> existing = triggers(connection);
        for (Map.Entry<String, String> trigger : TrackingTriggers.of(table).entrySet()) {
            if (!trigger.getValue().equals(existing.get(trigger.getKey()))) {
                return false;
            }
        }
        return !Queries.exists(connection, """
                SELECT 1 FROM sqlite_master users JOIN sqlite_master ours ON users.tbl_name = ours.tbl_name
                WHERE users.type = 'trigger' AND ours.type = 'trigger' AND users.tbl_name = ? AND users.rowid > ours.rowid
                  AND ours.name LIKE '%\\_\\_crr\\_%' ESCAPE '\\' AND users.name NOT LIKE '%\\_\\_crr\\_%' ESCAPE '\\'""", table.name());
    }

    /** All our triggers and their SQL. */
    private static Map<String, String> triggers(Connection connection) throws SQLException {
        Map<String, String> triggers = new HashMap<>();
        Queries.list(
                connection,
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'",
                row -> triggers.put(row.getString(1), row.getString(2)));
        return triggers;
    }

    private static void drop(Connection connection, Set<String> existing, List<String> triggers) throws SQLException {
        for (String trigger : triggers) {
            if (existing.contains(trigger)) {
                Queries.execute(connection, "DROP TRIGGER IF EXISTS " + Quoting.name(trigger));
            }
        }
    }

    private static long schemaVersion(Connection connection) throws SQLException {
        return Queries.number(connection, "PRAGMA schema_version");
    }
}
