package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.SiteId;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clean-ups of tombstones that this database has behind it, one per database that ran any.
 *
 * <p>Whoever has a clean-up behind it knew all deletions that were forgotten in it, and takes changesets only from others who have
 * it behind them as well. So no older state of a row can come back to where its tombstone is gone, however late and by whichever
 * way it comes: an old changeset, a restored file and a stranger do not have the clean-up behind them.
 */
final class Horizons {

    private static final int AT_ONCE = 512;

    private Horizons() {}

    /** Those there are; with their members only for whoever asks from before they were passed here. */
    static List<Horizon> behind(Connection connection, long since) throws SQLException {
        return Queries.list(
                connection,
                "SELECT site_id, run, version, since, epoch FROM main.crr_horizon ORDER BY site_id",
                row -> read(connection, row, since < row.getLong(4)));
    }

    private static Horizon read(Connection connection, ResultSet row, boolean withMembers) throws SQLException {
        SiteId site = SiteId.of(row.getBytes(1));
        Map<SiteId, Long> members = new HashMap<>();
        Map<SiteId, Epoch> epochs = new HashMap<>();
        if (withMembers) {
            Queries.list(
                    connection,
                    "SELECT site_id, received, epoch FROM main.crr_horizon_member WHERE horizon = ?",
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
                "SELECT max(received) FROM main.crr_horizon_member WHERE site_id = ?1 AND (horizon = ?1 OR epoch NOT NULL)",
                (Object) own.bytes());
    }

    /** Whether anything else than a changeset, which tells its horizons, may bring changes. */
    static void requireNone(Connection connection) throws SQLException {
        if (Queries.exists(connection, "SELECT 1 FROM main.crr_horizon")) {
            throw new HorizonException("tombstones were cleaned up here, and changes that are inserted into "
                    + ChangesView.NAME + " do not tell whether they are from before: send a changeset");
        }
    }

    /** Records that this database has a clean-up behind it. It takes a version, so that whoever asks from before is told. */
    static void pass(Connection connection, Horizon horizon, SiteId own, Map<String, CrrTable> catalogue)
            throws SQLException {
        Queries.update(connection, "UPDATE main.crr_state SET version = version + 1");
        Queries.update(
                connection, """
                INSERT INTO main.crr_horizon (site_id, run, version, since, epoch)
                  SELECT ?, ?, ?, version, ? FROM main.crr_state WHERE true
                ON CONFLICT DO UPDATE SET run = excluded.run, version = excluded.version, since = excluded.since,
                  epoch = excluded.epoch""", horizon.siteId().bytes(), horizon.run(), horizon.version(), bytes(horizon.epoch()));
        byte[] site = horizon.siteId().bytes();
        Queries.update(connection, "DELETE FROM main.crr_horizon_member WHERE horizon = ?", (Object) site);
        for (Map.Entry<SiteId, Long> member : horizon.members().entrySet()) {
            Epoch epoch = horizon.epochs().get(member.getKey());
            Queries.update(
                    connection,
                    "INSERT INTO main.crr_horizon_member (horizon, site_id, received, epoch) VALUES (?, ?, ?, ?)",
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
        Queries.update(connection, "DELETE FROM main.crr_horizon");
        Queries.update(connection, "DELETE FROM main.crr_horizon_member");
        Cut.forget(connection);
    }

    /** Of a row whose tombstone goes nothing may be left to be tried again one day. */
    private static void dropBuried(Connection connection, long limit, Map<String, CrrTable> catalogue)
            throws SQLException {
        for (CrrTable table : catalogue.values()) {
            for (String held : List.of("crr_quarantine", "crr_refused")) {
                dropBuried(connection, limit, table, held);
            }
        }
    }

    /** By keys, some at a time: values may be many and large. */
    private static void dropBuried(Connection connection, long limit, CrrTable table, String held) throws SQLException {
        byte[] last = new byte[0];
        List<byte[]> keys;
        do {
            keys = Queries.list(
                    connection,
                    "SELECT DISTINCT pk FROM main." + held + " WHERE \"table\" = ? AND pk > ? ORDER BY pk LIMIT "
                            + AT_ONCE,
                    row -> row.getBytes(1),
                    table.name(),
                    last);
            for (byte[] pk : keys) {
                last = pk;
                List<Value> key = PackedKey.unpack(pk);
                if (key.size() == table.keys().size()) {
                    Queries.update(
                            connection,
                            "DELETE FROM main." + held + " WHERE \"table\" = ? AND pk = ? AND cl <= ?",
                            table.name(),
                            pk,
                            buried(connection, table, key, limit));
                }
            }
        } while (keys.size() == AT_ONCE);
    }

    /** The causal length of a tombstone that goes, 0 if the row has none. */
    private static long buried(Connection connection, CrrTable table, List<Value> key, long limit) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement("SELECT __crr_cl FROM " + table.rowClocks()
                + " WHERE " + JdbcValues.equal(table.keyNames(), key) + " AND (__crr_cl & 1) = 0 AND __crr_version <= "
                + limit)) {
            JdbcValues.bind(find, 1, key);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static byte @Nullable [] bytes(@Nullable Epoch epoch) {
        return epoch == null ? null : epoch.bytes();
    }
}
