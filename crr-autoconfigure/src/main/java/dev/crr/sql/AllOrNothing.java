package dev.crr.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Work that is undone as a whole if it fails, in the caller's transaction or else in one of its own. */
final class AllOrNothing {

    private AllOrNothing() {}

    /**
     * Runs inside a savepoint, which begins a transaction where there is none.
     *
     * @param autoCommit whether the caller has left transactions to the driver
     */
    static <T> T run(Connection connection, boolean autoCommit, String savepoint, Callbacks.Work<T> work)
            throws SQLException {
        execute(connection, "SAVEPOINT " + savepoint);
        try {
            T result = work.run();
            execute(connection, "RELEASE " + savepoint);
            return result;
        } catch (Throwable failure) {
            undo(connection, autoCommit, savepoint, failure);
            throw failure;
        }
    }

    private static void undo(Connection connection, boolean autoCommit, String savepoint, Throwable failure) {
        try {
            execute(connection, "ROLLBACK TO " + savepoint);
            execute(connection, "RELEASE " + savepoint);
        } catch (SQLException gone) {
            // A full disk or a RAISE(ROLLBACK) has ended the transaction with all that is in it.
            failure.addSuppressed(gone);
            if (autoCommit) {
                end(connection, failure);
            }
        }
    }

    /** Where a reader keeps the transaction from being committed, it cannot be released empty, either. */
    private static void end(Connection connection, Throwable failure) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
