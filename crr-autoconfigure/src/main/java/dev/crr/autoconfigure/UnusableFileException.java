package dev.crr.autoconfigure;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database file that cannot be opened, and why as far as the file system tells. */
final class UnusableFileException extends SQLException {

    private static final long serialVersionUID = 1L;

    private static final int CANTOPEN = 14;

    private UnusableFileException(String code, String message, SQLException cause) {
        super(
                "[" + code + "] " + message,
                cause.getSQLState(),
                cause.getErrorCode() == 0 ? CANTOPEN : cause.getErrorCode(),
                cause);
    }

    /** The failure with file and reason, if it lies with the file; itself if not. */
    static SQLException explain(String url, SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        // The driver's own checks have no code.
        boolean missing = message.startsWith("path to '") || message.startsWith("opening db: '");
        if (!missing && !SqliteExceptions.isStorage(failure)) {
            return failure;
        }
        String code = missing ? "SQLITE_CANTOPEN" : message.substring(1, Math.max(1, message.indexOf(']')));
        SqliteFile file = file(url);
        String reason = file == null ? null : reason(file.path());
        return new UnusableFileException(
                code,
                "The database file " + (file == null ? url : file.path()) + " cannot be opened: "
                        + (reason == null ? message : reason),
                failure);
    }

    private static @Nullable SqliteFile file(String url) {
        try {
            return SqliteFile.of(url.replaceFirst("^jdbc:sqlite:file:", "jdbc:sqlite:"));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable String reason(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            return null;
        }
        if (!Files.exists(parent)) {
            return "the directory " + parent + " does not exist";
        }
        if (!Files.isDirectory(parent)) {
            return parent + " is not a directory";
        }
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        String user = "the user " + System.getProperty("user.name");
        if (!Files.exists(file)) {
            return Files.isWritable(parent)
                    ? null
                    : "the directory " + parent + " is read-only for " + user + ", or its disk is";
        }
        if (!Files.isReadable(file)) {
            return user + " may not read it";
        }
        // SQLite keeps its log beside the file.
        return Files.isWritable(file) && Files.isWritable(parent)
                ? null
                : "it or its directory is read-only for " + user + ", or its disk is";
    }
}
