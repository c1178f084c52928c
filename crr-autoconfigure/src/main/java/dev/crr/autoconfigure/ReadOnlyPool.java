package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.sqlite.SQLiteOpenMode;

/** Makes a pool of connections that SQLite itself keeps from writing, with the settings of another pool. */
final class ReadOnlyPool {

    /** A reader must not lock others out, and cannot switch the journal, which the writers have switched already. */
    private static final Set<String> WRITERS_ONLY =
            Set.of("transaction_mode", "journal_mode", "open_mode", SqliteDriver.LOCK_WHEN_NEEDED);

    private ReadOnlyPool() {}

    /** Opens no connection yet. */
    static HikariDataSource beside(HikariDataSource pool, String name, CrrProperties.ReadOnlyPool settings) {
        HikariDataSource readOnly = new HikariDataSource();
        readOnly.setPoolName(Objects.requireNonNullElse(pool.getPoolName(), name) + "-read-only");
        readOnly.setJdbcUrl(withoutWriters(pool.getJdbcUrl()));
        if (pool.getDriverClassName() != null) {
            readOnly.setDriverClassName(pool.getDriverClassName());
        }
        pool.getDataSourceProperties().forEach((key, value) -> {
            if (!WRITERS_ONLY.contains(key.toString())) {
                readOnly.addDataSourceProperty(key.toString(), value);
            }
        });
        readOnly.addDataSourceProperty("open_mode", String.valueOf(SQLiteOpenMode.READONLY.flag));
        readOnly.addDataSourceProperty("transaction_mode", "DEFERRED");
        readOnly.setReadOnly(true);
        readOnly.setMaximumPoolSize(
                settings.maximumSize() != null ? settings.maximumSize() : pool.getMaximumPoolSize());
        // Each connection has a page cache of its own, so those that a burst has opened are given up again.
        readOnly.setMinimumIdle(1);
        readOnly.setAutoCommit(pool.isAutoCommit());
        readOnly.setConnectionInitSql(pool.getConnectionInitSql());
        readOnly.setConnectionTimeout(pool.getConnectionTimeout());
        readOnly.setLeakDetectionThreshold(pool.getLeakDetectionThreshold());
        readOnly.setRegisterMbeans(pool.isRegisterMbeans());
        return readOnly;
    }

    /** Parameters of the URL would win over properties. */
    private static String withoutWriters(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        String kept = Arrays.stream(url.substring(query + 1).split("&", -1))
                .filter(parameter ->
                        !WRITERS_ONLY.contains(parameter.replaceFirst("=.*", "").toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining("&"));
        return url.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
    }
}
