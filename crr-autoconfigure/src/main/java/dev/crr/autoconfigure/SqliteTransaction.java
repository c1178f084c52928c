package dev.crr.autoconfigure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of one connection, one after the other. Each begins in SQLite with its first statement and takes the write lock
 * then, even if that reads: nothing that it has read can change before it writes. It does without the lock if it is read-only, or
 * inside another one of the same thread, until it writes. It lends the lock to such an inner one that writes, as long as it has
 * written nothing itself, keeps its snapshot meanwhile, and takes the lock back afterwards; if then the inner one has written to a
 * table that this one has read, this one can write no more.
 *
 * <p>Used by one thread at a time, as a connection is, except where a method says otherwise.
 */
final class SqliteTransaction {

    private enum State {
        NONE,

        /** On a snapshot, without the lock. */
        READING,

        LOCKED
    }

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SqliteConnection connection;
    private final WriteLock lock;
    private final StatementLog statements = new StatementLog();

    private State state = State.NONE;

    /** Between {@code setAutoCommit(false)} and {@code setAutoCommit(true)}. */
    private boolean manual;

    /** Whether an earlier transaction has ended in that time. */
    private boolean continued;

    private boolean readOnly;

    /** Inside a statement that is a transaction by itself, and how many others run inside that one. */
    private boolean single;

    private int nested;

    /** The savepoint that began the transaction. */
    private @Nullable String savepoint;

    /** Why the lock cannot be lent, if not for changed rows. */
    private @Nullable String pinned;

    private boolean changedMoreThanRows;
    private boolean lent;
    private @Nullable LockedException stale;
    private long changesBefore;
    private boolean wrote;

    /** What SQLite counts as commits of other connections; null if the turn was not shared. */
    private @Nullable Long othersBefore;

    private volatile @Nullable Thread thread;
    private volatile @Nullable String name;
    private volatile long since;

    SqliteTransaction(SqliteConnection connection, WriteLock lock) {
        this.connection = connection;
        this.lock = lock;
    }

    /** The one that has used it last. Any thread may ask. */
    @Nullable Thread thread() {
        return thread;
    }

    /** Any thread may ask. */
    String describe() {
        Thread by = thread;
        String called = name;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        return (called == null ? "A transaction" : "The transaction \"" + called + "\"") + " of thread \""
                + (by == null ? "unknown" : by.getName()) + "\", begun " + seconds + " s ago,";
    }

    boolean isReading() {
        return state == State.READING;
    }

    boolean hasLent() {
        return lent;
    }

    void setReadOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    void setManual(boolean manual) {
        this.manual = manual;
        continued = false;
    }

    void commit() throws SQLException {
        if (state != State.NONE) {
            try {
                connection.exec("commit;");
            } catch (SQLException failure) {
                if (isGone(failure)) {
                    ended(false);
                }
                throw failure;
            }
        }
        ended(true);
    }

    void rollback() throws SQLException {
        try {
            if (state != State.NONE) {
                connection.exec("rollback;");
            }
        } finally {
            ended(false);
        }
    }

    /** The connection is closed; by any thread. */
    void closed() {
        ended(false);
    }

    /** A statement is about to run. */
    void before(SqlKind kind, @Nullable String sql, long timeoutMillis) throws SQLException {
        if (single) {
            nested++;
            return;
        }
        if (state == State.NONE && !manual) {
            beforeByItself(kind, sql, timeoutMillis);
            return;
        }
        thread = Thread.currentThread();
        if (state == State.NONE) {
            begin(kind, timeoutMillis);
        } else if (state == State.READING && kind.writes()) {
            upgrade(timeoutMillis);
        }
        note(kind, sql);
    }

    private void note(SqlKind kind, @Nullable String sql) {
        if (kind.pins() && pinned == null) {
            pinned = kind == SqlKind.SAVEPOINT
                    ? "has set a savepoint"
                    : "has changed the schema or a setting, or run several statements at once";
        }
        changedMoreThanRows |= kind == SqlKind.CHANGE;
        statements.add(sql);
    }

    private void beforeByItself(SqlKind kind, @Nullable String sql, long timeoutMillis) throws SQLException {
        if (kind == SqlKind.BEGIN || kind == SqlKind.SAVEPOINT) {
            identify();
        } else if (kind.writes() || kind == SqlKind.BEGIN_IMMEDIATE) {
            identify();
            Deadline deadline = Deadline.in(timeoutMillis);
            boolean shares = lock.enter(this, deadline);
            try {
                borrow(shares);
                lock.held(this);
            } catch (SQLException | RuntimeException failure) {
                ended(false);
                throw failure;
            }
            single = kind.writes();
            if (kind.writes()) {
                note(kind, sql);
            }
        }
    }

    private void begin(SqlKind kind, long timeoutMillis) throws SQLException {
        identify();
        if (!kind.writes() && (readOnly || continued)) {
            connection.exec("begin;");
            state = State.READING;
            return;
        }
        Deadline deadline = Deadline.in(timeoutMillis);
        boolean shares = lock.enter(this, deadline);
        try {
            if (shares && !kind.writes()) {
                connection.exec("begin;");
                state = State.READING;
            } else {
                borrow(shares);
                beginImmediate(deadline);
                lock.held(this);
                state = State.LOCKED;
            }
        } catch (SQLException | RuntimeException failure) {
            ended(false);
            throw failure;
        }
    }

    /** SQLite itself tries, with the statement; it does not wait, because waiting would not make a snapshot newer. */
    private void upgrade(long timeoutMillis) throws SQLException {
        if (stale != null) {
            throw stale.anew();
        }
        borrow(lock.enter(this, Deadline.in(timeoutMillis)));
        lock.held(this);
    }

    private void borrow(boolean shares) throws SQLException {
        changesBefore = connection.totalChanges();
        if (shares) {
            othersBefore = connection.dataVersion();
            lock.lendTo(this);
        }
    }

    private void identify() {
        thread = Thread.currentThread();
        name = TransactionSynchronizationManager.getCurrentTransactionName();
        since = System.nanoTime();
        wrote = false;
    }

    /** SQLite's own waiting looks less and less often, and would never find the moment between two writers of a busy process. */
    private void beginImmediate(Deadline deadline) throws SQLException {
        while (!tryBeginImmediate()) {
            if (deadline.nanosLeft() == 0) {
                throw LockedException.byProcess(lock.file(), deadline);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw LockedException.interrupted(lock.file(), "another process");
            }
            LockSupport.parkNanos(PAUSE_NANOS + ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
        }
    }

    private boolean tryBeginImmediate() throws SQLException {
        try {
            connection.execWithoutWaiting("begin immediate;");
            return true;
        } catch (SQLException failure) {
            if (SqliteExceptions.isLock(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** A statement has done what it should. */
    void succeeded(SqlKind kind, @Nullable String sql) {
        if (single) {
            singleEnded(true);
            return;
        }
        switch (kind) {
            case BEGIN -> state = state == State.NONE ? State.READING : state;
            case BEGIN_IMMEDIATE -> {
                state = State.LOCKED;
                pinned = "has asked for it with BEGIN IMMEDIATE";
            }
            case SAVEPOINT -> {
                if (state == State.NONE) {
                    state = State.READING;
                    savepoint = lastWord(sql);
                    pinned = "has set a savepoint";
                }
            }
            case RELEASE -> {
                if (savepoint != null && savepoint.equals(lastWord(sql))) {
                    ended(true);
                }
            }
            case END -> ended(true);
            case WRITE, CHANGE -> state = state == State.READING ? State.LOCKED : state;
            case READ, SETTING -> {
                // No lock has changed hands.
            }
        }
    }

    /** A statement has failed. Tells more of it than SQLite, where the reason is a lock. */
    SQLException failed(SqlKind kind, SQLException failure) {
        if (single) {
            singleEnded(false);
            return failure;
        }
        if ((kind == SqlKind.END && isGone(failure)) || (kind == SqlKind.BEGIN_IMMEDIATE && state == State.NONE)) {
            ended(false);
        } else if (state == State.READING && kind.writes()) {
            if (!SqliteExceptions.isLock(failure)) {
                state = State.LOCKED;
                return failure;
            }
            LockedException told = LockedException.stale(
                    lock.file(),
                    readOnly
                            ? "it is read-only, so it took no lock when it read, and another one writes or has written since"
                            : "another process, or an earlier transaction, writes or has written since");
            told.initCause(failure);
            stale = told;
            lock.leave(this);
            return told;
        }
        return failure;
    }

    private void singleEnded(boolean succeeded) {
        if (nested > 0) {
            nested--;
        } else {
            single = false;
            ended(succeeded);
        }
    }

    private static String lastWord(@Nullable String sql) {
        String[] words = sql == null ? new String[] {""} : sql.trim().split("[\\s;]+");
        return words[words.length - 1];
    }

    private static boolean isGone(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("no transaction is active");
    }

    private void ended(boolean committed) {
        wrote = committed && othersBefore != null && (changedMoreThanRows || hasChangedRows());
        continued = continued || (manual && state != State.NONE);
        state = State.NONE;
        lent = false;
        lock.leave(this);
        savepoint = null;
        pinned = null;
        changedMoreThanRows = false;
        stale = null;
        othersBefore = null;
        thread = null;
        statements.clear();
    }

    /** In doubt it has. */
    private boolean hasChangedRows() {
        try {
            return changesBefore != connection.totalChanges();
        } catch (SQLException closed) {
            return true;
        }
    }

    /** Whether it has committed changes, while it shared the turn. */
    boolean wrote() {
        return wrote;
    }

    /** Gives SQLite's lock away and keeps the snapshot. */
    void lend() throws SQLException {
        String reason = whyNotLend();
        if (reason != null) {
            throw LockedException.byItself(lock.file(), describe(), reason);
        }
        swap("begin;");
        state = State.READING;
        lent = true;
    }

    private @Nullable String whyNotLend() throws SQLException {
        if (pinned != null) {
            return pinned;
        }
        if (single || hasChangedRows()) {
            return "has written";
        }
        return connection.isWal() ? null : "reads a file whose journal_mode is not WAL";
    }

    /** Ends the transaction, which has written nothing, and begins it anew in another way. While a query is open, SQLite keeps the snapshot. */
    private void swap(String begin) throws SQLException {
        try (Statement query = connection.plainStatement();
                ResultSet row = query.executeQuery("SELECT count(*) FROM main.sqlite_master")) {
            row.next();
            connection.exec("commit;");
            connection.exec(begin);
        }
    }

    /** Takes SQLite's lock back from another, which has changed nothing. Goes on without it if somebody else has it. */
    void lockAgain() {
        try {
            swap("begin immediate;");
            locked();
        } catch (SQLException busy) {
            resume(busy);
        }
    }

    private void locked() {
        state = State.LOCKED;
        lent = false;
        lock.held(this);
    }

    /**
     * Follows another of the same thread to what that has written, unless this one has read it before.
     *
     * @param locking whether to take SQLite's lock back
     * @return whether this one may still write
     */
    boolean follow(SqliteTransaction other, boolean locking) {
        try {
            String table = statements.readOf(connection, other.statements, other.connection);
            if (table != null) {
                stale = LockedException.stale(
                        lock.file(), other.describe() + " of the same thread has since written to " + table);
                return false;
            }
            connection.exec("commit;");
            connection.execWithoutWaiting(locking ? "begin immediate;" : "begin;");
            if (locking) {
                locked();
            }
            long seen = connection.dataVersion();
            if (!other.isAlone()) {
                stale = LockedException.stale(lock.file(), "another process has written since");
                if (locking) {
                    swap("begin;");
                    state = State.READING;
                    lock.held(null);
                }
                return false;
            }
            othersBefore = othersBefore == null ? null : Long.valueOf(seen);
            return true;
        } catch (SQLException failure) {
            stale = LockedException.stale(
                    lock.file(),
                    "another transaction has written since, while a result of this one was still open or another process"
                            + " wrote, too");
            stale.initCause(failure);
            resume(failure);
            return false;
        }
    }

    /** After an attempt to begin in another way. */
    private void resume(SQLException failure) {
        try {
            connection.exec("begin;");
        } catch (SQLException begun) {
            failure.addSuppressed(begun);
        }
    }

    /** Whether nobody else has written since this one took the lock; asked after it has committed. */
    private boolean isAlone() throws SQLException {
        return othersBefore != null && othersBefore == connection.dataVersion();
    }
}
