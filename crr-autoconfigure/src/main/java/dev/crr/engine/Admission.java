package dev.crr.engine;

import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import dev.crr.TrackedPeer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets changesets in where tombstones were cleaned up. A clean-up travels with the changesets. To pass its {@link Horizons horizon} a
 * database must be a member, and must have everything up to the version that the clean-up was based on.
 */
final class Admission {

    private static final String CURE = " Start this instance from a snapshot of one that is further on.";

    /** No clean-up is ahead of another by more than this. */
    private static final long MAX_RUNS = 1_000_000;

    private final Connection connection;
    private final Map<String, CrrTable> catalogue;
    private final boolean cleansTombstones;
    private final @Nullable PeerRules rules;

    /**
     * @param cleansTombstones whether this database takes anybody's word for a clean-up
     * @param rules what the sender may write, null for everything
     */
    Admission(
            Connection connection,
            Map<String, CrrTable> catalogue,
            boolean cleansTombstones,
            @Nullable PeerRules rules) {
        this.connection = connection;
        this.catalogue = catalogue;
        this.cleansTombstones = cleansTombstones;
        this.rules = rules;
    }

    /**
     * Lets a changeset in if this database and the sender have the same clean-ups behind them, if need be by passing those that
     * the sender is ahead.
     *
     * @return whether to merge it; if not, it has only told of clean-ups that were passed
     * @throws HorizonException if it must not be merged, and has told nothing
     */
    boolean admits(Changeset changeset) throws SQLException {
        Map<SiteId, Horizon> ours = new LinkedHashMap<>();
        Horizons.behind(connection, Long.MAX_VALUE).forEach(horizon -> ours.put(horizon.siteId(), horizon));
        if (ours.isEmpty() && changeset.horizons().isEmpty()) {
            return true;
        }
        Map<SiteId, Horizon> theirs = new HashMap<>();
        changeset.horizons().forEach(horizon -> theirs.put(horizon.siteId(), horizon));
        SiteId own = Sites.own(connection);
        boolean passed = false;
        for (Horizon horizon : theirs.values()) {
            Horizon known = ours.get(horizon.siteId());
            if (known == null || known.run() < horizon.run()) {
                if (!isReady(changeset, horizon, known == null ? 0 : known.run(), own)) {
                    return false;
                }
                Horizons.pass(connection, horizon, own, catalogue);
                passed = true;
            }
        }
        for (Horizon horizon : ours.values()) {
            String fault = fault(changeset, horizon, theirs.get(horizon.siteId()));
            if (fault != null && passed) {
                return false; // Two clean-ups at the same time: each side has to pass that of the other.
            }
            if (fault != null) {
                throw new HorizonException(fault);
            }
        }
        return true;
    }

    /** Why a changeset must not come to where a horizon is passed, null if it may. */
    private static @Nullable String fault(Changeset changeset, Horizon ours, @Nullable Horizon theirs) {
        if (theirs == null || theirs.run() < ours.run()) {
            return "the changes of " + changeset.siteId() + " are from before clean-up "
                    + ours.run() + " of tombstones by " + ours.siteId()
                    + ", and might bring deleted rows back. A member of the group goes on by itself once it has fetched what it"
                    + " lacks; any other, or one restored from an older copy, has to start from a snapshot.";
        }
        boolean otherEpoch = theirs.epoch() != null
                && ours.epoch() != null
                && !theirs.epoch().equals(ours.epoch());
        if (theirs.run() == ours.run() && (theirs.version() != ours.version() || otherEpoch)) {
            return "the changes of " + changeset.siteId() + " follow another clean-up "
                    + ours.run() + " of tombstones by " + ours.siteId()
                    + " than the one known here: that database was restored from an older copy in between. Start what"
                    + " follows the restored one from a snapshot of the rest.";
        }
        return null;
    }

    /** Whether this database is past a clean-up; not as long as the sender has to find out first how far it has come. */
    private boolean isReady(Changeset changeset, Horizon horizon, long knownRun, SiteId own) throws SQLException {
        String cleanUp = "clean-up " + horizon.run() + " of tombstones by " + horizon.siteId();
        requireTrusted(cleanUp);
        if (horizon.siteId().equals(own)) {
            throw new HorizonException("this file is older than its own " + cleanUp + "." + CURE);
        }
        if (!horizon.members().containsKey(own)) {
            throw new HorizonException("this database, " + own + ", was not among the members at " + cleanUp + "."
                    + CURE + " Or run the clean-up there again with a list of members that has this one.");
        }
        long received = 0;
        long certain = 0;
        for (TrackedPeer peer : cursors(horizon.siteId())) {
            received = Math.max(received, peer.received());
            certain = Math.max(certain, certain(peer, changeset, horizon));
        }
        boolean uncertain = received >= horizon.version() && certain < horizon.version();
        if (uncertain && changeset.siteId().equals(horizon.siteId())) {
            return false; // The report tells it where the cursor is.
        }
        if (uncertain) {
            throw new HorizonException("this database has come to version " + received + " of " + horizon.siteId()
                    + ", but not in the epoch that " + cleanUp + " names: one of the two may have been restored from an"
                    + " older copy. It goes on by itself once it has exchanged changes with " + horizon.siteId() + ".");
        }
        if (received < horizon.version()) {
            throw new HorizonException("this database has come to version " + received + " of " + horizon.siteId()
                    + " only, but deletions up to " + horizon.version() + " were forgotten in " + cleanUp
                    + ": was it restored from an older copy?" + CURE);
        }
        long deletions = Quarantine.countDeletions(connection);
        if (deletions > 0) {
            throw new HorizonException(deletions + " deletions are in quarantine, and would be forgotten in " + cleanUp
                    + ". Retry the quarantine once they can be applied.");
        }
        if (horizon.run() > MAX_RUNS + knownRun) {
            throw new HorizonException("run " + horizon.run() + " of a clean-up is out of bounds");
        }
        return true;
    }

    /** Whoever may not write everything here must not have us forget anything either. */
    private void requireTrusted(String cleanUp) {
        if (!cleansTombstones) {
            throw new HorizonException("the sender has " + cleanUp + " behind it, which is not taken from anybody here:"
                    + " set crr.tombstones.cleanup-enabled=true if this database belongs to the group.");
        }
        PeerRules limits = rules;
        if (limits != null && catalogue.keySet().stream().anyMatch(table -> limits.writing(table) != TableAccess.ALL)) {
            throw new HorizonException("the sender tells of " + cleanUp
                    + ", which is not taken from somebody whom the policy does not let write everything.");
        }
    }

    /** How far this database has come with another: under a policy, callers have cursors of their own. */
    private List<TrackedPeer> cursors(SiteId site) throws SQLException {
        List<TrackedPeer> cursors = new ArrayList<>();
        cursors.add(Cursors.of(connection, site, null));
        if (rules != null) {
            cursors.add(Cursors.of(connection, site, rules.own(null)));
        }
        return cursors;
    }

    /**
     * Up to which version of the database that cleaned up a cursor tells that its changes are here. In another epoch than the
     * clean-up's only that database knows whether the one leads to the other; what it sends itself begins where that is so.
     */
    private static long certain(TrackedPeer peer, Changeset changeset, Horizon horizon) {
        Epoch epoch = peer.receivedEpoch();
        if (epoch == null || horizon.epoch() == null || epoch.equals(horizon.epoch())) {
            return peer.received();
        }
        boolean continued = changeset.siteId().equals(horizon.siteId())
                && Objects.equals(changeset.scope(), peer.scope())
                && Cursors.continues(changeset, peer);
        return continued ? changeset.since() : 0;
    }
}
