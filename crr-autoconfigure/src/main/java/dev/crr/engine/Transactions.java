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
        boolean committed = false;
        try {
            T result = work.run();
            execute(connection, "COMMIT");
            committed = true;
            return result;
        } finally {
            if (!committed) {
                execute(connection, "ROLLBACK");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
