package dev.crr.autoconfigure;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the database file and the reason where a start failed because of the file. */
final class UnusableFileFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

    private static final String ACTION =
            "The file is named by spring.datasource.url, relative to the working directory ("
                    + Path.of("").toAbsolutePath()
                    + "). Create its directory, which SQLite does not, and let this process write both, or name another"
                    + " file.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException first) {
        // A pool's own exception may be around it.
        for (Throwable cause = first; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failure) {
                String description = description(failure);
                if (description != null) {
                    return new FailureAnalysis(description, ACTION, failure);
                }
            }
        }
        return null;
    }

    private static @Nullable String description(SQLException failure) {
        if (failure instanceof UnusableFileException) {
            return failure.getMessage();
        }
        if (SqliteExceptions.isStorage(failure)) {
            Path file = FileFaults.fileOf(failure);
            return (file == null ? "The database file" : "The database file " + file) + " cannot be used: "
                    + failure.getMessage();
        }
        return null;
    }
}
