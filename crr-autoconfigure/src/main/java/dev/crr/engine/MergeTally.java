package dev.crr.engine;

import dev.crr.SiteId;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of the changes of one changeset, and notes which rows they changed. Changes that come from the quarantine are
 * not counted again.
 */
final class MergeTally {

    /** How many keys are kept, so that those of a million rows do not pile up in memory. */
    static final int MAX_KEYS = 10_000;

    /** The keys by table in which something changed, null where there were too many. */
    private final Map<CrrTable, @Nullable List<List<Value>>> keys = new LinkedHashMap<>();

    private final Map<SiteId, MergeTally> held = new LinkedHashMap<>();
    private int kept;
    private long applied;
    private long quarantined;
    private long left;

    void applied(CrrTable table, MergePlan plan) {
        for (IncomingRow.Item item : plan.applied()) {
            Quarantine.Reason reason = item.held();
            if (reason == null) {
                applied++;
            } else {
                MergeTally sender = ofHeld(reason.origin());
                sender.applied++;
                sender.keep(table, plan.incoming.key);
            }
        }
        keep(table, plan.incoming.key);
    }

    /** Counts a change that leaves the quarantine, whether it was applied or has lost. */
    void leaves(SiteId origin) {
        ofHeld(origin).left++;
    }

    /** Counts a change that came from the quarantine and cannot leave it. */
    void stays(SiteId origin) {
        ofHeld(origin).quarantined++;
    }

    private MergeTally ofHeld(SiteId origin) {
        return held.computeIfAbsent(origin, sender -> new MergeTally());
    }

    /** What became of changes that came from the quarantine, by who had sent them. */
    Map<SiteId, MergeTally> ofHeld() {
        return held;
    }

    private void keep(CrrTable table, List<Value> key) {
        if (!keys.containsKey(table)) {
            keys.put(table, new ArrayList<>());
        }
        List<List<Value>> ofTable = keys.get(table);
        // The cells of a row may be written one by one.
        if (ofTable == null
                || (!ofTable.isEmpty() && ofTable.get(ofTable.size() - 1).equals(key))) {
            return;
        }
        if (kept == MAX_KEYS) {
            kept -= ofTable.size();
            keys.put(table, null);
        } else {
            kept++;
            ofTable.add(key);
        }
    }

    void quarantined() {
        quarantined++;
    }

    long appliedCount() {
        return applied;
    }

    long quarantinedCount() {
        return quarantined;
    }

    /** Of changes from the quarantine, those that have lost. */
    long lostCount() {
        return left - applied;
    }

    /** What changed, by table. */
    Map<String, MergedRows> rows() {
        Map<String, MergedRows> rows = new LinkedHashMap<>();
        keys.forEach((table, ofTable) -> rows.put(
                table.name(),
                new MergedRows(
                        table.keyNames(),
                        ofTable == null ? List.of() : ofTable,
                        ofTable != null,
                        table.userTriggers() || table.ownersTriggers())));
        return rows;
    }
}
