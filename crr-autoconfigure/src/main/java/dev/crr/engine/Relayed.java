package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Up to which version this database has changes that did not come from their author: {@code crr_relayed}. What came from the author
 * itself it has. What came by way of another it may have lost, if its file was restored from an older copy; so it cannot be left out.
 */
final class Relayed {

    private Relayed() {}

    /** Whether anything after a version may be lacking where it was written. */
    static boolean mayBeLacking(Connection connection, SiteId author, long since) throws SQLException {
        return Queries.exists(
                connection,
                "SELECT 1 FROM main.crr_relayed r JOIN main.crr_site s ON s.ordinal = r.site WHERE s.site_id = ? AND r.version > ?",
                author.bytes(),
                since);
    }

    /** What there is of these authors up to the present version did not all come from them. */
    static void note(Connection connection, Collection<Integer> authors) throws SQLException {
        if (!authors.isEmpty()) {
            note(connection, "ordinal IN (SELECT value FROM json_each(?))", authors.toString());
        }
    }

    /** An author may lack what it wrote, whichever way it came here. */
    static void note(Connection connection, SiteId author) throws SQLException {
        note(connection, "site_id = ?", author.bytes());
    }

    /** Records of all authors got new versions. */
    static void noteAll(Connection connection) throws SQLException {
        note(connection, "ordinal <> ?", Sites.OWN);
    }

    private static void note(Connection connection, String which, Object parameter) throws SQLException {
        Queries.update(
                connection,
                "INSERT INTO main.crr_relayed (site, version) SELECT ordinal, (SELECT version FROM main.crr_state) FROM main.crr_site"
                        + " WHERE " + which + " ON CONFLICT DO UPDATE SET version = excluded.version",
                parameter);
    }
}
