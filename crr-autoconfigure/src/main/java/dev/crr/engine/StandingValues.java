package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Keeps a user's triggers from overwriting what a merge decided on ({@link Reactions}). The row must end with that value, since its
 * clock tells of it; and no UPDATE from outside can put it back, since it would fire the same trigger. So temporary triggers see to
 * it inside: a write that changes nothing else is ignored before it happens, so that nobody reacts to it; of any other write the
 * rest stays. Nothing at all where no trigger writes into the table.
 */
final class StandingValues {

    private final CrrTable table;
    private final String mergedRows;
    private final List<Integer> columns;

    /**
     * @param mergedRows a temporary table of the rows merged, with the columns of {@link #declarations} after those of the key
     */
    StandingValues(CrrTable table, String mergedRows) {
        this.table = table;
        this.mergedRows = mergedRows;
        this.columns = table.reactions().written().stream().boxed().toList();
    }

    /** For each column that a trigger may write: whether it stands, and on what. */
    List<String> declarations() {
        List<String> declarations = new ArrayList<>();
        for (int i : columns) {
            declarations.add(stands(i) + " INTEGER");
            declarations.add(value(i) + " " + table.columns().get(i).affinity().declaration());
        }
        return declarations;
    }

    /** What these columns hold for a row. */
    List<Value> of(MergePlan plan, BitSet open) {
        List<Value> values = new ArrayList<>();
        for (int i : columns) {
            boolean stands = plan.action != MergePlan.Action.DELETE && Reactions.stands(plan, i, open);
            values.add(Value.of(stands ? 1 : 0));
            values.add(stands ? Reactions.standing(plan, i) : Value.NULL);
        }
        return values;
    }

    /**
     * Trigger names and their CREATE statements, for temporary triggers.
     *
     * @param present the columns that the table has in the file, replicated or not
     */
    Map<String, String> triggers(Collection<String> present) {
        Map<String, String> sql = new LinkedHashMap<>();
        if (columns.isEmpty()) {
            return sql;
        }
        String written = " UPDATE OF " + Quoting.names("", names());
        String overwritten = any(i -> stand(i) + " AND " + changed(i) + " AND " + overwritten(i));
        add(
                sql,
                "ignored",
                "BEFORE" + written,
                "OLD.",
                overwritten + " AND NOT " + anyElse(present),
                "SELECT RAISE(IGNORE);\n");
        add(sql, "put_back", "AFTER" + written, "NEW.", overwritten, putBack());
        if (table.reactions().lives()) {
            add(
                    sql,
                    "put_back_replaced",
                    "AFTER INSERT",
                    "NEW.",
                    any(i -> stand(i) + " AND " + overwritten(i)),
                    putBack());
        }
        return sql;
    }

    private void add(Map<String, String> sql, String kind, String event, String row, String condition, String body) {
        String name = table.name() + "__crr_standing_" + kind;
        sql.put(
                name,
                "CREATE TEMP TRIGGER " + Quoting.name(name) + " " + event + " ON main." + table.bareName()
                        + "\nWHEN (SELECT merging FROM main.crr_state) IS " + Quoting.text(table.name())
                        + " AND EXISTS (SELECT 1 FROM " + mergedRows + " m WHERE "
                        + Quoting.equal("m.", row, table.keyNames()) + " AND " + condition + ")\nBEGIN\n" + body
                        + "END");
    }

    private String putBack() {
        String assignments = columns.stream()
                .map(i -> name(i) + " = (SELECT CASE WHEN " + stand(i) + " THEN m." + value(i) + " ELSE NEW." + name(i)
                        + " END FROM " + mergedRows + " m WHERE " + Quoting.equal("m.", "NEW.", table.keyNames()) + ")")
                .collect(Collectors.joining(", "));
        return "UPDATE " + table.bareName() + " SET " + assignments + " WHERE "
                + Quoting.equal("", "NEW.", table.keyNames()) + ";\n";
    }

    /** Whether the write also changes something that a trigger may change. No trigger writes any other column. */
    private String anyElse(Collection<String> present) {
        List<String> changes = new ArrayList<>();
        for (int i : columns) {
            changes.add("NOT " + stand(i) + " AND " + changed(i));
        }
        for (String column : present) {
            if (table.reactions().others().contains(SqlNames.fold(column))) {
                String name = Quoting.name(column);
                changes.add(TrackingTriggers.differ("OLD." + name, "NEW." + name, Affinity.NONE));
            }
        }
        return "(" + String.join(" OR ", changes) + ")";
    }

    private String any(IntFunction<String> condition) {
        return columns.stream().map(condition::apply).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String changed(int column) {
        return TrackingTriggers.changed(table.columns().get(column));
    }

    private String overwritten(int column) {
        return TrackingTriggers.differ(
                "NEW." + name(column),
                "m." + value(column),
                table.columns().get(column).affinity());
    }

    private List<String> names() {
        return columns.stream().map(i -> table.columns().get(i).name()).toList();
    }

    private String name(int column) {
        return Quoting.name(table.columns().get(column).name());
    }

    private static String stand(int column) {
        return "m." + stands(column);
    }

    private static String stands(int column) {
        return "__crr_stands_" + column;
    }

    private static String value(int column) {
        return "__crr_value_" + column;
    }
}
