package dev.crr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one replica tells another: the changes after one of its versions.
 *
 * @param siteId the sender
 * @param epoch the sender's epoch that {@code version} belongs to, if the sender has epochs; of a piece of more, what goes for it
 * @param since the sender's version after which the changes begin
 * @param version the sender's version up to which they reach: what to ask from next time
 * @param exclude the site whose own changes were left out, if any
 * @param scope what else was left out, as {@link ChangeQuery#scope()} tells; null if nothing
 * @param more whether the sender has changes beyond {@code version}
 * @param changes the changes; those of one row record stand next to each other
 * @param horizons the clean-ups of tombstones that the sender had behind it
 * @param sinceEpoch the sender's epoch in which {@code since} was given out, as the receiver has it; null if the sender does not tell
 */
public record Changeset(
        SiteId siteId,
        @Nullable Epoch epoch,
        long since,
        long version,
        @Nullable SiteId exclude,
        @Nullable String scope,
        boolean more,
        List<Change> changes,
        List<Horizon> horizons,
        @Nullable Epoch sinceEpoch) {

    public Changeset {
        changes = List.copyOf(changes);
        horizons = List.copyOf(horizons);
    }

    /** A changeset of a database where tombstones were never cleaned up. */
    public Changeset(
            SiteId siteId,
            @Nullable Epoch epoch,
            long since,
            long version,
            @Nullable SiteId exclude,
            @Nullable String scope,
            boolean more,
            List<Change> changes) {
        this(siteId, epoch, since, version, exclude, scope, more, changes, List.of());
    }

    /** A changeset of which it is not known in which epoch it begins. */
    public Changeset(
            SiteId siteId,
            @Nullable Epoch epoch,
            long since,
            long version,
            @Nullable SiteId exclude,
            @Nullable String scope,
            boolean more,
            List<Change> changes,
            List<Horizon> horizons) {
        this(siteId, epoch, since, version, exclude, scope, more, changes, horizons, null);
    }

    /**
     * This changeset under another name of its scope: that by which the receiver keeps its cursor.
     *
     * @param name the scope, null for none
     * @return the changeset
     */
    public Changeset in(@Nullable String name) {
        return new Changeset(siteId, epoch, since, version, exclude, name, more, changes, horizons, sinceEpoch);
    }

    /**
     * The same, as reaching from one version of the sender to another.
     *
     * @param from the version to begin after
     * @param to the version up to which it reaches
     * @return the changeset
     */
    public Changeset between(long from, long to) {
        return new Changeset(siteId, epoch, from, to, exclude, scope, more, changes, horizons, sinceEpoch);
    }

    /**
     * The same without any changes.
     *
     * @return the changeset
     */
    public Changeset emptied() {
        return with(List.of());
    }

    /**
     * The same with other changes.
     *
     * @param others the changes
     * @return the changeset
     */
    public Changeset with(List<Change> others) {
        return new Changeset(siteId, epoch, since, version, exclude, scope, more, others, horizons, sinceEpoch);
    }

    /**
     * The same, as continuing what the receiver has of an epoch.
     *
     * @param known the sender's epoch in which {@code since} was given out, null if it is not known
     * @return the changeset
     */
    public Changeset continuing(@Nullable Epoch known) {
        return new Changeset(siteId, epoch, since, version, exclude, scope, more, changes, horizons, known);
    }
}
