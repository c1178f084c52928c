package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A column that replicates again, or for the first time after it was local. Nobody watched it meanwhile: a cell that holds
 * something else than the column's default counts as edited now, the others lose to what any peer has, and peers are asked.
 */
final class ReturnedColumn {

    private ReturnedColumn() {}

    /**
     * @param since the first version whose rows had it
     * @param dropped the version at which it went
     */
    static void wake(
            Connection connection,
            TableShape shape,
            TableShape.ShapeColumn column,
            int ordinal,
            long since,
            long dropped)
            throws SQLException {
        String name = shape.name();
        String living = Quoting.inFile(name + "__crr_row") + " r CROSS JOIN " + Quoting.inFile(name) + " t ON "
                + Quoting.equal(
                        "t.",
                        "r.",
                        shape.keys().stream().map(TableShape.ShapeColumn::name).toList())
                + " CROSS JOIN main.crr_state s WHERE r.__crr_cl & 1 AND t." + Quoting.name(column.name());
        String standard = column.defaultSql() == null ? "NULL" : "(" + column.defaultSql() + ")";
        String insert = "INSERT INTO " + Quoting.inFile(name + "__crr_cell")
                + " (row, col, col_version, version, site) SELECT ";
        // Made while it was gone, so that it was never there.
        Queries.update(
                connection,
                insert + "r.__crr_version, ?1, NULL, r.__crr_version, 0 FROM " + living + " IS " + standard
                        + " AND r.__crr_version >= ?2 AND r.__crr_version > ?3"
                        + " ON CONFLICT (row, col) DO UPDATE SET col_version = NULL",
                ordinal,
                since,
                dropped);
        if (column.defaultSql() != null) {
            // NULL loses to any value of the same version. Any other default has to be one version behind.
            Queries.update(
                    connection,
                    insert + "r.__crr_version, ?1, 0, r.__crr_version, r.__crr_site FROM " + living + " IS " + standard
                            + " AND r.__crr_version BETWEEN ?2 AND ?3"
                            + " ON CONFLICT (row, col) DO UPDATE SET col_version = max(col_version - 1, 0)",
                    ordinal,
                    since,
                    dropped);
        }
        int edited = Queries.update(
                connection,
                insert + "r.__crr_version, ?1, CASE WHEN r.__crr_version BETWEEN ?2 AND ?3 THEN 2 ELSE 1 END,"
                        + " s.version + row_number() OVER (ORDER BY r.__crr_version), 0 FROM " + living + " IS NOT "
                        + standard
                        + " ON CONFLICT (row, col) DO UPDATE SET col_version = coalesce(col_version, 0) + 1,"
                        + " version = excluded.version, site = 0",
                ordinal,
                since,
                dropped);
        Queries.update(connection, "UPDATE main.crr_state SET version = version + ?", edited);
        Queries.update(
                connection,
                "UPDATE main.crr_column SET dropped = NULL WHERE \"table\" = ? AND ordinal = ?",
                name,
                ordinal);
        Cursors.askAgain(connection);
    }
}
