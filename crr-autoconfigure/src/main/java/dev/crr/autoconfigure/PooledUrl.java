package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.util.ClassUtils;

/** Reads the JDBC URL off a pool, which spares opening a connection to a database that is none of our business. */
final class PooledUrl {

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", PooledUrl.class.getClassLoader());

    private PooledUrl() {}

    static @Nullable String of(DataSource dataSource) {
        return HIKARI ? Hikari.url(dataSource) : null;
    }

    /** What a pool takes its connections from, if that is a DataSource. */
    static @Nullable DataSource pooled(DataSource dataSource) {
        return HIKARI ? Hikari.pooled(dataSource) : null;
    }

    /** Apart, because it links to Hikari. */
    private static final class Hikari {

        static @Nullable String url(DataSource dataSource) {
            HikariDataSource pool =
                    DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
            return pool == null || pool.getDataSource() != null ? null : pool.getJdbcUrl();
        }

        static @Nullable DataSource pooled(DataSource dataSource) {
            return dataSource instanceof HikariDataSource pool ? pool.getDataSource() : null;
        }
    }
}
