package dev.crr.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteConnectionConfig;
import org.sqlite.SQLiteException;

/** Runs statements inside others on one connection, and carries failures past SQLite, which passes on nothing but their text. */
final class Callbacks {

    /** What is done inside. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    private final SQLiteConnection connection;
    private int depth;
    private boolean autoCommit;
    private @Nullable String message;
    private @Nullable Exception failure;

    Callbacks(SQLiteConnection connection) {
        this.connection = connection;
    }

    boolean running() {
        return depth > 0;
    }

    /** Whether the caller's connection is in autocommit mode, while callbacks run. */
    boolean autoCommit() {
        return autoCommit;
    }

    /** In autocommit mode the driver would begin and commit after each statement, in the midst of the outer one. */
    <T> T run(Work<T> work) throws SQLException {
        SQLiteConnectionConfig config = connection.getConnectionConfig();
        boolean before = config.isAutoCommit();
        if (depth == 0) {
            autoCommit = before;
        }
        config.setAutoCommit(false);
        depth++;
        try {
            return work.run();
        } finally {
            depth--;
            config.setAutoCommit(before);
        }
    }

    /** Keeps the cause of a message that SQLite is going to pass on. */
    String failed(String text, Exception cause) {
        message = text;
        failure = cause;
        return text;
    }

    /** A statement's exception with its cause and, if that is SQLite's, with that one's code. */
    SQLException explain(SQLException thrown) {
        Exception cause = failure;
        boolean ours = cause != null
                && message != null
                && thrown.getMessage() != null
                && thrown.getMessage().contains(message);
        failure = null;
        message = null;
        if (!ours || cause == null) {
            return thrown;
        }
        SQLException explained = cause instanceof SQLiteException sqlite
                ? new SQLiteException(thrown.getMessage(), sqlite.getResultCode())
                : thrown;
        if (explained.getCause() == null) {
            explained.initCause(cause);
        }
        return explained;
    }
}
