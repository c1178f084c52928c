package dev.crr.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The triggers that track local writes, in pure SQL, so that whoever writes to the file is tracked.
 *
 * <p>Only UPSERT is used inside them: a plain INSERT would inherit the OR IGNORE or OR REPLACE of the outer statement and lose
 * the clock.
 *
 * <p>Nothing in them can fail, and SQLite must see that: else it keeps a copy of every page that the statement touches, to take
 * it back, which doubles the cost of the write, and inside a savepoint makes it grow with what the savepoint holds. Hence OR
 * IGNORE where nothing is ever ignored, clock tables without constraints ({@link ClockTables}, {@link CoreTables}), nothing
 * in a DO UPDATE that may conflict or fires a trigger, and no {@code changes()}.
 */
final class TrackingTriggers {

    /** How many columns one statement compares: SQLite takes 500 terms of a UNION ALL. */
    private static final int COMPARED_AT_ONCE = 400;

    /**
     * From so many columns on, cells are found by a text of marks. SQLite takes half the time to prepare a statement with it, and
     * somewhat longer to run it: prepared statements are mostly run once, by JdbcTemplate and Hibernate as well.
     */
    private static final int WIDE = 33;

    private static final String NEXT_VERSION = "UPDATE crr_state SET version = version + 1;\n";

    private final CrrTable table;
    private final List<String> keys;

    private TrackingTriggers(CrrTable table) {
        this.table = table;
        this.keys = table.keyNames();
    }

    /** Trigger names and their CREATE statements. */
    static Map<String, String> of(CrrTable table) {
        TrackingTriggers triggers = new TrackingTriggers(table);
        Map<String, String> sql = new LinkedHashMap<>();
        triggers.add(sql, "insert", "INSERT", "", triggers.refuseRealKeys() + NEXT_VERSION + triggers.rowWritten());
        triggers.add(sql, "delete", "DELETE", "", NEXT_VERSION + triggers.rowDeleted());
        triggers.add(
                sql,
                "rekey",
                "UPDATE OF " + table.keyAssignments(),
                " AND (" + triggers.keyChanged() + ")",
                triggers.refuseRealKeys()
                        + NEXT_VERSION
                        + triggers.rowDeleted()
                        + NEXT_VERSION
                        + triggers.rowWritten());
        if (!table.columns().isEmpty()) {
            triggers.add(
                    sql,
                    "update",
                    "UPDATE OF " + Quoting.names("", table.columnNames()),
                    triggers.onlyCellsChanged(),
                    triggers.cellsWritten());
        }
        String again = againName(table.name());
        sql.put(
                again,
                "CREATE TRIGGER " + Quoting.name(again) + " AFTER UPDATE OF __crr_cl ON " + table.bareRowClocks()
                        + "\nWHEN NEW.__crr_version = OLD.__crr_version AND NEW.__crr_cl = OLD.__crr_cl\nBEGIN\n"
                        + triggers.writtenAgain() + "END");
        return sql;
    }

    /**
     * The same for one merge into a table: they track what happens meanwhile to other rows than those merged.
     *
     * @param mergedKeys a temporary table with the keys of the rows merged
     * @return trigger names and their CREATE statements, for temporary triggers
     */
    static Map<String, String> ofBystanders(CrrTable table, String mergedKeys) {
        TrackingTriggers triggers = new TrackingTriggers(table);
        String merging = "(SELECT merging FROM crr_state) IS " + Quoting.text(table.name())
                + " AND NOT EXISTS (SELECT 1 FROM " + mergedKeys + " m WHERE ";
        String oldIsOther = merging + Quoting.equal("m.", "OLD.", triggers.keys) + ")";
        String newIsOther = merging + Quoting.equal("m.", "NEW.", triggers.keys) + ")";
        String rekeyed = " AND (" + triggers.keyChanged() + ")";
        String written = triggers.refuseRealKeys() + NEXT_VERSION + triggers.rowWritten();
        String deleted = NEXT_VERSION + triggers.rowDeleted();
        Map<String, String> sql = new LinkedHashMap<>();
        triggers.addBystander(sql, "insert", "INSERT", newIsOther, written);
        triggers.addBystander(sql, "delete", "DELETE", oldIsOther, deleted);
        triggers.addBystander(sql, "rekey_from", "UPDATE", oldIsOther + rekeyed, deleted);
        triggers.addBystander(sql, "rekey_to", "UPDATE", newIsOther + rekeyed, written);
        if (!table.columns().isEmpty()) {
            triggers.addBystander(
                    sql, "update", "UPDATE", newIsOther + triggers.onlyCellsChanged(), triggers.cellsWritten());
        }
        return sql;
    }

    /** The names {@link #of} can produce. */
    static List<String> names(String table) {
        return List.of(
                name(table, "insert"),
                name(table, "delete"),
                name(table, "rekey"),
                updateName(table),
                againName(table));
    }

    /** The name of the trigger that names the columns. */
    static String updateName(String table) {
        return name(table, "update");
    }

    private static String againName(String table) {
        return name(table + "__crr_row", "again");
    }

    private static String name(String table, String kind) {
        return table + "__crr_" + kind;
    }

    private void add(Map<String, String> sql, String kind, String event, String condition, String body) {
        String name = name(table.name(), kind);
        sql.put(
                name,
                "CREATE TRIGGER " + Quoting.name(name) + " AFTER " + event + " ON " + table.bareName()
                        + "\nWHEN (SELECT merging FROM crr_state) IS NOT " + Quoting.text(table.name()) + condition
                        + "\nBEGIN\n" + body + "END");
    }

    private void addBystander(Map<String, String> sql, String kind, String event, String condition, String body) {
        String name = name(table.name(), "bystander_" + kind);
        sql.put(
                name,
                "CREATE TEMP TRIGGER " + Quoting.name(name) + " AFTER " + event + " ON main." + table.bareName()
                        + "\nWHEN " + condition + "\nBEGIN\n" + body + "END");
    }

    private boolean isWide() {
        return table.columns().size() >= WIDE;
    }

    private String onlyCellsChanged() {
        return " AND NOT (" + keyChanged() + ")" + (isWide() ? "" : "\n  AND (" + anyChanged() + ")");
    }

    private String cellsWritten() {
        return isWide() ? markedCells() : NEXT_VERSION + changedCells();
    }

    /** A REAL and an INTEGER key can be equal here and two rows to a peer. */
    private String refuseRealKeys() {
        List<String> doubtful = new ArrayList<>();
        for (CrrTable.Key key : table.keys()) {
            if (key.affinity() != Affinity.TEXT && !key.rowid()) {
                doubtful.add("typeof(NEW." + Quoting.name(key.name()) + ") = 'real'");
            }
        }
        return doubtful.isEmpty()
                ? ""
                : "SELECT RAISE(ABORT, "
                        + Quoting.text("crr: a floating-point number cannot be part of the key of " + table.name()
                                + "; use text or an integer")
                        + ") WHERE " + String.join(" OR ", doubtful) + ";\n";
    }

    /** A row was inserted, or replaced an equal key: its birth, unless the key is known, which {@link #writtenAgain} sees to. */
    private String rowWritten() {
        return """
                INSERT OR IGNORE INTO %1$s (__crr_version, %2$s, __crr_cl, __crr_site)
                  VALUES ((SELECT version FROM crr_state), %3$s, %5$d, 0)
                  ON CONFLICT (%2$s) DO NOTHING;
                UPDATE OR IGNORE %1$s SET __crr_cl = __crr_cl
                  WHERE %4$s AND __crr_version < (SELECT version FROM crr_state);
                """.formatted(
                        table.bareRowClocks(),
                        Quoting.names("", keys),
                        Quoting.names("NEW.", keys),
                        Quoting.equal("", "NEW.", keys),
                        table.firstCl());
    }

    /**
     * The row clock was written without any change: a row of that key was inserted again. An edit of all columns if it lives,
     * else it comes to life. A trigger of its own, so that the birth of a new row does not pay for it.
     */
    private String writtenAgain() {
        String edits =
                table.columns().isEmpty() ? "" : """
                INSERT OR IGNORE INTO %1$s (row, col, col_version, version, site)
                  SELECT OLD.__crr_version, c.ordinal, CASE WHEN c.since <= OLD.__crr_version THEN 2 ELSE 1 END, s.version, 0
                  FROM crr_state s CROSS JOIN crr_column c
                  WHERE OLD.__crr_cl & 1 AND c."table" = %2$s AND c.dropped IS NULL
                  ON CONFLICT (row, col) DO UPDATE
                    SET col_version = coalesce(col_version, 0) + 1, version = excluded.version, site = 0;
                """.formatted(table.bareCellClocks(), Quoting.text(table.name()));
        return edits + """
                UPDATE OR IGNORE %1$s
                  SET __crr_version = (SELECT version FROM crr_state), __crr_cl = __crr_cl + 1, __crr_site = 0
                  WHERE __crr_version = OLD.__crr_version AND (__crr_cl & 1) = 0;
                """.formatted(table.bareRowClocks());
    }

    /** A row without a living clock was never told of, so there is nothing to take back. Its cells go with {@link ClockTables}. */
    private String rowDeleted() {
        return """
                UPDATE OR IGNORE %1$s
                  SET __crr_version = (SELECT version FROM crr_state), __crr_cl = __crr_cl + 1, __crr_site = 0
                  WHERE %2$s AND __crr_cl & 1;
                """.formatted(table.bareRowClocks(), Quoting.equal("", "OLD.", keys));
    }

    /** A row without a living clock is taken in as a whole at the next start; until then its cells have nothing to hang on. */
    private String changedCells() {
        StringBuilder sql = new StringBuilder();
        for (List<CrrTable.Column> columns : parts(table.columns(), COMPARED_AT_ONCE)) {
            sql.append(changedCells(columns));
        }
        return sql.toString();
    }

    private String changedCells(List<CrrTable.Column> columns) {
        String changes = columns.stream()
                .map(column -> "SELECT " + column.ordinal() + " AS col, " + column.since() + " AS since WHERE "
                        + changed(column))
                .collect(Collectors.joining("\n        UNION ALL "));
        return """
                INSERT OR IGNORE INTO %1$s (row, col, col_version, version, site)
                  SELECT r.__crr_version, c.col, CASE WHEN c.since <= r.__crr_version THEN 2 ELSE 1 END, s.version, 0
                  FROM (
                        %3$s) c
                    CROSS JOIN %2$s r CROSS JOIN crr_state s
                  WHERE %4$s AND r.__crr_cl & 1
                  ON CONFLICT (row, col) DO UPDATE
                    SET col_version = coalesce(col_version, 0) + 1, version = excluded.version, site = 0;
                """.formatted(table.bareCellClocks(), table.bareRowClocks(), changes, Quoting.equal("r.", "NEW.", keys));
    }

    /**
     * The same with each column named once: a mark for each ordinal, and then the columns whose marks are set. The next version is
     * taken if there was any.
     */
    private String markedCells() {
        return """
                INSERT OR IGNORE INTO %1$s (row, col, col_version, version, site)
                  SELECT r.__crr_version, c.ordinal, CASE WHEN c.since <= r.__crr_version THEN 2 ELSE 1 END, s.version + 1, 0
                  FROM (SELECT %3$s AS marks LIMIT 1) m
                    CROSS JOIN crr_column c CROSS JOIN %2$s r CROSS JOIN crr_state s
                  WHERE c."table" = %5$s AND c.ordinal BETWEEN instr(m.marks, '1') AND length(rtrim(m.marks, '0'))
                    AND substr(m.marks, c.ordinal, 1) = '1' AND %4$s AND r.__crr_cl & 1
                  ON CONFLICT (row, col) DO UPDATE
                    SET col_version = coalesce(col_version, 0) + 1, version = excluded.version, site = 0;
                UPDATE crr_state SET version = version + 1
                  WHERE EXISTS (SELECT 1 FROM %1$s x WHERE x.version = crr_state.version + 1);
                """.formatted(
                        table.bareCellClocks(),
                        table.bareRowClocks(),
                        marks(),
                        Quoting.equal("r.", "NEW.", keys),
                        Quoting.text(table.name()));
    }

    private String marks() {
        List<String> marks = new ArrayList<>();
        int next = 1;
        for (CrrTable.Column column : table.columns()) {
            if (column.ordinal() > next) {
                marks.add(Quoting.text("0".repeat(column.ordinal() - next))); // of columns that went
            }
            marks.add("(" + changed(column) + ")");
            next = column.ordinal() + 1;
        }
        return parts(marks, COMPARED_AT_ONCE).stream()
                .map(some -> String.join("\n      || ", some))
                .collect(Collectors.joining(")\n    || (", "(", ")"));
    }

    private String keyChanged() {
        return table.keys().stream().map(TrackingTriggers::changed).collect(Collectors.joining(" OR "));
    }

    /** In groups, because SQLite does not nest expressions deeper than 1000. */
    private String anyChanged() {
        return parts(table.columns(), COMPARED_AT_ONCE).stream()
                .map(columns ->
                        columns.stream().map(TrackingTriggers::changed).collect(Collectors.joining("\n    OR ")))
                .collect(Collectors.joining(")\n    OR (", "(", ")"));
    }

    private static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            parts.add(all.subList(from, Math.min(from + size, all.size())));
        }
        return parts;
    }

    /** A number may become an equal one of another storage class, which {@link #refuseRealKeys} must see. */
    private static String changed(CrrTable.Key key) {
        String name = Quoting.name(key.name());
        String differs = "OLD." + name + " IS NOT NEW." + name;
        return key.affinity().storesEqualNumbersApart()
                ? differs + " OR typeof(OLD." + name + ") <> typeof(NEW." + name + ")"
                : differs;
    }

    /** COLLATE BINARY, because a change of case is a change also where the column's collation says otherwise. */
    static String changed(CrrTable.Column column) {
        String name = Quoting.name(column.name());
        return differ("OLD." + name, "NEW." + name, column.affinity());
    }

    /** A condition that two values of one affinity are not the same. */
    static String differ(String one, String other, Affinity affinity) {
        String differ = one + " COLLATE BINARY IS NOT " + other;
        return affinity.storesEqualNumbersApart()
                ? "(" + differ + " OR typeof(" + one + ") <> typeof(" + other + "))"
                : differ;
    }
}
