package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Refuses foreign keys that SQLite checks. A child may arrive before its parent, and the delete of a parent may meet a child that
 * somebody else added: set aside on each side for good, the two would leave instances different for ever.
 */
final class ForeignKeyCheck {

    private static final String SWITCHED_ON =
            "remove foreign_keys from spring.datasource.hikari.data-source-properties, from the URL and from the pool's"
                    + " connection-init-sql; if none of them has it, end the migration that left it on with PRAGMA"
                    + " foreign_keys = OFF";

    private ForeignKeyCheck() {}

    /** Whether keys are checked is up to the connection, so this is asked at every start, whatever the schema did. */
    static List<TableProblem> problems(Connection connection, Collection<TableSpec> specs) throws SQLException {
        List<TableProblem> problems = new ArrayList<>();
        if (Queries.number(connection, "PRAGMA foreign_keys") == 0) {
            return problems;
        }
        for (TableSpec spec : specs) {
            problems.addAll(Queries.list(
                    connection,
                    "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?, 'main')",
                    row -> new TableProblem(
                            spec.table(),
                            spec.entity(),
                            row.getString(1),
                            "Its foreign key to \"" + row.getString(2)
                                    + "\" is checked, and a row may arrive before the one it refers to.",
                            "Leave checking off (" + SWITCHED_ON + "), or drop the REFERENCES clause in a migration."),
                    spec.table()));
            problems.addAll(Queries.list(
                    connection,
                    """
                    SELECT m.name FROM main.sqlite_master m JOIN pragma_foreign_key_list(m.name, 'main') k
                    WHERE m.type = 'table' AND k."table" = ?1 COLLATE NOCASE AND k.on_delete IN ('NO ACTION', 'RESTRICT')""",
                    row -> new TableProblem(
                            spec.table(),
                            spec.entity(),
                            null,
                            "A checked foreign key of \"" + row.getString(1)
                                    + "\" would keep rows here that were deleted elsewhere.",
                            "Declare it ON DELETE CASCADE or ON DELETE SET NULL, or leave checking off (" + SWITCHED_ON
                                    + ")."),
                    spec.table()));
        }
        return problems;
    }
}
