package dev.crr.engine;

import dev.crr.Change;
import dev.crr.QuarantinedChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The names under which changes were set aside, for tables and columns that were not here. Once they are, what was set aside under
 * another spelling of their names is found under the one that the file has.
 */
final class QuarantinedNames {

    /** How many changes are renamed at once: their values may be large. */
    private static final int AT_ONCE = 100;

    private record Names(String table, String cid) {}

    private QuarantinedNames() {}

    /** Finds out for which of them there is a table and a column by now, and lets them be tried. */
    static void recognise(Connection connection, Map<String, CrrTable> catalogue) throws SQLException {
        for (Names held : Queries.list(
                connection,
                "SELECT DISTINCT \"table\", cid FROM main.crr_quarantine",
                row -> new Names(row.getString(1), row.getString(2)))) {
            CrrTable table = catalogue.get(held.table());
            int column = table == null ? -1 : table.indexOf(held.cid());
            if (table != null && (column >= 0 || held.cid().equals(Change.ROW))) {
                recognise(connection, held, table, column);
            }
        }
    }

    private static void recognise(Connection connection, Names held, CrrTable table, int column) throws SQLException {
        Names here = new Names(table.name(), column < 0 ? held.cid() : table.spelled(column, held.cid()));
        if (here.equals(held)) {
            Queries.update(
                    connection,
                    "UPDATE main.crr_quarantine SET retry = ? WHERE \"table\" = ? AND cid = ? AND retry = ?",
                    Quarantine.Retry.ALWAYS.ordinal(),
                    held.table(),
                    held.cid(),
                    Quarantine.Retry.AS_SPELLED.ordinal());
            return;
        }
        // There is room for all of it: it was there before.
        try (Quarantine quarantine = new Quarantine(connection, QuarantineLimit.NONE)) {
            List<QuarantinedChange> some = some(connection, held);
            while (!some.isEmpty()) {
                Affinity affinity =
                        column < 0 ? null : table.columns().get(column).affinity();
                for (QuarantinedChange each : some) {
                    quarantine.remove(each.change());
                    quarantine.put(
                            each.change().called(here.table(), here.cid()),
                            new Quarantine.Reason(each.reason(), Quarantine.Retry.ALWAYS, each.origin()),
                            affinity);
                }
                some = some(connection, held);
            }
        }
    }

    private static List<QuarantinedChange> some(Connection connection, Names held) throws SQLException {
        return Pieces.of(
                connection,
                "SELECT " + Quarantine.COLUMNS + " FROM main.crr_quarantine WHERE \"table\" = ? AND cid = ? AND "
                        + Quarantine.TRIED + " LIMIT ?",
                Quarantine::read,
                QuarantinedChange::change,
                held.table(),
                held.cid(),
                AT_ONCE);
    }
}
