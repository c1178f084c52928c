package dev.crr.autoconfigure;

import dev.crr.actuate.SnapshotFile;
import dev.crr.actuate.SnapshotSource;
import dev.crr.engine.Snapshots;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/** Puts snapshots beside the database, where there is most likely room for them, and where a restart finds what a kill left. */
final class DatabaseSnapshots implements SnapshotSource, InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(DatabaseSnapshots.class);

    private static final String SUFFIX = "-snapshot-";

    /** Longer than any takes to be made and sent. */
    private static final Duration LONGEST = Duration.ofHours(3);

    private final CrrDatabase database;
    private final List<String> localTables;

    DatabaseSnapshots(CrrDatabase database, List<String> localTables) {
        this.database = database;
        this.localTables = localTables;
    }

    @Override
    public void afterPropertiesSet() {
        SqliteFile file = database.call("Find the database file", DatabaseSnapshots::file);
        Path directory = file.path().getParent();
        if (directory == null) {
            return; // In memory.
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, each -> isLeft(each, file))) {
            for (Path snapshot : left) {
                Files.deleteIfExists(snapshot);
            }
        } catch (IOException e) {
            log.warn("Snapshots that were left behind beside {} cannot be removed", file.path(), e);
        }
    }

    /** A younger one may be that of another process on the same file, and under way. */
    private static boolean isLeft(Path path, SqliteFile file) throws IOException {
        return String.valueOf(path.getFileName()).startsWith(file.path().getFileName() + SUFFIX)
                && Files.getLastModifiedTime(path)
                        .toInstant()
                        .isBefore(Instant.now().minus(LONGEST));
    }

    @Override
    public SnapshotFile take() throws IOException {
        SqliteFile file = database.call("Find the database file", DatabaseSnapshots::file);
        SqliteFile snapshot = file.beside(SUFFIX + UUID.randomUUID());
        if (file.path().getParent() == null) {
            throw new IOException("a database in memory has no snapshots");
        }
        // Stripping makes it smaller, but for a while the copy is there twice.
        long needed = 2 * database.call("Tell the size of the database", DatabaseSnapshots::size);
        long room = Files.getFileStore(file.path().getParent()).getUsableSpace();
        if (needed > room) {
            throw new IOException(
                    "a snapshot takes up to " + needed + " bytes beside the database, where " + room + " are left");
        }
        boolean made = false;
        try {
            database.call("Make a snapshot", connection -> {
                Snapshots.write(connection, snapshot.path(), localTables);
                return true;
            });
            made = true;
            return new SnapshotFile(snapshot.path());
        } finally {
            if (!made) {
                snapshot.delete();
            }
        }
    }

    private static SqliteFile file(Connection connection) throws SQLException {
        return new SqliteFile(Path.of(SqliteDatabase.file(connection)));
    }

    private static long size(Connection connection) throws SQLException {
        return Long.parseLong(
                text(connection, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
