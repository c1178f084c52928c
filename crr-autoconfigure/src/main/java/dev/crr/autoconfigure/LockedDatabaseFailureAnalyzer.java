package dev.crr.autoconfigure;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a start that failed because somebody else held the database. */
final class LockedDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
        if (!SqliteExceptions.isLock(cause)) {
            return null;
        }
        return new FailureAnalysis(
                "The SQLite database stayed locked by another connection: " + cause.getMessage(),
                "Find what holds a transaction open on the file, such as another instance, a database browser, a backup, or"
                        + " the thread that the message names, and end it. If its transactions merely take long, raise"
                        + " spring.datasource.hikari.data-source-properties.busy_timeout (milliseconds).",
                cause);
    }
}
