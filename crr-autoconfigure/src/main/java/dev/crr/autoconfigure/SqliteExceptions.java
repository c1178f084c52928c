package dev.crr.autoconfigure;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates what Spring does not: the SQLite driver has error codes of its own and no SQL states. Leaves other databases' alone. */
final class SqliteExceptions implements SQLExceptionTranslator {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int PERM = 3;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;
    private static final int CONSTRAINT = 19;

    private static final SqliteExceptions INSTANCE = new SqliteExceptions();

    private final SQLExceptionTranslator fallback = new SQLExceptionSubclassTranslator();

    @Override
    public @Nullable DataAccessException translate(String task, @Nullable String sql, SQLException ex) {
        if (!isSqlite(ex)) {
            return fallback.translate(task, sql, ex);
        }
        String message = task + (sql == null ? "" : "; SQL [" + sql + "]") + ": " + ex.getMessage();
        return switch (primaryCode(ex)) {
            case BUSY, LOCKED -> new CannotAcquireLockException(message, ex);
            case CANTOPEN -> new DataAccessResourceFailureException(message, ex);
            case READONLY -> new PermissionDeniedDataAccessException(message, ex);
            case CONSTRAINT ->
                isDuplicateKey(ex)
                        ? new DuplicateKeyException(message, ex)
                        : new DataIntegrityViolationException(message, ex);
            default -> fallback.translate(task, sql, ex);
        };
    }

    static DataAccessException translate(String task, SQLException ex) {
        DataAccessException translated = INSTANCE.translate(task, null, ex);
        return translated != null ? translated : new UncategorizedSQLException(task, null, ex);
    }

    /** Whether another connection holds a lock. */
    static boolean isLock(SQLException ex) {
        int code = primaryCode(ex);
        return (code == BUSY || code == LOCKED) && isSqlite(ex);
    }

    /** Whether the file or its disk is the reason, and not what was asked of it. */
    static boolean isStorage(SQLException ex) {
        int code = primaryCode(ex);
        boolean broken = code == IOERR || code == CORRUPT || code == CANTOPEN || code == NOTADB;
        return isSqlite(ex) && (broken || isFull(ex) || isReadOnly(ex));
    }

    static boolean isFull(SQLException ex) {
        return primaryCode(ex) == FULL;
    }

    static boolean isReadOnly(SQLException ex) {
        int code = primaryCode(ex);
        return code == READONLY || code == PERM;
    }

    private static boolean isSqlite(SQLException ex) {
        String message = ex.getMessage();
        return message != null && message.startsWith("[SQLITE_");
    }

    /** The low byte, should the driver ever report extended codes. */
    private static int primaryCode(SQLException ex) {
        return ex.getErrorCode() & 0xff;
    }

    private static boolean isDuplicateKey(SQLException ex) {
        if (!(ex instanceof SQLiteException sqlite)) {
            return false;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                || code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                || code == SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID;
    }
}
