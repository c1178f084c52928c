package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
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
 */
final class Horizons {

    private Horizons() {}

    /** Those there are; with their members only for whoever asks from before they were passed here. */
    static List<Horizon> behind(Connection connection, long since) throws SQLException {
        return Queries.list(
                connection,
                "SELECT site_id, run, version, since, epoch FROM crr_horizon ORDER BY site_id",
                row -> read(connection, row, since < row.getLong(4)));
    }

    private static Horizon read(Connection connection, ResultSet row, boolean withMembers) throws SQLException {
        SiteId site = SiteId.of(row.getBytes(1));
        Map<SiteId, Long> members = new HashMap<>();
        Map<SiteId, Epoch> epochs = new HashMap<>();
        if (withMembers) {
            Queries.list(
                    connection,
                    "SELECT site_id, received, epoch FROM crr_horizon_member WHERE horizon = ?",
                    member -> {
                        SiteId each = SiteId.of(member.getBytes(1));
                        members.put(each, member.getLong(2));
                        return note(epochs, each, member.getBytes(3));
                    },
                    (Object) site.bytes());
        }
        note(epochs, site, row.getBytes(5));
        return new Horizon(site, row.getLong(2), row.getLong(3), members, epochs);
    }

    static boolean note(Map<SiteId, Epoch> epochs, SiteId site, byte @Nullable [] epoch) {
        return epoch != null && epochs.put(site, Epoch.of(epoch)) == null;
    }

    /**
     * The version up to which the tombstones of this database may go, 0 for none. What others say of it counts only with the epoch:
     * an earlier release did not note it, and this database may have been restored since.
     */
    static long limit(Connection connection, SiteId own) throws SQLException {
        return Queries.number(
                connection,
                "SELECT max(received) FROM crr_horizon_member WHERE site_id = ?1 AND (horizon = ?1 OR epoch NOT NULL)",
                (Object) own.bytes());
    }

    /** Whether anything else than a changeset, which tells its horizons, may bring changes. */
    static void requireNone(Connection connection) throws SQLException {
        if (Queries.exists(connection, "SELECT 1 FROM crr_horizon")) {
            throw new HorizonException("tombstones were cleaned up here, and changes that are inserted into "
                    + ChangesView.NAME + " do not tell whether they are from before: send a changeset");
        }
    }

    /** Records that this database has a clean-up behind it. It takes a version, so that whoever asks from before is told. */
    static void pass(Connection connection, Horizon horizon, SiteId own, Map<String, CrrTable> catalogue)
            throws SQLException {
        Queries.update(connection, "UPDATE crr_state SET version = version + 1");
        Queries.update(connection, """
                INSERT INTO crr_horizon (site_id, run, version, since, epoch)
                  SELECT ?, ?, ?, version, ? FROM crr_state WHERE true
                ON CONFLICT DO UPDATE SET run = excluded.run, version = excluded.version, since = excluded.since,
                  epoch = excluded.epoch""", horizon.siteId().bytes(), horizon.run(), horizon.version(), bytes(horizon.epoch()));
        byte[] site = horizon.siteId().bytes();
        Queries.update(connection, "DELETE FROM crr_horizon_member WHERE horizon = ?", (Object) site);
        for (Map.Entry<SiteId, Long> member : horizon.members().entrySet()) {
            Epoch epoch = horizon.epochs().get(member.getKey());
            Queries.update(
                    connection,
                    "INSERT INTO crr_horizon_member (horizon, site_id, received, epoch) VALUES (?, ?, ?, ?)",
                    site,
                    member.getKey().bytes(),
                    // Whoever knew this database before it was restored knew nothing of what came after.
                    member.getKey().equals(own)
                            ? Epochs.reached(connection, member.getValue(), epoch)
                            : member.getValue(),
                    bytes(epoch));
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

    private static byte @Nullable [] bytes(@Nullable Epoch epoch) {
        return epoch == null ? null : epoch.bytes();
    }
}
