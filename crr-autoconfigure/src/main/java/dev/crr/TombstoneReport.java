package dev.crr;

import java.util.List;
import java.util.Map;

/**
 * What became of a clean-up of tombstones, or would.
 *
 * @param dryRun whether nothing was changed
 * @param version this database's version that all members must have, and up to which tombstones go then
 * @param tables the tables that replicate
 * @param behind the members that have not acknowledged that version yet; while there are any, only what an earlier clean-up allows
 *     is removed
 */
public record TombstoneReport(boolean dryRun, long version, Map<String, Table> tables, List<Behind> behind) {

    public TombstoneReport {
        tables = Map.copyOf(tables);
        behind = List.copyOf(behind);
    }

    /**
     * The tombstones of a table.
     *
     * @param removed how many were removed; in a dry run, how many would be
     * @param left how many stay
     */
    public record Table(long removed, long left) {}

    /**
     * A member that the clean-up waits for.
     *
     * @param siteId the member
     * @param acknowledged this database's version up to which it is known to have everything, 0 if it never exchanged everything
     *     with this database directly
     * @param missing how many versions it lacks
     */
    public record Behind(SiteId siteId, long acknowledged, long missing) {}
}
