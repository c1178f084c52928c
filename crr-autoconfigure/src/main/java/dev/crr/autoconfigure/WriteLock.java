package dev.crr.autoconfigure;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The turn to write to one file, among the connections of this JVM. A thread's transactions have it together, from the first that
 * needs it to the end of the last, and pass SQLite's own lock on among themselves; other threads wait meanwhile, in order, so that
 * none of them writes while SQLite's lock is on its way. Other processes know nothing of it and are kept out by SQLite's lock only.
 *
 * <p>A permit and not a lock that belongs to a thread, because a connection may be closed by another. Thread-safe.
 */
final class WriteLock {

    private static final Map<Path, WeakReference<WriteLock>> LOCKS = new HashMap<>();

    private final Path file;
    private final Semaphore turn = new Semaphore(1, true);

    /** In the order in which they came. */
    private final Set<SqliteTransaction> sharing = new LinkedHashSet<>();

    /** Has SQLite's lock; null if none has. */
    private @Nullable SqliteTransaction holder;

    private WriteLock(Path file) {
        this.file = file;
    }

    static synchronized WriteLock of(Path file) {
        LOCKS.values().removeIf(each -> each.get() == null);
        WeakReference<WriteLock> known = LOCKS.get(file);
        WriteLock lock = known == null ? null : known.get();
        if (lock == null) {
            lock = new WriteLock(file);
            LOCKS.put(file, new WeakReference<>(lock));
        }
        return lock;
    }

    Path file() {
        return file;
    }

    /**
     * Waits for the turn, unless another transaction of the same thread has it.
     *
     * @return whether it shares the turn with another transaction
     */
    boolean enter(SqliteTransaction transaction, Deadline deadline) throws LockedException {
        if (joins(transaction)) {
            return isShared();
        }
        boolean granted;
        try {
            // The timed one alone would fail an interrupted thread that need not wait at all.
            granted = (!turn.hasQueuedThreads() && turn.tryAcquire())
                    || turn.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LockedException.interrupted(file, describe());
        }
        if (!granted) {
            throw LockedException.byThread(file, describe(), deadline);
        }
        synchronized (this) {
            sharing.add(transaction);
        }
        return false;
    }

    private synchronized boolean joins(SqliteTransaction transaction) {
        boolean having = sharing.stream().anyMatch(each -> each.thread() == transaction.thread());
        if (having) {
            sharing.add(transaction);
        }
        return having;
    }

    private synchronized boolean isShared() {
        return sharing.size() > 1;
    }

    /** Makes the one that has SQLite's lock give it away, for another of the same thread. */
    void lendTo(SqliteTransaction borrower) throws SQLException {
        SqliteTransaction lender = holder();
        if (lender != null && lender != borrower) {
            lender.lend();
            held(null);
        }
    }

    /** Says who has SQLite's lock now. */
    synchronized void held(@Nullable SqliteTransaction by) {
        holder = by;
    }

    synchronized @Nullable SqliteTransaction holder() {
        return holder;
    }

    /** The transaction has ended, or can write no more. SQLite's lock goes back to the one that lent it last. */
    void leave(SqliteTransaction transaction) {
        List<SqliteTransaction> others;
        synchronized (this) {
            if (!sharing.contains(transaction)) {
                return;
            }
            if (holder == transaction) {
                holder = null;
            }
            others = new ArrayList<>(sharing);
        }
        others.remove(transaction);
        // Those of another thread are in use there.
        others.removeIf(each -> each.thread() != Thread.currentThread());
        Collections.reverse(others);
        try {
            giveBack(transaction, others);
        } finally {
            remove(transaction);
        }
    }

    private void giveBack(SqliteTransaction from, List<SqliteTransaction> others) {
        for (SqliteTransaction each : others) {
            boolean lender = each.hasLent() && holder() == null;
            if (from.wrote()) {
                if (each.isReading() && !each.follow(from, lender)) {
                    remove(each);
                }
            } else if (lender) {
                each.lockAgain();
            }
        }
    }

    private synchronized void remove(SqliteTransaction transaction) {
        if (sharing.remove(transaction) && sharing.isEmpty()) {
            turn.release();
        }
    }

    private synchronized String describe() {
        return sharing.isEmpty()
                ? "another transaction"
                : sharing.iterator().next().describe();
    }
}
