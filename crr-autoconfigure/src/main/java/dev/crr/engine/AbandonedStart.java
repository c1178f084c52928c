package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells a start that is at work on the schema from one whose process is gone, so that another process on the same file can take
 * the tables back in. Whoever stands aside keeps a snapshot of the file open ({@link BeforeMigration}), which SQLite lets go of
 * when the process ends, however it ends. While it is open, no checkpoint passes what was committed after it.
 */
final class AbandonedStart {

    /** Somebody stands aside, and keeps no snapshot (yet). */
    private static final String NOT_KEPT = "UPDATE main.crr_state SET aside = NULL";

    private AbandonedStart() {}

    /** Standing aside begins, or is over. In the transaction that exchanges the triggers. */
    static void clear(Connection connection) throws SQLException {
        if (FileFormat.of(connection) > 0) {
            Queries.execute(connection, NOT_KEPT);
        }
    }

    /** A snapshot is kept from now on. The commit of this very note is what no checkpoint passes. */
    static void note(Connection connection) throws SQLException {
        if (FileFormat.of(connection) > 0) {
            Queries.update(
                    connection,
                    "UPDATE main.crr_state SET aside = ?",
                    ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
        }
    }

    /** The note of whoever stands aside and keeps a snapshot; 0 if nobody does. */
    static long noted(Connection connection) throws SQLException {
        return Queries.number(connection, "SELECT aside FROM main.crr_state");
    }

    /**
     * Whether nobody keeps a snapshot from before the last commit. Where some reader does for other reasons, it may be asked again.
     *
     * @param connection outside any transaction
     */
    static boolean isOver(Connection connection) throws SQLException {
        try (PreparedStatement checkpoint = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
                ResultSet row = checkpoint.executeQuery()) {
            return row.next() && row.getInt(1) == 0 && row.getInt(2) >= 0 && row.getInt(2) == row.getInt(3);
        }
    }

    /** The replicated tables for which coarse triggers stand in. */
    static List<String> tables(Connection connection) throws SQLException {
        return Queries.list(connection, """
                SELECT t.name FROM main.crr_table t JOIN main.sqlite_master m ON m.tbl_name = t.name COLLATE NOCASE
                WHERE t.active AND m.type = 'trigger' AND m.name = t.name || '__crr_touch_update' COLLATE NOCASE
                ORDER BY t.name""", row -> row.getString(1));
    }
}
