package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;

/** What the file says of single columns. */
public final class Columns {

    private Columns() {}

    /**
     * Whether a column makes numbers of text that looks like one, and so rounds what a double cannot hold.
     *
     * @param connection a connection
     * @param table name of the table, in any case
     * @param column name of the column, in any case
     * @return whether it does; false if there is no such column
     * @throws SQLException if the database fails
     */
    public static boolean isNumeric(Connection connection, String table, String column) throws SQLException {
        TableShape shape = TableShape.read(connection, table);
        return shape != null
                && shape.columns().stream()
                        .anyMatch(each -> SqlNames.same(each.name(), column)
                                && shape.affinity(each).isNumeric());
    }
}
