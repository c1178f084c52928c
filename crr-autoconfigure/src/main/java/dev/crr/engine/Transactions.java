package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Transactions on a connection in autocommit mode, of a kind that JDBC cannot ask for. */
final class Transactions {

    /** What is done inside. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    private Transactions() {}

    /** Runs with the write lock held from the start, so that nothing read can be overtaken before it is written. */
    static <T> T write(Connection connection, Work<T> work) throws SQLException {
        return run(connection, "BEGIN IMMEDIATE", work);
    }

    /** Runs on one snapshot, without hindering writers, whatever the driver's transaction mode is. */
    static <T> T read(Connection connection, Work<T> work) throws SQLException {
        return run(connection, "BEGIN DEFERRED", work);
    }

    private static <T> T run(Connection connection, String begin, Work<T> work) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalArgumentException("the connection must be in autocommit mode");
        }
        execute(connection, begin);
        try {
            T result = work.run();
            execute(connection, "COMMIT");
            return result;
        } catch (Throwable failure) {
            rollback(connection, failure);
            throw failure;
        }
    }

    /** After a full disk, for one, SQLite has rolled back by itself, and the attempt must not hide the reason. */
    private static void rollback(Connection connection, Throwable failure) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException alreadyDone) {
            failure.addSuppressed(alreadyDone);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
