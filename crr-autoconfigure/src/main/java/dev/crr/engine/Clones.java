package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which site ids were taken by copies of a database that were found alive beside it, and from whom: {@code crr_clone}. Whoever
 * meant such a database by its former id may have meant either, so nothing that was remembered under that id holds.
 */
final class Clones {

    /** More than anybody has; what peers tell must end somewhere. */
    static final int MAX = 1000;

    private Clones() {}

    /** By new id, the former. */
    static Map<SiteId, SiteId> all(Connection connection) throws SQLException {
        Map<SiteId, SiteId> clones = new LinkedHashMap<>();
        Queries.list(
                connection,
                "SELECT site_id, former FROM main.crr_clone ORDER BY site_id",
                row -> clones.put(SiteId.of(row.getBytes(1)), SiteId.of(row.getBytes(2))));
        return clones;
    }

    /** Whether another database once had this site id too. */
    static boolean shared(Connection connection, SiteId site) throws SQLException {
        return Queries.exists(connection, "SELECT 1 FROM main.crr_clone WHERE former = ?", site.bytes());
    }

    /** When this database last took a new site id, in ISO 8601; null if it never did. */
    static @Nullable String lastTaken(Connection connection) throws SQLException {
        List<String> last = Queries.list(
                connection,
                "SELECT at FROM main.crr_clone WHERE at IS NOT NULL ORDER BY at DESC LIMIT 1",
                row -> row.getString(1));
        return last.isEmpty() ? null : last.get(0);
    }

    /**
     * Gives this database a new site id, a new epoch, and no past with anybody. All that it wrote is written by the new id from now
     * on: what the other database wrote under the shared one is left out for neither of them then.
     */
    static SiteId takeNewSiteId(Connection connection) throws SQLException {
        SiteId former = Sites.own(connection);
        SiteId fresh = SiteId.random();
        Queries.update(connection, "UPDATE main.crr_site SET site_id = ? WHERE ordinal = ?", fresh.bytes(), Sites.OWN);
        Queries.update(
                connection,
                "INSERT INTO main.crr_site (ordinal, site_id) SELECT max(ordinal) + 1, ? FROM main.crr_site",
                former.bytes());
        FileInstallation.beginEpoch(connection);
        Queries.update(
                connection,
                "INSERT INTO main.crr_clone (site_id, former, at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
                fresh.bytes(),
                former.bytes());
        Cursors.forgetAll(connection);
        return fresh;
    }

    /** Notes what a peer tells of two others, or of us and another. Returns whether it was news. */
    static boolean learn(Connection connection, SiteId copy, SiteId former) throws SQLException {
        SiteId own = Sites.own(connection);
        if (copy.equals(own)
                || copy.equals(former)
                || Queries.exists(connection, "SELECT 1 FROM main.crr_clone WHERE site_id = ?", copy.bytes())
                || Queries.number(connection, "SELECT count(*) FROM main.crr_clone") >= MAX) {
            return false;
        }
        Queries.update(
                connection, "INSERT INTO main.crr_clone (site_id, former) VALUES (?, ?)", copy.bytes(), former.bytes());
        if (former.equals(own)) {
            Cursors.forgetAll(connection);
        } else {
            Cursors.beginAnew(connection, former);
        }
        return true;
    }
}
