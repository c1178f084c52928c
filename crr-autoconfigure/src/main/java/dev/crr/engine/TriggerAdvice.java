package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.engine.UserTrigger.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a user's triggers whose effects peers multiply, as far as their text tells. Those that write only into the row that fires
 * them come to rest by themselves ({@link Reactions}), and so does what comes to the same on every instance.
 */
final class TriggerAdvice {

    private static final Logger log = LoggerFactory.getLogger(TriggerAdvice.class);

    private static final String CURE =
            "If all instances have this trigger, let it keep still while crr merges: give it the condition"
                    + " WHEN (SELECT merging FROM crr_state) IS NULL. See docs/schema-changes.md, \"Triggers of your own\".";

    private final UserTriggers triggers;
    private final SortedMap<String, CrrTable> replicated = new TreeMap<>();

    private TriggerAdvice(UserTriggers triggers, Map<String, CrrTable> catalogue) {
        this.triggers = triggers;
        catalogue.values().forEach(table -> replicated.put(SqlNames.fold(table.name()), table));
    }

    static void give(Connection connection) throws SQLException {
        UserTriggers triggers = UserTriggers.of(connection);
        if (!triggers.all().isEmpty()) {
            new TriggerAdvice(triggers, Catalogue.load(connection)).give();
        }
    }

    private void give() {
        for (UserTrigger trigger : triggers.all()) {
            CrrTable table = replicated.get(trigger.table());
            if (table == null || trigger.guarded()) {
                continue;
            }
            for (Write write : trigger.writes()) {
                CrrTable written = replicated.get(write.table());
                String fault = written == null ? null : fault(trigger, table, write, written);
                if (fault != null) {
                    log.warn("Trigger {} on table {} {} {}", trigger.name(), table.name(), fault, CURE);
                    break;
                }
            }
        }
    }

    private @Nullable String fault(UserTrigger trigger, CrrTable table, Write write, CrrTable written) {
        boolean itself = written.equals(table);
        if (itself && isOwnRow(write, table)) {
            return rekeys(write, table)
                    ? "changes the key of the row that fires it. Each instance does so again when it merges the row, and it may"
                            + " go on for ever."
                    : null;
        }
        if (!itself && triggers.comesBack(trigger, write)) {
            return "writes to table " + written.name() + ", and triggers there write to " + table.name()
                    + " in turn. Instances may answer each other for ever.";
        }
        return isRepeatable(write, written)
                ? null
                : "writes to " + (itself ? "other rows of it" : "table " + written.name())
                        + ". Each instance does so again when it merges the change, and what comes of it is replicated as"
                        + " well: the effect comes once per instance, or for ever.";
    }

    private static boolean isOwnRow(Write write, CrrTable table) {
        List<String> keys = keys(table);
        Map<String, String> same = write.sameAsRow();
        boolean byKey = keys.stream().allMatch(key -> key.equals(same.get(key)));
        return write.kind() == Write.Kind.UPDATE && (byKey || byRowid(same, table));
    }

    /** A key that is an alias of the rowid may be called either way. */
    private static boolean byRowid(Map<String, String> same, CrrTable table) {
        Set<String> names = new HashSet<>(Set.of("rowid"));
        if (table.keys().get(0).rowid()) {
            names.addAll(keys(table));
        }
        return same.entrySet().stream()
                .anyMatch(each -> names.contains(each.getKey()) && names.contains(each.getValue()));
    }

    private static boolean rekeys(Write write, CrrTable table) {
        return keys(table).stream().anyMatch(write.columns()::contains)
                || UserTrigger.ROWID.stream().anyMatch(write.columns()::contains);
    }

    /** An INSERT must name the key, or each instance makes a row of its own. */
    private static boolean isRepeatable(Write write, CrrTable table) {
        boolean named = write.kind() != Write.Kind.INSERT
                || write.columns().isEmpty()
                || write.columns().containsAll(keys(table));
        return write.repeatable() && named && (write.taken() || write.kind() != Write.Kind.INSERT);
    }

    private static List<String> keys(CrrTable table) {
        return table.keyNames().stream().map(SqlNames::fold).toList();
    }
}
