package dev.crr.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Work that is undone as a whole if it fails, in the caller's transaction or else in one of its own. */
final class AllOrNothing {

    private AllOrNothing() {}

    /** Runs inside a savepoint, which begins a transaction where there is none. */
    static <T> T run(Connection connection, String savepoint, Callbacks.Work<T> work) throws SQLException {
        execute(connection, "SAVEPOINT " + savepoint);
        try {
            T result = work.run();
            execute(connection, "RELEASE " + savepoint);
            return result;
        } catch (Throwable failure) {
            undo(connection, savepoint, failure);
            throw failure;
        }
    }

    private static void undo(Connection connection, String savepoint, Throwable failure) {
        try {
            execute(connection, "ROLLBACK TO " + savepoint);
            execute(connection, "RELEASE " + savepoint);
        } catch (SQLException gone) {
            // A full disk or a RAISE(ROLLBACK) has ended the transaction with all that is in it.
            failure.addSuppressed(gone);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
