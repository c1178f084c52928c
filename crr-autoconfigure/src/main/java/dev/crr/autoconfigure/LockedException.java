package dev.crr.autoconfigure;

import java.nio.file.Path;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite calls busy, with the words that it cannot know. */
final class LockedException extends SQLiteException {

    private static final long serialVersionUID = 1L;

    private LockedException(SQLiteErrorCode code, String message) {
        super("[" + code.name() + "] " + message, code);
    }

    private LockedException(LockedException first) {
        super(first.getMessage(), first.getResultCode());
    }

    /** The same once more, with a stack trace of its own. */
    LockedException anew() {
        LockedException again = new LockedException(this);
        again.initCause(this);
        return again;
    }

    static LockedException byThread(Path file, String holder, Deadline deadline) {
        return new LockedException(
                SQLiteErrorCode.SQLITE_BUSY,
                holder + " has the write lock of " + file + ", and did not end within " + deadline.millis()
                        + " ms (busy_timeout, or the timeout of the statement). Nothing was written; try again, make that"
                        + " transaction shorter, or allow more time. It never ends if it waits for this thread.");
    }

    static LockedException byProcess(Path file, Deadline deadline) {
        return new LockedException(
                SQLiteErrorCode.SQLITE_BUSY,
                "Another process, or a connection that the starter has not made, has the write lock of " + file
                        + ", and did not give it up within " + deadline.millis()
                        + " ms (busy_timeout, or the timeout of the statement). Nothing was written; try again.");
    }

    static LockedException interrupted(Path file, String holder) {
        return new LockedException(
                SQLiteErrorCode.SQLITE_BUSY,
                "This thread was interrupted while it waited for the write lock of " + file + ", which " + holder
                        + " has. Nothing was written.");
    }

    /** Waiting would be for ever. */
    static LockedException byItself(Path file, String holder, String reason) {
        return new LockedException(
                SQLiteErrorCode.SQLITE_BUSY,
                holder + " has the write lock of " + file + " and keeps it, because it " + reason
                        + ". This second transaction of the same thread cannot write before the first one ends, so it fails at"
                        + " once. SQLite has one writer at a time: let the inner work join the outer transaction"
                        + " (Propagation.REQUIRED), do it before the outer one writes, or after it has committed"
                        + " (@TransactionalEventListener). Numbers that Hibernate draws from a table (GenerationType.AUTO, TABLE"
                        + " and SEQUENCE) are such inner work: draw them before the first write, or use IDENTITY or UUID.");
    }

    static LockedException stale(Path file, String reason) {
        return new LockedException(
                SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT,
                "This transaction has read " + file + " and cannot write to it any more, because " + reason
                        + ": what it has read may have changed since. Nothing was written. Run it again from its beginning;"
                        + " write before you call a method with REQUIRES_NEW, or let that method join (Propagation.REQUIRED).");
    }
}
