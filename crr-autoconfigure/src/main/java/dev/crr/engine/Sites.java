package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites known to this database and the short ordinals that stand for them in the clocks. Each is looked up when it is first
 * needed, as a database may know many more sites than one operation meets. Lives as long as one operation.
 */
final class Sites implements AutoCloseable {

    /** The ordinal of this database. */
    static final int OWN = 0;

    private static final String ID = "SELECT site_id FROM main.crr_site WHERE ordinal = ?";
    private static final String ORDINAL = "SELECT ordinal FROM main.crr_site WHERE site_id = ?";
    // SQLite gives it the next ordinal.
    private static final String ADD = "INSERT INTO main.crr_site (site_id) VALUES (?) RETURNING ordinal";

    private final SiteId own;
    private final Batches statements;
    private final Map<SiteId, Integer> ordinals = new HashMap<>();
    private final Map<Integer, SiteId> ids = new HashMap<>();

    private Sites(Connection connection) throws SQLException {
        this.statements = new Batches(connection);
        this.own = own(connection);
        put(OWN, own);
    }

    static Sites of(Connection connection) throws SQLException {
        return new Sites(connection);
    }

    static SiteId own(Connection connection) throws SQLException {
        return Queries.list(
                        connection,
                        "SELECT site_id FROM main.crr_site WHERE ordinal = 0",
                        row -> SiteId.of(row.getBytes(1)))
                .get(0);
    }

    SiteId own() {
        return own;
    }

    SiteId id(int ordinal) throws SQLException {
        SiteId known = ids.get(ordinal);
        if (known != null) {
            return known;
        }
        PreparedStatement find = statements.statement(ID);
        find.setInt(1, ordinal);
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("no site has ordinal " + ordinal);
            }
            return put(ordinal, SiteId.of(row.getBytes(1)));
        }
    }

    /** The ordinal of a site, null if nothing it wrote is stored here. */
    @Nullable Integer known(SiteId id) throws SQLException {
        Integer known = ordinals.get(id);
        return known != null ? known : ask(ORDINAL, id);
    }

    /** The ordinal of a site, which is recorded if it is new. */
    int ordinal(SiteId id) throws SQLException {
        Integer known = known(id);
        if (known == null) {
            known = ask(ADD, id);
        }
        if (known == null) {
            throw new IllegalStateException("the site " + id + " got no ordinal");
        }
        return known;
    }

    private @Nullable Integer ask(String sql, SiteId id) throws SQLException {
        PreparedStatement statement = statements.statement(sql);
        statement.setBytes(1, id.bytes());
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            int ordinal = row.getInt(1);
            put(ordinal, id);
            return ordinal;
        }
    }

    private SiteId put(int ordinal, SiteId id) {
        ordinals.put(id, ordinal);
        ids.put(ordinal, id);
        return id;
    }

    @Override
    public void close() throws SQLException {
        statements.close();
    }
}
