package dev.crr.engine;

import dev.crr.SiteId;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of the changes of one changeset, and notes which rows they changed. Changes that come from the quarantine are
 * not counted again.
 */
final class MergeTally {

    /** How many keys are kept, so that those of a million rows do not pile up in memory. */
    static final int MAX_KEYS = 10_000;

    private static final int MAX_EDITED = 100;

    /** The keys by table in which something changed, null where there were too many. */
    private final Map<CrrTable, @Nullable List<List<Value>>> keys = new LinkedHashMap<>();

    /** Who wrote what was applied. */
    private final Set<SiteId> authors = new HashSet<>();

    /** Of whom something was applied that had come before, maybe when its author still had it. */
    private final Set<SiteId> authorsOfHeld = new HashSet<>();

    /** The merged rows in which a user's trigger made an edit; not all if there are many. */
    private final Set<RestlessWatch.Row> edited = new HashSet<>();

    private final SortedMap<String, List<String>> triggers = new TreeMap<>();
    private final Map<SiteId, MergeTally> held = new LinkedHashMap<>();
    private boolean edits;
    private boolean news;
    private long versions;

    private int kept;
    private long applied;
    private long quarantined;
    private long left;

    void applied(CrrTable table, MergePlan plan) {
        for (IncomingRow.Item item : plan.applied()) {
            (item.isHeld() ? authorsOfHeld : authors).add(item.change().siteId());
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
        // The row that goes is counted by the table's own trigger, too.
        versions += plan.action == MergePlan.Action.DELETE && plan.local.alive() ? 2 : 1;
        news |= table.reactions().isNews(plan);
        if (table.userTriggers()) {
            triggers.put(table.name(), table.reactions().triggers());
        }
    }

    /** A user's trigger made an edit in a merged row. */
    void edited(CrrTable table, MergePlan plan) {
        edits = true;
        if (edited.size() < MAX_EDITED) {
            edited.add(new RestlessWatch.Row(table.name(), plan.incoming.key));
        }
    }

    /** How many versions the merge itself took. */
    long versions() {
        return versions;
    }

    RestlessWatch.Trace trace(long before, long after) {
        return new RestlessWatch.Trace(before, after, news, edits || after - before > versions, edited, triggers);
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

    /**
     * Of whom something was applied that the sender had from others.
     *
     * @param sender the sender, null if what it wrote itself does not count as from itself
     */
    Set<SiteId> relayed(@Nullable SiteId sender) {
        Set<SiteId> relayed = new HashSet<>(authors);
        relayed.remove(sender);
        relayed.addAll(authorsOfHeld);
        return relayed;
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
