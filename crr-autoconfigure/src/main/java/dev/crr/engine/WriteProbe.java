package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;

/** Finds out whether a database can be written and can grow, and leaves it as it was. */
public final class WriteProbe {

    private WriteProbe() {}

    /**
     * Takes a few pages and gives them back. The caller commits, which is part of the probe.
     *
     * @param connection in a transaction that may write
     * @throws SQLException if it cannot be written
     */
    public static void run(Connection connection) throws SQLException {
        Queries.update(
                connection,
                "INSERT INTO main.crr_quarantine (\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq, origin, reason, retry)"
                        + " VALUES ('', x'', '', zeroblob(65536), 0, 0, x'', 0, 0, x'', '', 0)");
        Queries.update(connection, "DELETE FROM main.crr_quarantine WHERE \"table\" = '' AND pk = x'' AND cid = ''");
    }
}
