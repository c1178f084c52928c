package dev.crr.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Reads the version of a database again and again, over a connection of its own, so that a pool of one is not used up by it. Where
 * that cannot be, in memory for example, it borrows one each time. Not thread-safe.
 */
final class VersionReader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VersionReader.class);

    private static final String SELECT = "SELECT version FROM main.crr_state";

    private final CrrDatabase database;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement statement;
    private boolean pooled;

    VersionReader(CrrDatabase database) {
        this.database = database;
    }

    boolean isPooled() {
        return pooled;
    }

    long version() throws SQLException {
        if (!pooled && statement == null) {
            open();
        }
        if (statement == null) {
            return database.call("Read the version", borrowed -> {
                try (PreparedStatement select = borrowed.prepareStatement(SELECT)) {
                    return read(select);
                }
            });
        }
        return read(statement);
    }

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            log.debug("The connection for looking at the version could not be closed", e);
        }
    }

    private void open() {
        String file = database.call("Find the database file", SqliteDatabase::file);
        try {
            if (file.isEmpty()) {
                pooled = true;
                return;
            }
            SQLiteConfig config = new SQLiteConfig();
            config.setReadOnly(true);
            config.setBusyTimeout(0);
            connection = config.createConnection("jdbc:sqlite:" + Path.of(file));
            statement = connection.prepareStatement(SELECT);
        } catch (SQLException e) {
            log.debug("No connection of its own for looking at the version", e);
            close();
            connection = null;
            pooled = true;
        }
    }

    private static long read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
