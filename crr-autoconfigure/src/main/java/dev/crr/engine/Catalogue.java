package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What replicates, as recorded in {@code crr_table} and {@code crr_column}. */
final class Catalogue {

    /**
     * A table as recorded, which may differ from the file.
     *
     * @param name its name
     * @param entity the entity it belongs to, if there is one
     * @param keys its key columns as a JSON array
     * @param active whether it replicates, or is dormant
     */
    record Entry(String name, @Nullable String entity, String keys, boolean active) {}

    private record RecordedColumn(
            String name,
            int ordinal,
            long since,
            String affinity,
            @Nullable Long dropped) {}

    private Catalogue() {}

    static List<Entry> entries(Connection connection) throws SQLException {
        return Queries.list(
                connection,
                "SELECT name, entity, key_columns, active FROM main.crr_table ORDER BY name",
                row -> new Entry(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)));
    }

    /** All replicated tables by name, in any case of it. */
    static SortedMap<String, CrrTable> load(Connection connection) throws SQLException {
        SortedMap<String, CrrTable> tables = new TreeMap<>(SqlNames.ORDER);
        UserTriggers triggers = UserTriggers.of(connection);
        for (Entry entry : entries(connection)) {
            TableShape shape = entry.active() ? TableShape.read(connection, entry.name()) : null;
            if (shape != null) {
                tables.put(shape.name(), table(connection, entry, shape, triggers));
            }
        }
        return tables;
    }

    /**
     * Records a table and its columns as the file has them now. Columns that are new get the next ordinal, columns that are
     * gone or stay local go dormant with their clocks, and wake if they come back.
     */
    static CrrTable record(Connection connection, TableSpec spec, TableShape shape) throws SQLException {
        String table = shape.name();
        String keys = keys(connection, shape);
        Queries.update(connection, """
                INSERT INTO main.crr_table (name, entity, key_columns, active) VALUES (?1, ?2, ?3, 1)
                ON CONFLICT (name) DO UPDATE SET name = ?1, entity = ?2, key_columns = ?3, active = 1
                  WHERE name <> ?1 COLLATE BINARY OR entity IS NOT ?2 OR key_columns <> ?3 OR NOT active""", table, spec.entity(), keys);
        recordColumns(connection, spec, shape);
        VersionColumns.record(connection, table, spec.versions());
        return table(connection, new Entry(table, spec.entity(), keys, true), shape, UserTriggers.of(connection));
    }

    /** Tables that replicated once, in any case of their names. */
    static Set<String> dormantTables(Connection connection) throws SQLException {
        Set<String> dormant = new TreeSet<>(SqlNames.ORDER);
        entries(connection).stream().filter(entry -> !entry.active()).forEach(entry -> dormant.add(entry.name()));
        return dormant;
    }

    /** The key columns in the form they are recorded in. */
    static String keys(Connection connection, TableShape shape) throws SQLException {
        return Queries.list(
                        connection,
                        "SELECT json_group_array(name) FROM (SELECT name FROM pragma_table_xinfo(?, 'main') WHERE pk ORDER BY pk)",
                        row -> row.getString(1),
                        shape.name())
                .get(0);
    }

    /** Lets a table go dormant: it is no longer tracked or exchanged, but keeps its clocks. Peers are asked if it returns. */
    static void deactivate(Connection connection, String table) throws SQLException {
        Queries.update(connection, "DELETE FROM main.crr_quarantine WHERE \"table\" = ? COLLATE NOCASE", table);
        Queries.update(connection, "DELETE FROM main.crr_refused WHERE \"table\" = ? COLLATE NOCASE", table);
        Queries.update(connection, "UPDATE main.crr_table SET active = 0 WHERE name = ?", table);
        // How far others come without it counts from here on, and for nothing in an older copy of this file, which has
        // it.
        FileInstallation.beginEpoch(connection);
        Queries.update(connection, "UPDATE main.crr_state SET version = version + 1");
    }

    /** Gives columns the names they have now, by ordinal. */
    static void rename(Connection connection, TableShape shape, Map<Integer, String> names) throws SQLException {
        Set<String> inFile = new TreeSet<>(SqlNames.ORDER);
        shape.others().forEach(column -> inFile.add(column.name()));
        dropOverwritten(connection, shape.name(), names);
        for (RecordedColumn column : recorded(connection, shape.name())) {
            String name = names.getOrDefault(column.ordinal(), column.name());
            if (column.dropped() == null && !name.equals(column.name()) && inFile.contains(name)) {
                // A dormant column of that name cannot return any more, and its ordinal must not be used again.
                Queries.update(
                        connection,
                        "UPDATE main.crr_column SET name = name || ' ' || ordinal"
                                + " WHERE \"table\" = ? AND name = ? COLLATE NOCASE AND dropped NOT NULL",
                        shape.name(),
                        name);
                Queries.update(
                        connection,
                        "UPDATE main.crr_column SET name = ? WHERE \"table\" = ? AND ordinal = ?",
                        name,
                        shape.name(),
                        column.ordinal());
                Queries.update(
                        connection,
                        "INSERT OR REPLACE INTO main.crr_former_name (\"table\", name, ordinal) VALUES (?, ?, ?)",
                        shape.name(),
                        column.name(),
                        column.ordinal());
            }
        }
    }

    /** A column that was dropped before another was given its name. */
    private static void dropOverwritten(Connection connection, String table, Map<Integer, String> names)
            throws SQLException {
        List<RecordedColumn> columns = recorded(connection, table);
        for (RecordedColumn renamed : columns) {
            String name = names.get(renamed.ordinal());
            for (RecordedColumn column : columns) {
                boolean overwritten = name != null
                        && !SqlNames.same(name, renamed.name())
                        && column.ordinal() != renamed.ordinal()
                        && SqlNames.same(column.name(), name)
                        && name.equals(names.get(column.ordinal()));
                if (overwritten && renamed.dropped() == null && column.dropped() == null) {
                    drop(connection, table, column.ordinal());
                }
            }
        }
    }

    /** Lets a column go dormant now. */
    static void drop(Connection connection, String table, int ordinal) throws SQLException {
        Queries.update(
                connection,
                "UPDATE main.crr_column SET dropped = (SELECT version FROM main.crr_state) WHERE \"table\" = ? AND ordinal = ?",
                table,
                ordinal);
    }

    /** The columns that replicate as recorded. */
    static List<Integer> activeOrdinals(Connection connection, String table) throws SQLException {
        return recorded(connection, table).stream()
                .filter(column -> column.dropped() == null)
                .map(RecordedColumn::ordinal)
                .toList();
    }

    /** The ordinals of all columns there ever were, by name. */
    static Map<String, Integer> ordinals(Connection connection, String table) throws SQLException {
        Map<String, Integer> ordinals = new TreeMap<>(SqlNames.ORDER);
        recorded(connection, table).forEach(column -> ordinals.put(column.name(), column.ordinal()));
        return ordinals;
    }

    /** Columns of a table outside its key that do not replicate by now. */
    static Set<String> unrecorded(Connection connection, TableShape shape) throws SQLException {
        Set<String> unrecorded = new TreeSet<>(SqlNames.ORDER);
        shape.others().forEach(column -> unrecorded.add(column.name()));
        for (RecordedColumn column : recorded(connection, shape.name())) {
            if (column.dropped() == null) {
                unrecorded.remove(column.name());
            }
        }
        return unrecorded;
    }

    /**
     * Columns that replicate and have another affinity than is recorded: what they hold compares in another order than when it was
     * decided.
     *
     * @return their ordinals
     */
    static Set<Integer> retyped(Connection connection, TableShape shape) throws SQLException {
        Map<String, String> affinities = new TreeMap<>(SqlNames.ORDER);
        shape.others()
                .forEach(column ->
                        affinities.put(column.name(), shape.affinity(column).name()));
        Set<Integer> retyped = new HashSet<>();
        for (RecordedColumn column : recorded(connection, shape.name())) {
            String now = affinities.get(column.name());
            if (column.dropped() == null && now != null && !now.equals(column.affinity())) {
                retyped.add(column.ordinal());
            }
        }
        return retyped;
    }

    private static void recordColumns(Connection connection, TableSpec spec, TableShape shape) throws SQLException {
        long version = Queries.number(connection, "SELECT version FROM main.crr_state");
        Map<String, RecordedColumn> recorded = new TreeMap<>(SqlNames.ORDER);
        int lastOrdinal = 0;
        for (RecordedColumn column : recorded(connection, shape.name())) {
            recorded.put(column.name(), column);
            lastOrdinal = Math.max(lastOrdinal, column.ordinal());
        }
        boolean firstTime = recorded.isEmpty()
                && !Queries.exists(
                        connection,
                        "SELECT 1 FROM main.sqlite_master WHERE name = ? COLLATE NOCASE",
                        shape.name() + "__crr_row");
        for (TableShape.ShapeColumn column : shape.others()) {
            boolean replicates = !spec.keepsLocal(column.name());
            RecordedColumn known = replicates ? recorded.remove(column.name()) : recorded.get(column.name());
            String affinity = shape.affinity(column).name();
            if (known == null) {
                Queries.update(
                        connection,
                        "INSERT INTO main.crr_column (\"table\", ordinal, name, since, affinity, dropped) VALUES (?, ?, ?, ?, ?, ?)",
                        shape.name(),
                        ++lastOrdinal,
                        column.name(),
                        replicates && firstTime ? 0 : version + 1,
                        affinity,
                        replicates ? null : version);
            } else if (replicates && known.dropped() != null) {
                ReturnedColumn.wake(connection, shape, column, known.ordinal(), known.since(), known.dropped());
            }
            if (known != null && !known.name().equals(column.name())) { // made anew in another spelling
                Queries.update(
                        connection,
                        "UPDATE main.crr_column SET name = ? WHERE \"table\" = ? AND ordinal = ?",
                        column.name(),
                        shape.name(),
                        known.ordinal());
            }
            if (known != null && replicates && !known.affinity().equals(affinity)) {
                Queries.update(
                        connection,
                        "UPDATE main.crr_column SET affinity = ? WHERE \"table\" = ? AND ordinal = ?",
                        affinity,
                        shape.name(),
                        known.ordinal());
            }
        }
        for (RecordedColumn gone : recorded.values()) {
            if (gone.dropped() == null) {
                drop(connection, shape.name(), gone.ordinal());
            }
        }
    }

    private static List<RecordedColumn> recorded(Connection connection, String table) throws SQLException {
        return Queries.list(
                connection,
                "SELECT name, ordinal, since, affinity, dropped FROM main.crr_column WHERE \"table\" = ? ORDER BY ordinal",
                row -> new RecordedColumn(
                        row.getString(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getString(4),
                        row.getObject(5) == null ? null : row.getLong(5)),
                table);
    }

    private static CrrTable table(Connection connection, Entry entry, TableShape shape, UserTriggers triggers)
            throws SQLException {
        List<CrrTable.Key> keys = shape.keys().stream()
                .map(key -> new CrrTable.Key(key.name(), shape.affinity(key), shape.hasRowidKey()))
                .toList();
        Map<String, TableShape.ShapeColumn> inFile = new TreeMap<>(SqlNames.ORDER);
        shape.others().forEach(column -> inFile.put(column.name(), column));
        List<CrrTable.Column> columns = new ArrayList<>();
        Set<String> dormant = new TreeSet<>(SqlNames.ORDER);
        for (RecordedColumn column : recorded(connection, shape.name())) {
            TableShape.ShapeColumn actual = inFile.get(column.name());
            if (column.dropped() != null) {
                dormant.add(column.name());
            } else if (actual != null) {
                columns.add(new CrrTable.Column(
                        column.name(),
                        column.ordinal(),
                        column.since(),
                        shape.affinity(actual),
                        actual.notNull(),
                        actual.defaultSql()));
            }
        }
        List<VersionColumn> versions = VersionColumns.usable(connection, shape);
        Map<String, Integer> formerNames = new TreeMap<>(SqlNames.ORDER);
        Queries.list(
                connection,
                "SELECT name, ordinal FROM main.crr_former_name WHERE \"table\" = ?",
                row -> formerNames.put(row.getString(1), row.getInt(2)),
                shape.name());
        return new CrrTable(
                        shape.name(),
                        entry.entity(),
                        keys,
                        columns,
                        dormant,
                        formerNames,
                        versions,
                        Reactions.NONE,
                        false,
                        Floors.of(connection, shape.name()) + 1)
                .with(triggers);
    }
}
