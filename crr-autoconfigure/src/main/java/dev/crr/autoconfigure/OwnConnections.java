package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.util.ClassUtils;

/**
 * Connections to the file of a pool, made like the pool's and not taken from it: whoever holds the pool's last connection, and asks
 * for something, would wait for himself. As many as there are callers; a few are kept. Thread-safe.
 */
final class OwnConnections implements AutoCloseable {

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", OwnConnections.class.getClassLoader());

    private static final int KEPT = 2;

    /** SQLite's own default. There may be many of them, and they do small things. */
    private static final String CACHE_SIZE = "-2000";

    private final HikariDataSource pool;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    private OwnConnections(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Null where only the pool knows how to make a connection, or the DataSource chooses between several, and in memory, where
     * another connection sees nothing.
     */
    static @Nullable OwnConnections beside(DataSource dataSource) {
        return HIKARI && !WrappedDataSource.mayLeadElsewhere(dataSource) ? Hikari.beside(dataSource) : null;
    }

    /** Null after the end. */
    @Nullable Connection take() throws SQLException {
        synchronized (this) {
            if (closed) {
                return null;
            }
            Connection kept = idle.poll();
            if (kept != null) {
                return kept;
            }
        }
        return open();
    }

    private Connection open() throws SQLException {
        Properties settings = new Properties();
        pool.getDataSourceProperties()
                .forEach((name, value) -> settings.setProperty(name.toString(), value.toString()));
        settings.setProperty("cache_size", CACHE_SIZE);
        Connection connection = new SqliteDriver().connect(pool.getJdbcUrl(), settings);
        if (connection == null) {
            throw new SQLException("not a URL of SQLite: " + pool.getJdbcUrl());
        }
        String first = pool.getConnectionInitSql();
        if (first != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(first);
            } catch (SQLException failure) {
                connection.close();
                throw failure;
            }
        }
        return connection;
    }

    void giveBack(Connection connection) throws SQLException {
        synchronized (this) {
            if (!closed && idle.size() < KEPT) {
                idle.push(connection);
                return;
            }
        }
        connection.close();
    }

    /** Those that are in use are closed when they come back. */
    @Override
    public void close() throws SQLException {
        Deque<Connection> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(idle);
            idle.clear();
        }
        for (Connection each : left) {
            each.close();
        }
    }

    /** Apart, because it links to Hikari. */
    private static final class Hikari {

        static @Nullable OwnConnections beside(DataSource dataSource) {
            HikariDataSource pool =
                    DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
            return pool != null
                            && SqliteDriver.class.getName().equals(pool.getDriverClassName())
                            && !SqliteDatabase.isInMemory(pool.getJdbcUrl())
                    ? new OwnConnections(pool)
                    : null;
        }
    }
}
