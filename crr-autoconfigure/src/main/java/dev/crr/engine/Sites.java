package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sites known to this database and the short ordinals that stand for them in the clocks. Lives as long as one operation. */
final class Sites {

    /** The ordinal of this database. */
    static final int OWN = 0;

    private final Connection connection;
    private final Map<SiteId, Integer> ordinals = new HashMap<>();
    private final Map<Integer, SiteId> ids = new HashMap<>();

    private Sites(Connection connection) {
        this.connection = connection;
    }

    static Sites load(Connection connection) throws SQLException {
        Sites sites = new Sites(connection);
        sites.read();
        return sites;
    }

    /** Forgets ordinals that were recorded in a savepoint since rolled back. */
    void reload() throws SQLException {
        ordinals.clear();
        ids.clear();
        read();
    }

    static SiteId own(Connection connection) throws SQLException {
        return Queries.list(
                        connection, "SELECT site_id FROM crr_site WHERE ordinal = 0", row -> SiteId.of(row.getBytes(1)))
                .get(0);
    }

    SiteId own() {
        return id(OWN);
    }

    SiteId id(int ordinal) {
        SiteId id = ids.get(ordinal);
        if (id == null) {
            throw new IllegalStateException("no site has ordinal " + ordinal);
        }
        return id;
    }

    /** The ordinal of a site, null if nothing it wrote is stored here. */
    @Nullable Integer known(SiteId id) {
        return ordinals.get(id);
    }

    /** The ordinal of a site, which is recorded if it is new. */
    int ordinal(SiteId id) throws SQLException {
        Integer known = ordinals.get(id);
        if (known != null) {
            return known;
        }
        int next = ids.keySet().stream().mapToInt(Integer::intValue).max().orElse(OWN) + 1;
        Queries.update(connection, "INSERT INTO crr_site (ordinal, site_id) VALUES (?, ?)", next, id.bytes());
        put(next, id);
        return next;
    }

    private void read() throws SQLException {
        Queries.list(
                connection,
                "SELECT ordinal, site_id FROM crr_site",
                row -> put(row.getInt(1), SiteId.of(row.getBytes(2))));
    }

    private boolean put(int ordinal, SiteId id) {
        ordinals.put(id, ordinal);
        ids.put(ordinal, id);
        return true;
    }
}
