package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Columns that change their type. Which of two edits of one version wins is a matter of their order, and the order of two values
 * is another one in a column of another affinity. So what instances decided while their schemas differed need not be the same,
 * and is decided once more: each instance, at its upgrade, announces the column again and asks its peers for what they have.
 */
final class RetypedColumns {

    private static final Logger log = LoggerFactory.getLogger(RetypedColumns.class);

    private RetypedColumns() {}

    /**
     * @param columns the ordinals of those that changed
     */
    static void decideAgain(Connection connection, CrrTable table, Set<Integer> columns) throws SQLException {
        log.info(
                "Columns {} of table {} have another type: what they hold is announced again.",
                table.columns().stream()
                        .filter(column -> columns.contains(column.ordinal()))
                        .map(CrrTable.Column::name)
                        .toList(),
                table.name());
        takeForm(connection, table, columns);
        Adoption.announceAgain(connection, table, columns);
        Cursors.askAgain(connection);
    }

    /**
     * Where only the declaration changed (PRAGMA writable_schema), values still have the form of the former type, which no peer's
     * has. Not where a user's triggers would take that for an edit.
     */
    private static void takeForm(Connection connection, CrrTable table, Set<Integer> columns) throws SQLException {
        if (table.userTriggers()) {
            return;
        }
        Queries.update(connection, "UPDATE main.crr_state SET merging = ?", table.name());
        for (CrrTable.Column column : table.columns()) {
            String name = Quoting.name(column.name());
            String others = column.affinity().isNumeric()
                    ? "'text'"
                    : column.affinity() == Affinity.TEXT ? "'integer', 'real'" : "";
            if (columns.contains(column.ordinal()) && !others.isEmpty()) {
                Queries.execute(
                        connection,
                        "UPDATE " + table.quoted() + " SET " + name + " = " + name + " WHERE typeof(" + name + ") IN ("
                                + others + ")");
            }
        }
        Queries.execute(connection, "UPDATE main.crr_state SET merging = NULL");
    }
}
