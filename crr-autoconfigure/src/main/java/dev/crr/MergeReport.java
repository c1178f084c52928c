package dev.crr;

import org.jspecify.annotations.Nullable;

/**
 * What became of a changeset.
 *
 * @param siteId this database
 * @param epoch this database's present epoch
 * @param received this database's cursor for the sender, in the changeset's scope, after the merge
 * @param receivedEpoch the sender's epoch that belongs to {@code received}
 * @param applied how many changes won and were stored
 * @param ignored how many lost or were known already
 * @param quarantined how many were set aside because they cannot be applied here
 * @param version this database's version after the merge
 */
public record MergeReport(
        SiteId siteId,
        Epoch epoch,
        long received,
        @Nullable Epoch receivedEpoch,
        long applied,
        long ignored,
        long quarantined,
        long version) {

    /**
     * This report and that of a later merge in one.
     *
     * @param later the later report
     * @return the later one, with the counts of both
     */
    public MergeReport plus(MergeReport later) {
        return new MergeReport(
                later.siteId,
                later.epoch,
                later.received,
                later.receivedEpoch,
                applied + later.applied,
                ignored + later.ignored,
                quarantined + later.quarantined,
                later.version);
    }
}
