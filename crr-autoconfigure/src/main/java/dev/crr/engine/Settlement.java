package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SiteId;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the changes of a row in the quarantine, once the row is written or could not be. */
final class Settlement {

    private final CrrTable table;
    private final Quarantine quarantine;
    private final Refused refused;
    private final SiteId origin;
    private final MergeTally tally;

    Settlement(TableMerge.Context context, CrrTable table) {
        this.table = table;
        this.quarantine = context.quarantine();
        this.refused = context.refused();
        this.origin = context.origin();
        this.tally = context.tally();
    }

    /** Lets go of what was set aside before and is not any more, and sets aside what could not be applied. */
    void settle(MergePlan plan, List<Rejection> unwritten) throws SQLException {
        for (IncomingRow.Item item : plan.refusals) {
            refused.put(changeOf(plan, item), origin, affinity(item));
            tally.quarantined();
        }
        if (plan.rejections.isEmpty() && unwritten.isEmpty() && !plan.incoming.anyHeld()) {
            return;
        }
        IdentityHashMap<IncomingRow.Item, Rejection> rejections = new IdentityHashMap<>();
        for (Rejection rejection : plan.rejections) {
            // A change of an earlier life has lost, but only once the later one is written.
            if (rejection.item().change().cl() >= plan.cl || !unwritten.isEmpty()) {
                rejections.put(rejection.item(), rejection);
            }
        }
        unwritten.forEach(rejection -> rejections.put(rejection.item(), rejection));
        for (IncomingRow.Item item : plan.incoming.items) {
            Quarantine.Reason reason = item.held();
            if (reason != null && !rejections.containsKey(item)) {
                quarantine.remove(item.change());
                tally.leaves(reason.origin());
            }
        }
        for (Rejection rejection : rejections.values()) {
            IncomingRow.Item item = rejection.item();
            Quarantine.Reason before = item.held();
            if (before == null) {
                Quarantine.Retry retry = item.judged() && item.isOfUnknownColumn()
                        ? Quarantine.Retry.AS_SPELLED
                        : Quarantine.Retry.ALWAYS;
                quarantine.put(
                        changeOf(plan, item), new Quarantine.Reason(rejection.reason(), retry, origin), affinity(item));
                tally.quarantined();
            } else {
                tally.stays(before.origin());
                if (!before.text().equals(rejection.reason())) {
                    quarantine.explain(
                            item.change(),
                            new Quarantine.Reason(rejection.reason(), Quarantine.Retry.ALWAYS, before.origin()));
                }
            }
        }
    }

    private @Nullable Affinity affinity(IncomingRow.Item item) {
        return item.column() < 0 ? null : table.columns().get(item.column()).affinity();
    }

    /** The change under the key as this table stores it, so that all changes of a row are found together. */
    private static Change changeOf(MergePlan plan, IncomingRow.Item item) {
        Change change = item.change();
        return new Change(
                change.table(),
                plan.incoming.key,
                change.cid(),
                change.val(),
                change.colVersion(),
                change.dbVersion(),
                change.siteId(),
                change.cl(),
                change.seq());
    }

    static List<Rejection> reject(List<IncomingRow.Item> items, SQLException fault) {
        String reason = String.valueOf(fault.getMessage());
        return items.stream().map(item -> new Rejection(item, reason)).toList();
    }
}
