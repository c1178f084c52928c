package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnectionConfig;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Mends two habits of the driver that show when another connection holds a lock, adds cr-sqlite's SQL, and notes when the file
 * cannot be written.
 */
final class SqliteConnection extends JDBC4Connection {

    private final String file;

    /** Null while the driver's own constructor runs statements. */
    private @Nullable SqlSurface surface;

    /** How many rows the statements of this connection had changed when last asked. */
    private long changes;

    SqliteConnection(String url, String file, Properties properties) throws SQLException {
        super(url, file, properties);
        this.file = file;
        surface = new SqlSurface(this);
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        SqlSurface open = surface;
        if (open == null) {
            return super.createStatement(type, concurrency, holdability);
        }
        checkOpen();
        checkCursor(type, concurrency, holdability);
        return new SqliteStatement(this, open);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        SqlSurface open = surface;
        if (open == null) {
            return super.prepareStatement(sql, type, concurrency, holdability);
        }
        checkOpen();
        checkCursor(type, concurrency, holdability);
        try {
            return new SqlitePreparedStatement(this, sql, open);
        } catch (SQLException failure) {
            throw open.failed(failure);
        }
    }

    /**
     * The driver would remember the new mode even if BEGIN or COMMIT failed. A pool that is given such a connection back lends it
     * out again, and its next transaction does not begin: what it writes cannot be rolled back.
     */
    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        boolean before = getAutoCommit();
        boolean done = false;
        try {
            noting(() -> super.setAutoCommit(autoCommit));
            done = true;
            transactionEnded();
        } finally {
            if (!done) {
                getConnectionConfig().setAutoCommit(before);
            }
        }
    }

    @Override
    public void commit() throws SQLException {
        thenBeginDeferred(super::commit);
    }

    @Override
    public void rollback() throws SQLException {
        thenBeginDeferred(super::rollback);
    }

    /**
     * The driver begins the next transaction at once. An immediate one would take the lock again for nothing, and if it did not get
     * it, a commit that has succeeded would look like one that has failed.
     */
    private void thenBeginDeferred(Ending ending) throws SQLException {
        SQLiteConnectionConfig config = getConnectionConfig();
        TransactionMode mode = config.getTransactionMode();
        config.setTransactionMode(TransactionMode.DEFERRED);
        try {
            noting(ending);
        } finally {
            config.setTransactionMode(mode);
        }
        transactionEnded();
    }

    private void noting(Ending ending) throws SQLException {
        try {
            ending.run();
        } catch (SQLException failure) {
            note(failure);
            throw failure;
        }
    }

    void note(SQLException failure) {
        FileFaults.note(file, failure);
    }

    private void transactionEnded() {
        if (surface != null) {
            surface.transactionEnded();
            hintIfChanged();
        }
    }

    /** A statement has ended that may have been a transaction by itself. */
    void statementEnded() throws SQLException {
        if (getConnectionConfig().isAutoCommit()) {
            hintIfChanged();
        }
    }

    private void hintIfChanged() {
        // Asked of SQLite, since a driver's batch or a script tells no sum; most statements only read.
        long now;
        try {
            now = getDatabase().total_changes();
        } catch (SQLException e) {
            return;
        }
        if (now != changes) {
            changes = now;
            CommitHint.give();
        }
    }

    @FunctionalInterface
    private interface Ending {
        void run() throws SQLException;
    }
}
