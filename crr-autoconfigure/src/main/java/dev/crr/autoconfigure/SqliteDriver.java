package dev.crr.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite driver, with connections that take the write lock when they need it, and stay usable after a lock was in their way.
 * The starter gives it to Hikari pools that have the plain driver; nobody else needs it. A file that cannot be opened is named,
 * with the reason. Thread-safe.
 *
 * <p>It is registered with the {@link DriverManager}, where Hikari looks for it, behind the plain driver, which serves everybody
 * who asks there for a connection.
 */
public final class SqliteDriver extends JDBC {

    /** A property of the starter's own, which asks for transactions that take the write lock no sooner than they need it. */
    static final String LOCK_WHEN_NEEDED = "lock_when_needed";

    static {
        register();
    }

    private static void register() {
        try {
            DriverManager.registerDriver(new SqliteDriver());
        } catch (SQLException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Makes connections to any SQLite URL. */
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

    static boolean locksWhenNeeded(Properties properties) {
        return "true".equals(properties.getProperty(LOCK_WHEN_NEEDED))
                && !"true".equals(properties.getProperty(SQLiteConfig.Pragma.JDBC_EXPLICIT_READONLY.pragmaName));
    }
}
