package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The triggers that stand in while the schema changes. They name nothing but the key, so that other columns can be dropped and
 * renamed, and note which rows were touched. A merge, by another process on the same file, writes its clocks itself.
 */
final class CoarseTriggers {

    private CoarseTriggers() {}

    static List<String> names(String table) {
        return List.of(name(table, "insert"), name(table, "update"), name(table, "delete"));
    }

    static void create(Connection connection, CrrTable table) throws SQLException {
        Queries.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS " + table.touchedKeys() + " ("
                        + table.keys().stream()
                                .map(key -> Quoting.name(key.name()) + " "
                                        + key.affinity().declaration())
                                .collect(Collectors.joining(", "))
                        + ", PRIMARY KEY (" + Quoting.names("", table.keyNames()) + "))");
        for (String sql : sql(table).values()) {
            Queries.execute(connection, sql);
        }
    }

    /** Whether there is a record, if only an empty one, of rows touched while the triggers stood in. */
    static boolean haveNoted(Connection connection, CrrTable table) throws SQLException {
        return Queries.exists(
                connection,
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
                table.name() + "__crr_touched");
    }

    private static Map<String, String> sql(CrrTable table) {
        Map<String, String> sql = new LinkedHashMap<>();
        add(sql, table, "insert", "INSERT", List.of("NEW."));
        add(sql, table, "update", "UPDATE", List.of("OLD.", "NEW."));
        add(sql, table, "delete", "DELETE", List.of("OLD."));
        return sql;
    }

    private static void add(
            Map<String, String> sql, CrrTable table, String kind, String event, List<String> touchedRows) {
        String name = name(table.name(), kind);
        String keys = Quoting.names("", table.keyNames());
        String body = touchedRows.stream()
                .map(row -> "INSERT INTO " + table.touchedKeys() + " (" + keys + ") SELECT "
                        + Quoting.names(row, table.keyNames()) + " WHERE true ON CONFLICT DO NOTHING;\n")
                .collect(Collectors.joining());
        sql.put(
                name,
                "CREATE TRIGGER " + Quoting.name(name) + " AFTER " + event + " ON " + table.quoted()
                        + "\nWHEN (SELECT merging FROM crr_state) IS NOT " + Quoting.text(table.name()) + "\nBEGIN\n"
                        + body + "END");
    }

    private static String name(String table, String kind) {
        return table + "__crr_touch_" + kind;
    }
}
