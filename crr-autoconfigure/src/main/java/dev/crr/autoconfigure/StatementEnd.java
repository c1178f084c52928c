package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.SQLException;

/** Reports to a connection and its SQL surface how a statement ended. */
final class StatementEnd {

    /** Executes a statement. */
    @FunctionalInterface
    interface Execution<T> {
        T run() throws SQLException;
    }

    private final SqliteConnection connection;
    private final SqlSurface surface;

    StatementEnd(SqliteConnection connection, SqlSurface surface) {
        this.connection = connection;
        this.surface = surface;
    }

    <T> T of(Execution<T> execution) throws SQLException {
        T result;
        try {
            result = execution.run();
        } catch (SQLException failure) {
            connection.note(failure);
            throw surface.failed(failure);
        }
        surface.succeeded();
        connection.statementEnded();
        return result;
    }
}
