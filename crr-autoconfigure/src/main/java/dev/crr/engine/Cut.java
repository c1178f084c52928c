package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this database had at one moment: everything of each site up to some version, its own up to the version it was at. Kept
 * until all members of the group are known to have that as well.
 *
 * @param own this database
 * @param versions by site
 * @param epochs in which these versions were given out, by site, as far as known
 */
record Cut(SiteId own, Map<SiteId, Long> versions, Map<SiteId, Epoch> epochs) {

    /** The one that is kept for these members, or a new one at this moment. */
    static Cut of(Connection connection, SiteId own, Set<SiteId> members) throws SQLException {
        Cut kept = new Cut(own, new HashMap<>(), new HashMap<>());
        Queries.list(connection, "SELECT site_id, version, epoch FROM main.crr_cut", row -> {
            SiteId site = SiteId.of(row.getBytes(1));
            kept.versions.put(site, row.getLong(2));
            return Horizons.note(kept.epochs, site, row.getBytes(3));
        });
        if (kept.versions.keySet().equals(members)) {
            return kept;
        }
        Cut now = new Cut(own, new HashMap<>(), new HashMap<>());
        for (SiteId member : members) {
            if (member.equals(own)) {
                long version = Queries.number(connection, "SELECT version FROM main.crr_state");
                now.put(member, version, Epochs.of(connection, version));
            } else {
                TrackedPeer peer = Cursors.of(connection, member, null);
                now.put(member, peer.received(), peer.receivedEpoch());
            }
        }
        return now;
    }

    private void put(SiteId site, long version, @Nullable Epoch epoch) {
        versions.put(site, version);
        if (epoch != null) {
            epochs.put(site, epoch);
        }
    }

    /** That of this database's last clean-up, for members that need not be the same; null if there was none. */
    static @Nullable Cut ofLastRun(Connection connection, SiteId own, Set<SiteId> members) throws SQLException {
        for (Horizon horizon : Horizons.behind(connection, 0)) {
            if (horizon.siteId().equals(own)) {
                Map<SiteId, Long> versions = new HashMap<>();
                members.forEach(member -> versions.put(member, horizon.members().getOrDefault(member, 0L)));
                return horizon.members().keySet().equals(members) ? null : new Cut(own, versions, horizon.epochs());
            }
        }
        return null;
    }

    /** The own version. */
    long version() {
        return versions.getOrDefault(own, 0L);
    }

    void keep(Connection connection) throws SQLException {
        forget(connection);
        for (Map.Entry<SiteId, Long> site : versions.entrySet()) {
            Epoch epoch = epochs.get(site.getKey());
            Queries.update(
                    connection,
                    "INSERT INTO main.crr_cut (site_id, version, epoch) VALUES (?, ?, ?)",
                    site.getKey().bytes(),
                    site.getValue(),
                    epoch == null ? null : epoch.bytes());
        }
    }

    static void forget(Connection connection) throws SQLException {
        Queries.update(connection, "DELETE FROM main.crr_cut");
    }
}
