package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The largest causal length of the tombstones that were removed from each table. A new key begins above it: it may be one whose
 * tombstone went here and stands elsewhere still, which must not win.
 */
final class Floors {

    private static final Logger log = LoggerFactory.getLogger(Floors.class);

    private Floors() {}

    static long of(Connection connection, String table) throws SQLException {
        return Queries.number(connection, "SELECT cl FROM main.crr_floor WHERE \"table\" = ?", table);
    }

    /** Raises the floor of a table, and has its triggers know of it. */
    static void raise(Connection connection, CrrTable table, long cl) throws SQLException {
        if (cl < table.firstCl()) {
            return;
        }
        Queries.update(connection, """
                INSERT INTO main.crr_floor ("table", cl, missed) VALUES (?, ?, 0)
                ON CONFLICT DO UPDATE SET cl = max(cl, excluded.cl)""", table.name(), cl);
        CrrTable raised = Catalogue.load(connection).get(table.name());
        if (raised != null) {
            Set<String> triggers = InstalledTriggers.all(connection).keySet();
            InstalledTriggers.drop(connection, triggers, TrackingTriggers.names(table.name()));
            for (String sql : TrackingTriggers.of(raised).values()) {
                InstalledTriggers.create(connection, sql);
            }
        }
    }

    /** Notes which tables are dormant while this database passes a horizon: it does not know what was deleted from them. */
    static void noteDormant(Connection connection) throws SQLException {
        Queries.update(connection, """
                INSERT INTO main.crr_floor ("table", cl, missed) SELECT name, 0, 1 FROM main.crr_table WHERE NOT active
                ON CONFLICT DO UPDATE SET missed = 1""");
    }

    /** If the table was dormant during a clean-up, this database is not past that horizon after all. */
    static void requireNothingMissed(Connection connection, String table) throws SQLException {
        if (Queries.exists(connection, "SELECT 1 FROM main.crr_floor WHERE \"table\" = ? AND missed", table)) {
            Horizons.forget(connection);
            log.warn(
                    "Table {} replicates again, but did not while its tombstones were cleaned up, and may have rows that were"
                            + " deleted. The other instances of the group take no changes from here any more: start this"
                            + " instance from a snapshot of one of them.",
                    table);
        }
    }
}
