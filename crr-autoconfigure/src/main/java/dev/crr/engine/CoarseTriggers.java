package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The triggers that stand in while the schema changes, and note which cells are touched. No body of theirs names anything but the
 * key, and SQLite lets a column be dropped or renamed that only an UPDATE OF clause names. A merge, by another process on the
 * same file, writes its clocks itself.
 */
final class CoarseTriggers {

    /** Noted as the column of a row that came, went or changed its key: all its columns count. */
    static final int WHOLE_ROW = 0;

    /** Noted as the column of any update, for columns that have no trigger because they are new. */
    static final int UPDATED = -1;

    /** Noted as the column of a row that was deleted and did not come again: in a table that is made anew later, no row tells. */
    static final int DELETED = -2;

    /** The column of the notes that tells which column was touched, by ordinal. */
    static final String COLUMN = "__crr_col";

    private static final String NOTES = "__crr_touched";
    private static final String PREFIX = "__crr_touch_";

    /** Instead of the insert trigger's: nobody watched for some time before these triggers came. */
    private static final String LATE = "late";

    private CoarseTriggers() {}

    /** Whether they stand in and missed nothing, by the names of all triggers. */
    static boolean standIn(Set<String> triggers, String table) {
        return triggers.containsAll(List.of(
                table + PREFIX + "insert",
                table + PREFIX + "delete",
                table + PREFIX + "key",
                table + PREFIX + "update"));
    }

    /** Those of the triggers that stand in for a table's, whatever columns it had when they were made. */
    static List<String> among(Set<String> triggers, String table) {
        String prefix = table + PREFIX;
        return triggers.stream()
                .filter(trigger -> trigger.regionMatches(true, 0, prefix, 0, prefix.length()))
                .toList();
    }

    /** The table of notes. */
    static String notes(String table) {
        return table + NOTES;
    }

    /** Whether rows may have been noted, be the triggers still there or not. */
    static boolean haveNotes(Connection connection, CrrTable table) throws SQLException {
        return Queries.exists(
                connection,
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
                table.name() + NOTES);
    }

    /** Forgets what was noted of columns that are accounted for otherwise. */
    static void forget(Connection connection, CrrTable table, Set<Integer> columns) throws SQLException {
        for (int column : columns) {
            Queries.update(connection, "DELETE FROM " + table.touchedKeys() + " WHERE " + COLUMN + " = ?", column);
        }
    }

    static void dropNotes(Connection connection, String table) throws SQLException {
        Queries.execute(connection, "DROP TABLE IF EXISTS main." + Quoting.name(table + NOTES));
    }

    /**
     * @param watched whether all writes were noted until now; if not, what happened before must not count as noted
     */
    static void create(Connection connection, CrrTable table, boolean watched) throws SQLException {
        createNotes(connection, table);
        String came = note(table, WHOLE_ROW, "NEW.") + isBack(table);
        String went = note(table, WHOLE_ROW, "OLD.") + note(table, DELETED, "OLD.");
        add(connection, table, watched ? "insert" : LATE, "INSERT", came);
        add(connection, table, "delete", "DELETE", went);
        add(connection, table, "key", "UPDATE OF " + table.keyAssignments(), went + came);
        add(connection, table, "update", "UPDATE", note(table, UPDATED, "NEW."));
        for (CrrTable.Column column : table.columns()) {
            add(
                    connection,
                    table,
                    Integer.toString(column.ordinal()),
                    "UPDATE OF " + Quoting.name(column.name()),
                    note(table, column.ordinal(), "NEW."));
        }
    }

    static void createNotes(Connection connection, CrrTable table) throws SQLException {
        Queries.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS " + table.touchedKeys() + " ("
                        + table.keys().stream()
                                .map(key -> Quoting.name(key.name()) + " "
                                        + key.affinity().declaration())
                                .collect(Collectors.joining(", "))
                        + ", " + COLUMN + " INTEGER, PRIMARY KEY (" + Quoting.names("", table.keyNames()) + ", "
                        + COLUMN
                        + "))");
    }

    private static String note(CrrTable table, int column, String row) {
        return "INSERT INTO " + table.bareTouchedKeys() + " (" + Quoting.names("", table.keyNames()) + ", " + COLUMN
                + ") SELECT " + Quoting.names(row, table.keyNames()) + ", " + column
                + " WHERE true ON CONFLICT DO NOTHING;\n";
    }

    private static String isBack(CrrTable table) {
        return "DELETE FROM " + table.bareTouchedKeys() + " WHERE " + Quoting.equal("", "NEW.", table.keyNames())
                + " AND " + COLUMN + " = " + DELETED + ";\n";
    }

    private static void add(Connection connection, CrrTable table, String kind, String event, String body)
            throws SQLException {
        Queries.execute(
                connection,
                "CREATE TRIGGER IF NOT EXISTS main." + Quoting.name(table.name() + PREFIX + kind) + " AFTER " + event
                        + " ON "
                        + table.bareName() + "\nWHEN (SELECT merging FROM crr_state) IS NOT "
                        + Quoting.text(table.name())
                        + "\nBEGIN\n" + body + "END");
    }
}
