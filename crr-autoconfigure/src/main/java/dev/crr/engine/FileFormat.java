package dev.crr.engine;

import dev.crr.NewerFormatException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The number of the format that a file is in: {@code crr_state.format}. A release refuses files of a larger number than its own
 * before it changes anything: it would take for deleted what a later one keeps out of sight. Whoever keeps something in a file
 * that an earlier release must not meet writes a larger number.
 */
final class FileFormat {

    /** To be raised with every change of the triggers, the view, the catalogue, or anything that an earlier release would misread. */
    static final long CURRENT = 3;

    /**
     * Releases before format 3 know no numbers. All of them make an index of this name where there is none, before anything else,
     * and SQLite refuses to do so beside a table of the name: they fail, and their transaction is rolled back.
     */
    static final String KEEPS_OUT = "crr_refused_sender";

    private FileFormat() {}

    /**
     * Refuses a file that a later release has used. Does nothing in a file without replicated tables.
     *
     * @throws NewerFormatException if it is one
     */
    static void require(Connection connection) throws SQLException {
        if (CoreTables.exist(connection)) {
            requireOf(connection);
        }
    }

    /** Does the same in a file that has replicated tables. */
    static void requireOf(Connection connection) throws SQLException {
        long format = of(connection);
        if (format > CURRENT) {
            throw new NewerFormatException(file(connection), format, CURRENT);
        }
    }

    /** Makes it a file of this release, in the transaction that does the rest. */
    static void raise(Connection connection) throws SQLException {
        if (of(connection) < CURRENT) {
            if (!isNumbered(connection)) {
                Queries.execute(connection, "ALTER TABLE main.crr_state ADD COLUMN format INTEGER");
                Queries.execute(connection, "ALTER TABLE main.crr_state ADD COLUMN aside INTEGER");
            }
            Queries.execute(connection, "DROP INDEX IF EXISTS " + KEEPS_OUT);
            Queries.execute(connection, "CREATE TABLE IF NOT EXISTS " + KEEPS_OUT + " (format INTEGER)");
            Queries.update(connection, "UPDATE main.crr_state SET format = ?", CURRENT);
        }
    }

    private static boolean isNumbered(Connection connection) throws SQLException {
        return Queries.exists(connection, "SELECT 1 FROM pragma_table_info('crr_state') WHERE name = 'format'");
    }

    /** 0 if the file has no number. */
    static long of(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM main.crr_state");
                ResultSet row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            for (int i = 1; i <= columns; i++) {
                if (row.getMetaData().getColumnName(i).equals("format")) {
                    return row.next() ? row.getLong(i) : 0;
                }
            }
            return 0;
        }
    }

    /** The path of the database file, empty for a database in memory. */
    static String file(Connection connection) throws SQLException {
        return String.valueOf(Queries.list(
                        connection,
                        "SELECT file FROM pragma_database_list WHERE name = 'main'",
                        row -> row.getString(1))
                .get(0));
    }
}
