package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnectionConfig;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Takes the write lock when it is needed, if asked to; otherwise mends two habits of the driver that show when another connection
 * holds a lock. Adds cr-sqlite's SQL, and notes when the file cannot be written.
 */
final class SqliteConnection extends JDBC4Connection {

    private static final int UNKNOWN = -1;

    private final String file;
    private int busyTimeout = UNKNOWN;

    /** Null where transactions begin as the driver begins them. */
    private final @Nullable SqliteTransaction transaction;

    /** Null while the driver's own constructor runs statements. */
    private @Nullable SqlSurface surface;

    /** How many rows the statements of this connection had changed when last asked. */
    private long changes;

    SqliteConnection(String url, String file, Properties properties) throws SQLException {
        super(url, file, properties);
        this.file = file;
        WriteLock lock = SqliteDriver.locksWhenNeeded(properties) ? writeLock() : null;
        this.transaction = lock == null ? null : new SqliteTransaction(this, lock);
        surface = new SqlSurface(this);
    }

    /** None for a database in memory, which no other connection sees. */
    private @Nullable WriteLock writeLock() throws SQLException {
        try (Statement statement = plainStatement();
                ResultSet row = statement.executeQuery("SELECT file FROM pragma_database_list WHERE name = 'main'")) {
            String path = row.next() ? row.getString(1) : null;
            return path == null || path.isEmpty() ? null : WriteLock.of(Path.of(path));
        }
    }

    @Nullable SqliteTransaction transaction() {
        return transaction;
    }

    /** Null where nobody wants to know. */
    @Nullable SqlKind kindOf(@Nullable String sql) {
        return transaction == null ? null : SqlKind.of(sql);
    }

    /** A statement of which nobody hears. */
    Statement plainStatement() throws SQLException {
        return super.createStatement(
                ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT);
    }

    private String ask(String sql) throws SQLException {
        try (Statement statement = plainStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Changes when another connection commits. */
    long dataVersion() throws SQLException {
        return Long.parseLong(ask("PRAGMA data_version"));
    }

    boolean isWal() throws SQLException {
        return ask("PRAGMA journal_mode").equalsIgnoreCase("wal");
    }

    long totalChanges() throws SQLException {
        return getDatabase().total_changes();
    }

    /** In milliseconds. */
    int busyTimeout() throws SQLException {
        if (busyTimeout == UNKNOWN) {
            busyTimeout = Integer.parseInt(ask("PRAGMA busy_timeout"));
        }
        return busyTimeout;
    }

    @Override
    public void setBusyTimeout(int milliseconds) throws SQLException {
        super.setBusyTimeout(milliseconds);
        busyTimeout = milliseconds;
    }

    void settingsMayHaveChanged() {
        busyTimeout = UNKNOWN;
    }

    void exec(String sql) throws SQLException {
        getDatabase().exec(sql, false);
    }

    void execWithoutWaiting(String sql) throws SQLException {
        int before = busyTimeout();
        getDatabase().busy_timeout(0);
        try {
            exec(sql);
        } finally {
            getDatabase().busy_timeout(before);
        }
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
        if (before == autoCommit) {
            return;
        }
        boolean done = false;
        try {
            noting(() -> changeAutoCommit(autoCommit));
            done = true;
            transactionEnded();
        } finally {
            if (!done) {
                getConnectionConfig().setAutoCommit(before);
            }
        }
    }

    private void changeAutoCommit(boolean autoCommit) throws SQLException {
        if (transaction == null) {
            super.setAutoCommit(autoCommit);
            return;
        }
        if (autoCommit) {
            transaction.commit();
        }
        transaction.setManual(!autoCommit);
        getConnectionConfig().setAutoCommit(autoCommit);
    }

    @Override
    public void commit() throws SQLException {
        if (transaction == null) {
            thenBeginDeferred(super::commit);
        } else {
            end(transaction::commit);
        }
    }

    @Override
    public void rollback() throws SQLException {
        if (transaction == null) {
            thenBeginDeferred(super::rollback);
        } else {
            end(transaction::rollback);
        }
    }

    private void end(Ending ending) throws SQLException {
        if (getAutoCommit()) {
            throw new SQLException("database in auto-commit mode");
        }
        noting(ending);
        transactionEnded();
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        beforeSavepoint();
        return super.setSavepoint();
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        beforeSavepoint();
        return super.setSavepoint(name);
    }

    private void beforeSavepoint() throws SQLException {
        if (transaction != null) {
            if (getAutoCommit()) {
                setAutoCommit(false);
            }
            transaction.before(SqlKind.SAVEPOINT, null, busyTimeout());
        }
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        if (transaction == null) {
            super.setReadOnly(readOnly);
        } else {
            transaction.setReadOnly(readOnly);
        }
    }

    @Override
    public boolean isReadOnly() {
        return super.isReadOnly() || (transaction != null && transaction.isReadOnly());
    }

    @Override
    public void close() throws SQLException {
        try {
            super.close();
        } finally {
            if (transaction != null) {
                transaction.closed();
            }
        }
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
