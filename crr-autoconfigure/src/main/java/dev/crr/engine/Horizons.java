package dev.crr.engine;

import dev.crr.Changeset;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.PeerRules;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The clean-ups of tombstones that this database has behind it, one per database that ran any.
 *
 * <p>Whoever has a clean-up behind it knew all deletions that were forgotten in it, and takes changesets only from others who have
 * it behind them as well. So no older state of a row can come back to where its tombstone is gone, however late and by whichever
 * way it comes: an old changeset, a restored file and a stranger do not have the clean-up behind them.
 *
 * <p>A clean-up travels with the changesets. To pass a horizon a database must be a member, and must have everything up to the
 * version that the clean-up was based on.
 */
final class Horizons {

    private static final String CURE = " Start this instance from a snapshot of one that is further on.";

    /** No clean-up is ahead of another by more than this. */
    private static final long MAX_RUNS = 1_000_000;

    private Horizons() {}

    /**
     * Whose word for a clean-up is to be taken.
     *
     * @param believed whether this database takes part in clean-ups at all
     * @param rules what the sender may write, null for everything
     */
    record Sender(boolean believed, @Nullable PeerRules rules) {

        /** Whoever may not write everything here must not have us forget anything either. */
        void require(String cleanUp, Collection<String> tables) {
            if (!believed) {
                throw new HorizonException(
                        "the sender has " + cleanUp + " behind it, which is not taken from anybody here:"
                                + " set crr.tombstones.cleanup-enabled=true if this database belongs to the group.");
            }
            if (rules != null && tables.stream().anyMatch(table -> rules.writing(table) != TableAccess.ALL)) {
                throw new HorizonException("the sender tells of " + cleanUp
                        + ", which is not taken from somebody whom the policy does not let write everything.");
            }
        }

        /** How far this database has come with the sender: under a policy, callers have cursors of their own. */
        long received(Connection connection, SiteId site) throws SQLException {
            long received = Cursors.of(connection, site, null).received();
            return rules == null
                    ? received
                    : Math.max(
                            received,
                            Cursors.of(connection, site, rules.own(null)).received());
        }
    }

    /** Those there are; with their members only for whoever asks from before they were passed here. */
    static List<Horizon> behind(Connection connection, long since) throws SQLException {
        return Queries.list(
                connection,
                "SELECT site_id, run, version, since FROM crr_horizon ORDER BY site_id",
                row -> new Horizon(
                        SiteId.of(row.getBytes(1)),
                        row.getLong(2),
                        row.getLong(3),
                        since < row.getLong(4) ? members(connection, row.getBytes(1)) : Map.of()));
    }

    /** The version up to which the tombstones of this database may go, 0 for none. */
    static long limit(Connection connection, SiteId own) throws SQLException {
        return Queries.number(
                connection, "SELECT max(received) FROM crr_horizon_member WHERE site_id = ?", (Object) own.bytes());
    }

    /** Whether anything else than a changeset, which tells its horizons, may bring changes. */
    static void requireNone(Connection connection) throws SQLException {
        if (Queries.exists(connection, "SELECT 1 FROM crr_horizon")) {
            throw new HorizonException("tombstones were cleaned up here, and changes that are inserted into "
                    + ChangesView.NAME + " do not tell whether they are from before: send a changeset");
        }
    }

    /**
     * Lets a changeset in if this database and the sender have the same clean-ups behind them, if need be by passing those that
     * the sender is ahead.
     *
     * @return whether to merge it; if not, it has only told of clean-ups that were passed
     * @throws HorizonException if it must not be merged, and has told nothing
     */
    static boolean admit(Connection connection, Changeset changeset, Map<String, CrrTable> catalogue, Sender sender)
            throws SQLException {
        Map<SiteId, Horizon> ours = new LinkedHashMap<>();
        behind(connection, Long.MAX_VALUE).forEach(horizon -> ours.put(horizon.siteId(), horizon));
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
                requireReady(connection, horizon, own, sender, catalogue.keySet());
                if (horizon.run() > MAX_RUNS + (known == null ? 0 : known.run())) {
                    throw new HorizonException("run " + horizon.run() + " of a clean-up is out of bounds");
                }
                pass(connection, horizon, own, catalogue);
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
        if (theirs.run() == ours.run() && theirs.version() != ours.version()) {
            return "the changes of " + changeset.siteId() + " follow another clean-up "
                    + ours.run() + " of tombstones by " + ours.siteId()
                    + " than the one known here: that database was restored from an older copy in between. Start what"
                    + " follows the restored one from a snapshot of the rest.";
        }
        return null;
    }

    private static void requireReady(
            Connection connection, Horizon horizon, SiteId own, Sender sender, Collection<String> tables)
            throws SQLException {
        String cleanUp = "clean-up " + horizon.run() + " of tombstones by " + horizon.siteId();
        sender.require(cleanUp, tables);
        if (horizon.siteId().equals(own)) {
            throw new HorizonException("this file is older than its own " + cleanUp + "." + CURE);
        }
        if (!horizon.members().containsKey(own)) {
            throw new HorizonException("this database, " + own + ", was not among the members at " + cleanUp + "."
                    + CURE + " Or run the clean-up there again with a list of members that has this one.");
        }
        long received = sender.received(connection, horizon.siteId());
        if (received < horizon.version()) {
            throw new HorizonException("this database has come to version " + received + " of " + horizon.siteId()
                    + " only, but deletions up to " + horizon.version() + " were forgotten in " + cleanUp
                    + ": was it restored from an older copy?" + CURE);
        }
        long deletions = Quarantine.countDeletions(connection) + Refused.countDeletions(connection);
        if (deletions > 0) {
            throw new HorizonException(deletions + " deletions are in quarantine, and would be forgotten in " + cleanUp
                    + ". Retry the quarantine once they can be applied.");
        }
    }

    /** Records that this database has a clean-up behind it. It takes a version, so that whoever asks from before is told. */
    static void pass(Connection connection, Horizon horizon, SiteId own, Map<String, CrrTable> catalogue)
            throws SQLException {
        Queries.update(connection, "UPDATE crr_state SET version = version + 1");
        Queries.update(connection, """
                INSERT INTO crr_horizon (site_id, run, version, since) SELECT ?, ?, ?, version FROM crr_state WHERE true
                ON CONFLICT DO UPDATE SET run = excluded.run, version = excluded.version, since = excluded.since""", horizon.siteId().bytes(), horizon.run(), horizon.version());
        byte[] site = horizon.siteId().bytes();
        Queries.update(connection, "DELETE FROM crr_horizon_member WHERE horizon = ?", (Object) site);
        // Whatever others say of this database: it gave out no more than this.
        long given = Queries.number(connection, "SELECT version FROM crr_state");
        for (Map.Entry<SiteId, Long> member : horizon.members().entrySet()) {
            Queries.update(
                    connection,
                    "INSERT INTO crr_horizon_member (horizon, site_id, received) VALUES (?, ?, ?)",
                    site,
                    member.getKey().bytes(),
                    member.getKey().equals(own) ? Math.min(given, member.getValue()) : member.getValue());
        }
        Floors.noteDormant(connection);
        dropBuried(connection, limit(connection, own), catalogue);
    }

    /** Forgets all clean-ups, so that nobody who has any behind it takes anything from here. */
    static void forget(Connection connection) throws SQLException {
        Queries.update(connection, "DELETE FROM crr_horizon");
        Queries.update(connection, "DELETE FROM crr_horizon_member");
        Cut.forget(connection);
    }

    /** Of a row whose tombstone goes nothing may be left to be tried again one day. */
    private static void dropBuried(Connection connection, long limit, Map<String, CrrTable> catalogue)
            throws SQLException {
        Quarantine quarantine = new Quarantine(connection, Integer.MAX_VALUE);
        for (QuarantinedChange held : Quarantine.list(connection, Integer.MAX_VALUE)) {
            if (isBuried(connection, catalogue, held, limit)) {
                quarantine.remove(held.change());
            }
        }
        for (QuarantinedChange refused : Refused.list(connection, Integer.MAX_VALUE)) {
            if (isBuried(connection, catalogue, refused, limit)) {
                Refused.remove(connection, refused.change());
            }
        }
    }

    private static boolean isBuried(
            Connection connection, Map<String, CrrTable> catalogue, QuarantinedChange held, long limit)
            throws SQLException {
        CrrTable table = catalogue.get(held.change().table());
        return table != null
                && held.change().key().size() == table.keys().size()
                && isBuried(connection, table, held, limit);
    }

    private static boolean isBuried(Connection connection, CrrTable table, QuarantinedChange held, long limit)
            throws SQLException {
        String key = IntStream.range(0, table.keys().size())
                .mapToObj(i -> Quoting.name(table.keyNames().get(i)) + " = "
                        + JdbcValues.placeholder(held.change().key().get(i)))
                .collect(Collectors.joining(" AND "));
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT __crr_cl, __crr_version FROM " + table.rowClocks() + " WHERE " + key)) {
            JdbcValues.bind(find, 1, held.change().key());
            try (ResultSet row = find.executeQuery()) {
                return row.next()
                        && (row.getLong(1) & 1) == 0
                        && row.getLong(2) <= limit
                        && held.change().cl() <= row.getLong(1);
            }
        }
    }

    private static Map<SiteId, Long> members(Connection connection, byte[] horizon) throws SQLException {
        Map<SiteId, Long> members = new HashMap<>();
        Queries.list(
                connection,
                "SELECT site_id, received FROM crr_horizon_member WHERE horizon = ?",
                row -> members.put(SiteId.of(row.getBytes(1)), row.getLong(2)) == null,
                (Object) horizon);
        return members;
    }
}
