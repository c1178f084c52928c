package dev.crr.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * The SQLite driver, with connections that stay usable after a lock was in their way. The starter gives it to Hikari pools that
 * have the plain driver; nobody else needs it. A file that cannot be opened is named, with the reason. Thread-safe.
 */
public final class SqliteDriver extends JDBC {

    /** A driver that is not registered with the DriverManager. */
    public SqliteDriver() {}

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        String trimmed = url.trim();
        try {
            return new SqliteConnection(
                    trimmed, trimmed.substring(PREFIX.length()), info == null ? new Properties() : info);
        } catch (SQLException failure) {
            throw UnusableFileException.explain(trimmed, failure);
        }
    }
}
