package dev.crr.actuate;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy of a database, which is gone when it is closed.
 *
 * @param path where it is
 */
public record SnapshotFile(Path path) implements Closeable {

    long size() throws IOException {
        return Files.size(path);
    }

    InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
