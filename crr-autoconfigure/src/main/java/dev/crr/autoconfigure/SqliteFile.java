package dev.crr.autoconfigure;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The file of a SQLite database, and the files that come and go beside it. */
record SqliteFile(Path path) {

    private static final String[] COMPANIONS = {"-wal", "-shm", "-journal"};

    /** The file that a URL names; null if it names none, or in a way of which only SQLite knows where it leads. */
    static @Nullable SqliteFile of(String url) {
        if (!SqliteDatabase.isSqliteUrl(url) || SqliteDatabase.isInMemory(url)) {
            return null;
        }
        String name = SqliteDatabase.file(url);
        int query = name.indexOf('?');
        String path = query < 0 ? name : name.substring(0, query);
        if (path.startsWith(":resource:") || path.startsWith("file:")) {
            return null;
        }
        return new SqliteFile(Path.of(path).toAbsolutePath());
    }

    /** The path past links, as SQLite tells it, as far as it exists. */
    Path real() {
        try {
            Path directory = path.toAbsolutePath().getParent();
            return Files.exists(path) || directory == null
                    ? path.toRealPath()
                    : directory.toRealPath().resolve(path.getFileName());
        } catch (IOException notThereYet) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** Whether there is a database: SQLite takes an empty file for a new one. */
    boolean exists() throws IOException {
        return Files.exists(path) && Files.size(path) > 0;
    }

    /** A file in the same directory, which can take this one's place at once. */
    SqliteFile beside(String suffix) {
        return new SqliteFile(path.resolveSibling(path.getFileName() + suffix));
    }

    /** With all that SQLite keeps beside it. */
    void delete() throws IOException {
        Files.deleteIfExists(path);
        deleteCompanions();
    }

    /** A log without its database would be played into the next one. */
    void deleteCompanions() throws IOException {
        for (String companion : COMPANIONS) {
            Files.deleteIfExists(beside(companion).path());
        }
    }

    /** Takes the place of another, for good even if the power fails right after. */
    void moveTo(SqliteFile target) throws IOException {
        Files.move(path, target.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return; // Directories cannot be opened there, and need not be.
        }
        try (FileChannel directory = FileChannel.open(target.path().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
