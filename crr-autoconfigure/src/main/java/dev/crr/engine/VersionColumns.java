package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which version columns there are, as recorded in {@code crr_version_column}. */
final class VersionColumns {

    private record Row(String versionTable, String column, long max, String key, String versionKey) {}

    private VersionColumns() {}

    /** As recorded. */
    static Set<VersionColumn> of(Connection connection, String table) throws SQLException {
        List<Row> rows = Queries.list(
                connection,
                "SELECT version_table, version_column, max, key, version_key FROM main.crr_version_column WHERE \"table\" = ?",
                row -> new Row(row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5)),
                table);
        Map<String, Map<String, String>> keys = new LinkedHashMap<>();
        for (Row row : rows) {
            keys.computeIfAbsent(row.versionTable(), name -> new TreeMap<>()).put(row.key(), row.versionKey());
        }
        Set<VersionColumn> columns = new HashSet<>();
        for (Row row : rows) {
            Map<String, String> ofTable = keys.getOrDefault(row.versionTable(), Map.of());
            columns.add(new VersionColumn(row.versionTable(), row.column(), row.max(), ofTable));
        }
        return columns;
    }

    /** Those recorded that the file has, and whose row a key of the table tells. */
    static List<VersionColumn> usable(Connection connection, TableShape shape) throws SQLException {
        List<VersionColumn> usable = new ArrayList<>();
        Set<String> keys = new TreeSet<>(SqlNames.ORDER);
        shape.keys().forEach(key -> keys.add(key.name()));
        for (VersionColumn version : of(connection, shape.name())) {
            TableShape other = TableShape.read(connection, version.table());
            Set<String> columns = new TreeSet<>(SqlNames.ORDER);
            if (other != null && other.type().equals("table")) {
                other.columns().forEach(column -> columns.add(column.name()));
            }
            if (columns.contains(version.column())
                    && columns.containsAll(version.keys().values())
                    && keys.containsAll(version.keys().keySet())) {
                usable.add(version);
            }
        }
        return usable;
    }

    /** Records these and no others. */
    static void record(Connection connection, String table, Set<VersionColumn> versions) throws SQLException {
        if (of(connection, table).equals(versions)) {
            return;
        }
        Queries.update(connection, "DELETE FROM main.crr_version_column WHERE \"table\" = ?", table);
        for (VersionColumn version : versions) {
            for (Map.Entry<String, String> key : version.keys().entrySet()) {
                Queries.update(
                        connection,
                        "INSERT INTO main.crr_version_column (\"table\", version_table, key, version_key, version_column, max)"
                                + " VALUES (?, ?, ?, ?, ?, ?)",
                        table,
                        version.table(),
                        key.getKey(),
                        key.getValue(),
                        version.column(),
                        version.max());
            }
        }
    }
}
