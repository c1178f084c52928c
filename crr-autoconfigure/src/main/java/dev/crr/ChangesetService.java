package dev.crr;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and merges changesets of this database. Thread-safe.
 *
 * <p>{@link #apply} joins the caller's transaction if there is one; if it fails there, the whole transaction can only be rolled
 * back. Everything that reads sees committed data only, also inside a transaction, whose own changes it does not see before they are
 * committed. It reads over a connection outside the pool, if the pool is Hikari's and has the starter's driver. With any other
 * {@code DataSource} it takes a second connection, and fails inside a transaction if there is none.
 */
public interface ChangesetService {

    /**
     * Names this database. The name changes if a copy of its file is found to be in use and this one gives way, so ask each time.
     *
     * @return the present site id
     */
    SiteId siteId();

    /**
     * Names the present stretch of this database's history.
     *
     * @return the epoch begun at the last start, or when this database last took a new site id
     */
    Epoch epoch();

    /**
     * The last change number given out.
     *
     * @return the version, 0 if nothing was ever written
     */
    long version();

    /**
     * Reads changes: one consistent snapshot, up to the query's limit or else the service's own.
     *
     * @param query which changes
     * @return the changes; {@link Changeset#more()} tells whether a further call, from {@link Changeset#version()}, would
     *     bring more
     * @throws UnknownVersionException if the query names an epoch this database never had, or a version past its end
     * @throws CrrException if the query names a table that does not replicate
     */
    Changeset changes(ChangeQuery query);

    /**
     * Asks the {@link ChangePolicy} about a peer, for one exchange with it.
     *
     * @param peer the peer
     * @return what applies to it, null if there is no policy, and so no limit
     * @throws PeerRefusedException if the policy does not admit the peer
     */
    default @Nullable PeerRules rules(PeerIdentity peer) {
        return null;
    }

    /**
     * Reads what a peer may read.
     *
     * @param query which changes
     * @param rules what applies to the peer; null for no limit
     * @return the changes; tables that the peer may not read are left out, and are unknown if the query names them
     * @throws UnknownVersionException also if the query names other rules than these, under which the peer must begin anew
     */
    default Changeset changes(ChangeQuery query, @Nullable PeerRules rules) {
        requireNone(rules);
        return changes(query);
    }

    /**
     * Reads all changes in successive changesets, each read when the stream comes to it, so that memory does not grow with
     * the database and no connection is held in between.
     *
     * @param query which changes; its limit is that of each changeset
     * @return at least one changeset; the last one has {@link Changeset#more()} false
     */
    Stream<Changeset> stream(ChangeQuery query);

    /**
     * Merges a changeset, all of it in one transaction, and moves the cursor for its sender. Applying a changeset again, or an
     * older one, changes nothing.
     *
     * @param changeset what another database sent
     * @return what became of it
     * @throws MalformedChangesetException if a field is out of bounds; nothing is applied
     * @throws QuarantineFullException if the sender has too many changes in quarantine; nothing is applied
     * @throws HorizonException if only one of the two has some clean-up of tombstones behind it; nothing is applied
     */
    MergeReport apply(Changeset changeset);

    /**
     * Does the same with a changeset that was fetched and not sent: a single change that is out of bounds is quarantined, and
     * the rest goes on, so that one odd record of a neighbour never blocks.
     *
     * @param changeset what was fetched from another database
     * @return what became of it
     * @throws QuarantineFullException if the sender has too many changes in quarantine; nothing is applied
     * @throws HorizonException if only one of the two has some clean-up of tombstones behind it; nothing is applied
     */
    MergeReport applyTolerantly(Changeset changeset);

    /**
     * Merges, as {@link #apply(Changeset)} does, what a peer may write, and sets the rest aside. The cursor for a peer that called
     * us is the caller's own.
     *
     * @param changeset what the peer sent
     * @param rules what applies to the peer; null for no limit
     * @return what became of it
     */
    default MergeReport apply(Changeset changeset, @Nullable PeerRules rules) {
        requireNone(rules);
        return apply(changeset);
    }

    /**
     * Merges, as {@link #applyTolerantly(Changeset)} does, what a peer may write, and sets the rest aside.
     *
     * @param changeset what was fetched from the peer
     * @param rules what applies to the peer; null for no limit
     * @return what became of it
     */
    default MergeReport applyTolerantly(Changeset changeset, @Nullable PeerRules rules) {
        requireNone(rules);
        return applyTolerantly(changeset);
    }

    private static void requireNone(@Nullable PeerRules rules) {
        if (rules != null) {
            throw new UnsupportedOperationException("this service knows no policy");
        }
    }

    /**
     * Lists changes that were set aside because they cannot be applied here: of a table or column that does not exist, against a
     * constraint, out of bounds, or refused by the {@link ChangePolicy}.
     *
     * @param limit how many at most
     * @return the changes, each with the reason
     */
    List<QuarantinedChange> quarantine(int limit);

    /**
     * Counts the changes in quarantine.
     *
     * @return how many there are
     */
    long quarantined();

    /**
     * Tells whether triggers of the application's own keep instances exchanging though nobody writes.
     *
     * @return those triggers, null if all comes to rest
     */
    default @Nullable RestlessTriggers restless() {
        return null;
    }

    /**
     * Tries the quarantined changes again, as every change of the schema does by itself. What the {@link ChangePolicy} refused is
     * judged anew, and only here. Joins the caller's transaction if there is one.
     *
     * @return what became of them, by sender
     */
    Map<SiteId, MergeReport> retryQuarantine();

    /**
     * Tries quarantined changes again whose rows were edited here since the last time. Each merge and each exchange with a peer does
     * so as well, and costs next to nothing where nothing is in quarantine.
     *
     * @return what became of them, by the database that had sent them
     */
    default Map<SiteId, MergeReport> retryChanged() {
        return Map.of();
    }

    /**
     * Gives quarantined changes up. They are lost to this database unless somebody sends them again.
     *
     * @param table of which table, null for all
     * @return how many there were
     */
    int clearQuarantine(@Nullable String table);

    /**
     * Tells for each database this one has exchanged changes with how far they have come.
     *
     * @return one entry per database and scope
     */
    List<TrackedPeer> trackedPeers();

    /**
     * Removes the tombstones of deleted rows that no member of the group needs any more, if {@code
     * crr.tombstones.cleanup-enabled} allows it. All members must have acknowledged directly what this database had when
     * this was first called with these members; until then it waits, and is to be called again. Changesets of anybody who does not
     * have the clean-up behind him are refused from then on. Not inside a transaction: it takes many short ones of its own.
     *
     * @param members all databases of the group, this one included
     * @param dryRun whether only to tell what would happen
     * @return what happened, or would
     * @throws CrrException if that is switched off, or cannot be done now; the message tells why
     */
    TombstoneReport cleanTombstones(Set<SiteId> members, boolean dryRun);

    /**
     * Lists the clean-ups of tombstones that this database has behind it, its own and those of other members.
     *
     * @return the latest of each database that ran any
     */
    List<Horizon> horizons();

    /**
     * Lists what replicates.
     *
     * @return the tables, by name
     */
    List<ReplicatedTable> tables();

    /**
     * Counts rows, at a cost that grows with the tables.
     *
     * @return the counts by table name
     */
    Map<String, RowCounts> rowCounts();
}
