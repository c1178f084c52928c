package dev.crr.autoconfigure;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of each file the last failure that lies with its storage, whoever met it: the application's own statements as well.
 * Static, because the driver that makes the connections is created by the pool. Thread-safe.
 */
final class FileFaults {

    private static final Map<Path, SQLException> LAST = new ConcurrentHashMap<>();

    private FileFaults() {}

    static void note(String file, SQLException failure) {
        if (SqliteExceptions.isStorage(failure)) {
            try {
                LAST.put(real(Path.of(file.replaceFirst("\\?.*", "").replaceFirst("^file:", ""))), failure);
            } catch (InvalidPathException notAFile) {
                // Nobody will ask for it.
            }
        }
    }

    static @Nullable SQLException of(Path file) {
        return LAST.get(real(file));
    }

    /** The file whose last failure it is. */
    static @Nullable Path fileOf(SQLException failure) {
        return LAST.entrySet().stream()
                .filter(entry -> entry.getValue() == failure)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Forgets a failure, unless there has been another. */
    static void mended(Path file, SQLException failure) {
        LAST.remove(real(file), failure);
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }
}
