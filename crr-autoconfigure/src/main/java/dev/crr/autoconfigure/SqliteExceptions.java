package dev.crr.autoconfigure;

import java.sql.SQLException;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/** Translates what Spring does not: the SQLite driver has error codes of its own and no SQL states. */
final class SqliteExceptions {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int CONSTRAINT = 19;

    private static final SQLExceptionTranslator FALLBACK = new SQLExceptionSubclassTranslator();

    private SqliteExceptions() {}

    static DataAccessException translate(String task, SQLException ex) {
        if (isLock(ex)) {
            return new CannotAcquireLockException(task + ": " + ex.getMessage(), ex);
        }
        if (ex.getErrorCode() == CONSTRAINT) {
            return new DataIntegrityViolationException(task + ": " + ex.getMessage(), ex);
        }
        DataAccessException translated = FALLBACK.translate(task, null, ex);
        return translated != null ? translated : new UncategorizedSQLException(task, null, ex);
    }

    /** Whether another connection holds a lock. */
    static boolean isLock(SQLException ex) {
        // The low byte is the primary code, should the driver ever report extended ones.
        int code = ex.getErrorCode() & 0xff;
        String message = ex.getMessage();
        return (code == BUSY || code == LOCKED) && message != null && message.startsWith("[SQLITE_");
    }
}
