package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.util.ClassUtils;

/**
 * A migration that lets SQLite check foreign keys does so for its connection only, which then goes back to the pool. Whether a
 * merge meets checked keys would be up to chance, and no configuration would show it. So connections are made anew after that.
 */
final class ForeignKeysLeftOn {

    private static final Logger log = LoggerFactory.getLogger(ForeignKeysLeftOn.class);

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", ForeignKeysLeftOn.class.getClassLoader());

    private static final String SETTING = "foreign_keys";

    private ForeignKeysLeftOn() {}

    /** Does nothing where the application's own configuration switches the check on, which is then refused. */
    static void forget(DataSource dataSource) {
        if (HIKARI) {
            HikariDataSource pool =
                    DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
            if (pool != null && !isConfigured(pool)) {
                forget(pool);
            }
        }
    }

    private static void forget(HikariDataSource pool) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections == null || !mayMatter(pool)) {
            return;
        }
        connections.softEvictConnections();
    }

    private static boolean mayMatter(HikariDataSource pool) {
        return CrrDatabase.of(pool).call("Look for foreign keys", connection -> {
            boolean leftOn = isTrue(connection, "PRAGMA foreign_keys");
            if (leftOn) {
                log.warn(
                        "A migration, or another user of the pool \"{}\", has left PRAGMA foreign_keys on for its"
                                + " connection. The pool's connections are made anew, without it. End the migration with"
                                + " PRAGMA foreign_keys = OFF.",
                        pool.getPoolName());
            }
            return leftOn
                    || isTrue(
                            connection,
                            "SELECT EXISTS (SELECT 1 FROM main.sqlite_master m, pragma_foreign_key_list(m.name, 'main') k"
                                    + " WHERE m.type = 'table')");
        });
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** A database in memory lives in its connections, and counts as one that is to keep them. */
    private static boolean isConfigured(HikariDataSource pool) {
        String url = pool.getJdbcUrl();
        return pool.getDataSource() != null
                || !SqliteDatabase.isSqliteUrl(url)
                || SqliteDatabase.isInMemory(url)
                || isNamedIn(url)
                || isNamedIn(pool.getConnectionInitSql())
                || pool.getDataSourceProperties().stringPropertyNames().stream().anyMatch(ForeignKeysLeftOn::isNamedIn);
    }

    private static boolean isNamedIn(@Nullable String text) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(SETTING);
    }
}
