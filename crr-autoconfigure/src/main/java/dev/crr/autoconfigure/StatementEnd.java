package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reports to a connection and its SQL surface that a statement begins, and how it ended. */
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

    /**
     * @param kind what the statement does, where the connection wants to know
     * @param sql the statement; null if it is several
     * @param timeoutSeconds how long to wait for a lock; 0 for as long as others
     */
    <T> T of(@Nullable SqlKind kind, @Nullable String sql, int timeoutSeconds, Execution<T> execution)
            throws SQLException {
        SqliteTransaction transaction = kind == null ? null : connection.transaction();
        T result;
        if (transaction == null || kind == null) {
            result = run(execution);
        } else {
            transaction.before(
                    kind,
                    sql,
                    timeoutSeconds > 0 ? TimeUnit.SECONDS.toMillis(timeoutSeconds) : connection.busyTimeout());
            try {
                result = run(execution);
            } catch (SQLException failure) {
                throw transaction.failed(kind, failure);
            } catch (RuntimeException | Error failure) {
                transaction.failed(kind, new SQLException(failure));
                throw failure;
            }
            transaction.succeeded(kind, sql);
            if (kind.pins()) {
                connection.settingsMayHaveChanged();
            }
        }
        connection.statementEnded();
        return result;
    }

    private <T> T run(Execution<T> execution) throws SQLException {
        T result;
        try {
            result = execution.run();
        } catch (SQLException failure) {
            connection.note(failure);
            throw surface.failed(failure);
        }
        surface.succeeded();
        return result;
    }
}
