package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The triggers of ours that a file has. */
final class InstalledTriggers {

    private static final Pattern KINDS =
            Pattern.compile("insert|delete|rekey|update|touch_\\w+", Pattern.CASE_INSENSITIVE);

    private InstalledTriggers() {}

    /**
     * Whether the triggers are there, say what they should, and are newer than the user's own: SQLite fires the newest first, and
     * a user's trigger must find the row's clock in place.
     */
    static boolean areCurrent(Connection connection, CrrTable table) throws SQLException {
        return track(connection, table) && !Queries.exists(connection, """
                SELECT 1 FROM main.sqlite_master users JOIN main.sqlite_master ours ON users.tbl_name = ours.tbl_name
                WHERE users.type = 'trigger' AND ours.type = 'trigger' AND users.tbl_name = ? AND users.rowid > ours.rowid
                  AND ours.name LIKE '%\\_\\_crr\\_%' ESCAPE '\\' AND users.name NOT LIKE '%\\_\\_crr\\_%' ESCAPE '\\'""", table.name());
    }

    /** Whether the triggers are there and say what they should. */
    private static boolean track(Connection connection, CrrTable table) throws SQLException {
        return all(connection).entrySet().containsAll(TrackingTriggers.of(table).entrySet());
    }

    /**
     * Drops the triggers that a renamed table still has from its old name. A user's trigger may be called as it likes.
     *
     * @return the tables that were renamed away, in lower case
     */
    static Set<String> dropStrays(Connection connection) throws SQLException {
        Set<String> renamed = new HashSet<>();
        for (String stray : Queries.list(connection, """
                SELECT name FROM main.sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'
                  AND substr(name, 1, length(tbl_name) + 6) <> tbl_name || '__crr_' COLLATE NOCASE""", row -> row.getString(1))) {
            int end = stray.lastIndexOf("__crr_");
            String table = SqlNames.fold(stray.substring(0, end));
            String kind = stray.substring(end + "__crr_".length());
            if (KINDS.matcher(kind).matches()
                    && Queries.exists(connection, "SELECT 1 FROM main.crr_table WHERE name = ?", table)) {
                Queries.execute(connection, "DROP TRIGGER main." + Quoting.name(stray));
                renamed.add(table);
            }
        }
        return renamed;
    }

    /**
     * Whether there are all the triggers that track a table, whatever they say: another release may have made them.
     *
     * @param version the version before this start: columns that joined since have no triggers yet
     */
    static boolean areComplete(Set<String> triggers, CrrTable table, long version) {
        boolean hadColumns = table.columns().stream().anyMatch(column -> column.since() <= version);
        return TrackingTriggers.names(table.name()).stream()
                .filter(name -> hadColumns || !name.equals(TrackingTriggers.updateName(table.name())))
                .allMatch(triggers::contains);
    }

    /** Drops the triggers that track a table, also those to which another release gave other names. */
    static void dropTracking(Connection connection, String table) throws SQLException {
        drop(connection, all(connection).keySet(), TrackingTriggers.names(table));
        List<String> others = Queries.list(connection, """
                SELECT name FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE
                  AND substr(name, 1, length(?1) + 6) = ?1 || '__crr_' COLLATE NOCASE AND sql LIKE '%crr\\_state%' ESCAPE '\\'""", row -> row.getString(1), table);
        for (String other : others) {
            if (CoarseTriggers.among(Set.of(other), table).isEmpty()) {
                Queries.execute(connection, "DROP TRIGGER main." + Quoting.name(other));
            }
        }
    }

    /** All our triggers and their SQL, by name in any case. */
    static Map<String, String> all(Connection connection) throws SQLException {
        Map<String, String> triggers = new TreeMap<>(SqlNames.ORDER);
        Queries.list(
                connection,
                "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'",
                row -> triggers.put(row.getString(1), row.getString(2)));
        return triggers;
    }

    /** Makes a trigger in the file, also where a temporary table has the name of the table it is for. */
    static void create(Connection connection, String sql) throws SQLException {
        Queries.execute(connection, sql.replaceFirst("CREATE TRIGGER ", "CREATE TRIGGER main."));
    }

    /** Drops those of the triggers that exist. */
    static void drop(Connection connection, Set<String> existing, List<String> triggers) throws SQLException {
        for (String trigger : triggers) {
            if (existing.contains(trigger)) {
                Queries.execute(connection, "DROP TRIGGER IF EXISTS main." + Quoting.name(trigger));
            }
        }
    }
}
