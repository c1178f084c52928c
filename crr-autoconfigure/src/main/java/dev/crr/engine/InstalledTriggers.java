package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The triggers of ours that a file has. */
final class InstalledTriggers {

    private InstalledTriggers() {}

    /**
     * Whether the triggers are there, say what they should, and are newer than the user's own: SQLite fires the newest first, and
     * a user's trigger must find the row's clock in place.
     */
    static boolean areCurrent(Connection connection, CrrTable table) throws SQLException {
        return track(connection, table) && !Queries.exists(connection, """
                SELECT 1 FROM sqlite_master users JOIN sqlite_master ours ON users.tbl_name = ours.tbl_name
                WHERE users.type = 'trigger' AND ours.type = 'trigger' AND users.tbl_name = ? AND users.rowid > ours.rowid
                  AND ours.name LIKE '%\\_\\_crr\\_%' ESCAPE '\\' AND users.name NOT LIKE '%\\_\\_crr\\_%' ESCAPE '\\'""", table.name());
    }

    /** Whether the triggers are there and say what they should. */
    static boolean track(Connection connection, CrrTable table) throws SQLException {
        return all(connection).entrySet().containsAll(TrackingTriggers.of(table).entrySet());
    }

    /** A table that was renamed still has the triggers made for its old name. */
    static void dropStrays(Connection connection) throws SQLException {
        List<String> strays = Queries.list(connection, """
                SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'
                  AND substr(name, 1, length(tbl_name) + 6) <> tbl_name || '__crr_' COLLATE NOCASE""", row -> row.getString(1));
        for (String stray : strays) {
            Queries.execute(connection, "DROP TRIGGER " + Quoting.name(stray));
        }
    }

    /** All our triggers and their SQL, by name in any case. */
    static Map<String, String> all(Connection connection) throws SQLException {
        Map<String, String> triggers = new TreeMap<>(SqlNames.ORDER);
        Queries.list(
                connection,
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'",
                row -> triggers.put(row.getString(1), row.getString(2)));
        return triggers;
    }

    /** Drops those of the triggers that exist. */
    static void drop(Connection connection, Set<String> existing, List<String> triggers) throws SQLException {
        for (String trigger : triggers) {
            if (existing.contains(trigger)) {
                Queries.execute(connection, "DROP TRIGGER IF EXISTS " + Quoting.name(trigger));
            }
        }
    }
}
