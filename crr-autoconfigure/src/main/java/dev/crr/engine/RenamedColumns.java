package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Follows columns that are renamed while the triggers stand aside, so that they go on with their clocks. A trigger that never
 * does anything lists the columns in its UPDATE OF clause: there SQLite writes the new name of a renamed column, and lets a
 * column be dropped all the same.
 */
final class RenamedColumns {

    private static final Pattern NAME = Pattern.compile("\\G,?\\s*\"((?:[^\"]|\"\")*)\"");
    private static final Pattern ORDINALS = Pattern.compile("SELECT ([0-9, ]+); END$");
    private static final String LIST = " AFTER UPDATE OF ";

    private RenamedColumns() {}

    static String triggerName(String table) {
        return table + "__crr_touch_names";
    }

    /** Watches from now on, unless it does already. */
    static void watch(Connection connection, CrrTable table) throws SQLException {
        if (table.columns().isEmpty()) {
            return;
        }
        String ordinals = table.columns().stream()
                .map(column -> Integer.toString(column.ordinal()))
                .collect(Collectors.joining(", "));
        Queries.execute(
                connection,
                "CREATE TRIGGER IF NOT EXISTS " + Quoting.name(triggerName(table.name())) + LIST
                        + Quoting.names("", table.columnNames()) + " ON " + table.quoted() + " WHEN 0 BEGIN SELECT "
                        + ordinals + "; END");
    }

    /** The names that columns have now, by ordinal; empty if nobody watched. */
    static Map<Integer, String> names(Connection connection, TableShape shape) throws SQLException {
        Map<Integer, String> names = new TreeMap<>();
        for (String sql : Queries.list(
                connection,
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?1 COLLATE NOCASE AND tbl_name = ?2",
                row -> row.getString(1),
                triggerName(shape.name()),
                shape.name())) {
            Matcher ordinals = ORDINALS.matcher(sql);
            Matcher name = NAME.matcher(sql);
            int start = sql.indexOf(LIST) + LIST.length();
            if (ordinals.find()) {
                for (String ordinal : List.of(ordinals.group(1).split(", "))) {
                    if (name.find(start)) {
                        names.put(Integer.valueOf(ordinal), name.group(1).replace("\"\"", "\""));
                        start = name.end();
                    }
                }
            }
        }
        return names;
    }
}
