package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Follows columns that are renamed, so that they go on with their clocks. While the triggers stand aside, a trigger that never does
 * anything lists the columns in its UPDATE OF clause: there SQLite writes the new name of a renamed column, and lets a column be
 * dropped all the same. At other times the trigger that tracks updates does, where SQLite writes it too, whoever renames.
 */
final class RenamedColumns {

    private static final Pattern NAME = Pattern.compile("\\G,?\\s*\"((?:[^\"]|\"\")*)\"");
    private static final Pattern ORDINALS = Pattern.compile("SELECT ([0-9, ]+); END$");
    private static final String LIST = " AFTER UPDATE OF ";

    /** Triggers of earlier releases list the columns in another order, and do not say so. */
    private static final String IN_FILE_ORDER = "BEGIN SELECT 'in file order'; ";

    private RenamedColumns() {}

    static String triggerName(String table) {
        return table + "__crr_touch_names";
    }

    /** Watches from now on, unless it does already. */
    static void watch(Connection connection, CrrTable table) throws SQLException {
        if (table.columns().isEmpty()) {
            return;
        }
        TableShape shape = Objects.requireNonNull(TableShape.read(connection, table.name()));
        List<String> order =
                shape.others().stream().map(TableShape.ShapeColumn::name).toList();
        List<CrrTable.Column> columns = table.columns().stream()
                .sorted(Comparator.comparingInt(column -> order.indexOf(column.name())))
                .toList();
        String ordinals = columns.stream()
                .map(column -> Integer.toString(column.ordinal()))
                .collect(Collectors.joining(", "));
        Queries.execute(
                connection,
                "CREATE TRIGGER IF NOT EXISTS main." + Quoting.name(triggerName(table.name())) + LIST
                        + Quoting.names(
                                "", columns.stream().map(CrrTable.Column::name).toList())
                        + " ON " + table.bareName() + " WHEN 0 " + IN_FILE_ORDER + "SELECT " + ordinals + "; END");
    }

    /** The columns by ordinal in the order that they had in the table when the triggers stood aside; empty if nobody watched. */
    static List<Integer> fileOrder(Connection connection, TableShape shape) throws SQLException {
        List<Integer> order = new ArrayList<>();
        for (String sql : watching(connection, shape)) {
            if (sql.contains(IN_FILE_ORDER)) {
                order.addAll(names(sql).keySet());
            }
        }
        return order;
    }

    /** The names that columns have now, by ordinal; empty if nobody watched. */
    static Map<Integer, String> names(Connection connection, TableShape shape) throws SQLException {
        for (String sql : watching(connection, shape)) {
            return names(sql);
        }
        for (String sql : trigger(connection, shape, TrackingTriggers.updateName(shape.name()))) {
            // Made for the columns that are recorded, in the order of their ordinals.
            List<Integer> ordinals = Catalogue.activeOrdinals(connection, shape.name());
            List<String> names = listed(sql);
            if (names.size() == ordinals.size()) {
                return IntStream.range(0, names.size()).boxed().collect(Collectors.toMap(ordinals::get, names::get));
            }
        }
        return Map.of();
    }

    private static Map<Integer, String> names(String sql) {
        Map<Integer, String> names = new LinkedHashMap<>();
        Matcher ordinals = ORDINALS.matcher(sql);
        if (ordinals.find()) {
            List<String> listed = listed(sql);
            for (String ordinal : List.of(ordinals.group(1).split(", "))) {
                if (names.size() < listed.size()) {
                    names.put(Integer.valueOf(ordinal), listed.get(names.size()));
                }
            }
        }
        return names;
    }

    private static List<String> listed(String sql) {
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(sql);
        int start = sql.indexOf(LIST) + LIST.length();
        while (start >= LIST.length() && name.find(start)) {
            names.add(name.group(1).replace("\"\"", "\""));
            start = name.end();
        }
        return names;
    }

    private static List<String> watching(Connection connection, TableShape shape) throws SQLException {
        return trigger(connection, shape, triggerName(shape.name()));
    }

    /** The trigger's SQL, if there is one of this name on the table. */
    private static List<String> trigger(Connection connection, TableShape shape, String name) throws SQLException {
        return Queries.list(
                connection,
                "SELECT sql FROM main.sqlite_master WHERE type = 'trigger' AND name = ?1 COLLATE NOCASE AND tbl_name = ?2",
                row -> row.getString(1),
                name,
                shape.name());
    }
}
