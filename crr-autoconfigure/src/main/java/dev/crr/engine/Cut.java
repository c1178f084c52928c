package dev.crr.engine;

import dev.crr.Horizon;
import dev.crr.SiteId;
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
 */
record Cut(SiteId own, Map<SiteId, Long> versions) {

    /** The one that is kept for these members, or a new one at this moment. */
    static Cut of(Connection connection, SiteId own, Set<SiteId> members) throws SQLException {
        Map<SiteId, Long> kept = new HashMap<>();
        Queries.list(
                connection,
                "SELECT site_id, version FROM crr_cut",
                row -> kept.put(SiteId.of(row.getBytes(1)), row.getLong(2)) == null);
        if (kept.keySet().equals(members)) {
            return new Cut(own, kept);
        }
        Map<SiteId, Long> now = new HashMap<>();
        for (SiteId member : members) {
            now.put(
                    member,
                    member.equals(own)
                            ? Queries.number(connection, "SELECT version FROM crr_state")
                            : Cursors.of(connection, member, null).received());
        }
        return new Cut(own, now);
    }

    /** That of this database's last clean-up, for members that need not be the same; null if there was none. */
    static @Nullable Cut ofLastRun(Connection connection, SiteId own, Set<SiteId> members) throws SQLException {
        for (Horizon horizon : Horizons.behind(connection, 0)) {
            if (horizon.siteId().equals(own)) {
                Map<SiteId, Long> versions = new HashMap<>();
                members.forEach(member -> versions.put(member, horizon.members().getOrDefault(member, 0L)));
                return horizon.members().keySet().equals(members) ? null : new Cut(own, versions);
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
            Queries.update(
                    connection,
                    "INSERT INTO crr_cut (site_id, version) VALUES (?, ?)",
                    site.getKey().bytes(),
                    site.getValue());
        }
    }

    static void forget(Connection connection) throws SQLException {
        Queries.update(connection, "DELETE FROM crr_cut");
    }
}
