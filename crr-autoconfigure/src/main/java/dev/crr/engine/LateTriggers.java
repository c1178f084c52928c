package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Triggers of the user's own that were made after ours. SQLite fires the newest first, so one that deletes the row that it fires for,
 * or inserts it again, is tracked before the write that it reacts to. Making ours anew puts that right.
 */
final class LateTriggers {

    private static final Logger log = LoggerFactory.getLogger(LateTriggers.class);

    private LateTriggers() {}

    /** The tables with such triggers. None of those whose triggers stand aside. */
    static List<String> tables(Connection connection) throws SQLException {
        return Queries.list(connection, """
                SELECT DISTINCT ours.tbl_name FROM main.sqlite_master ours
                  JOIN main.sqlite_master users ON users.tbl_name = ours.tbl_name COLLATE NOCASE AND users.rowid > ours.rowid
                WHERE ours.type = 'trigger' AND ours.name = ours.tbl_name || '__crr_delete' COLLATE NOCASE
                  AND users.type = 'trigger' AND users.name NOT LIKE '%\\_\\_crr\\_%' ESCAPE '\\'""", row -> row.getString(1));
    }

    /** Makes ours the newest again, and accounts for rows that came and went meanwhile. */
    static void overtake(Connection connection, Map<String, CrrTable> catalogue, List<String> tables)
            throws SQLException {
        FileInstallation.changeTriggers(connection, () -> {
            Set<String> existing = InstalledTriggers.all(connection).keySet();
            for (String name : tables) {
                CrrTable table = catalogue.get(name);
                if (table != null) {
                    log.info(
                            "Table {} got a trigger since crr's own were made. They are made anew, because SQLite fires the"
                                    + " newest first.",
                            name);
                    InstalledTriggers.drop(connection, existing, TrackingTriggers.names(name));
                    for (String sql : TrackingTriggers.of(table).values()) {
                        InstalledTriggers.create(connection, sql);
                    }
                    Adoption.adoptRows(connection, table);
                    Adoption.buryMissingRows(connection, table);
                }
            }
        });
    }
}
