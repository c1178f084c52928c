package dev.crr.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tells SQLite from other databases. */
final class SqliteDatabase {

    private static final String PREFIX = "jdbc:sqlite:";

    private SqliteDatabase() {}

    static boolean isSqliteUrl(@Nullable String url) {
        return url != null && url.startsWith(PREFIX);
    }

    /** What follows the prefix: the file, and perhaps parameters. */
    static String file(String url) {
        return url.substring(PREFIX.length());
    }

    static boolean isInMemory(String url) {
        String file = file(url).toLowerCase(Locale.ROOT);
        return file.isEmpty() || file.startsWith("?") || file.contains(":memory:") || file.contains("mode=memory");
    }

    static boolean isSqlite(Connection connection) throws SQLException {
        return "SQLite".equalsIgnoreCase(connection.getMetaData().getDatabaseProductName());
    }

    /** The file behind a connection; empty if the database is in memory. */
    static String file(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT file FROM pragma_database_list WHERE name = 'main'")) {
            return row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
        }
    }

    /** Asks the database, except where the pool's URL tells already. */
    static boolean isSqlite(DataSource dataSource) throws SQLException {
        String url = PooledUrl.of(dataSource);
        if (url != null) {
            return isSqliteUrl(url);
        }
        try (Connection connection = dataSource.getConnection()) {
            return isSqlite(connection);
        }
    }
}
