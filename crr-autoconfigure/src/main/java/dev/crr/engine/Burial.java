package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Records the deletion of rows that are gone without any trigger having seen it, as soon as a merge meets them: the merge decides as if
 * they were deleted, and so must everybody else. Not where our triggers were taken away, as by a migration at work: then the rows may
 * only just be missing, and the next start accounts for them.
 */
final class Burial {

    /** How many of our triggers watch whether rows come and go: those for inserts, deletes and changes of the key. */
    private static final int WATCHING = 3;

    private final Connection connection;
    private final CrrTable table;

    Burial(Connection connection, CrrTable table) {
        this.connection = connection;
        this.table = table;
    }

    /** What is here of the rows, with their deletions recorded. */
    LocalRow[] recorded(LocalRow[] local) throws SQLException {
        Boolean watched = null;
        for (int i = 0; i < local.length; i++) {
            if (local[i].missing) {
                if (watched == null) {
                    watched = InstalledTriggers.all(connection)
                            .keySet()
                            .containsAll(TrackingTriggers.names(table.name()).subList(0, WATCHING));
                }
                if (watched) {
                    local[i] = local[i].buriedAt(bury(local[i].version));
                }
            }
        }
        return local;
    }

    /** Its cells go with {@link ClockTables}. */
    private long bury(long row) throws SQLException {
        Queries.update(connection, "UPDATE main.crr_state SET version = version + 1");
        Queries.update(
                connection,
                "UPDATE OR FAIL " + table.rowClocks() + " SET __crr_version = (SELECT version FROM main.crr_state),"
                        + " __crr_cl = __crr_cl + 1, __crr_site = 0 WHERE __crr_version = ?",
                row);
        return Queries.number(connection, "SELECT version FROM main.crr_state");
    }
}
