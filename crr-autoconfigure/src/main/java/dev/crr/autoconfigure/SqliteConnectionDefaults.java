package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.sqlite.JDBC;

/**
 * Gives the SQLite driver the settings that several writers need, where the user has not set them. Comes last of the
 * prioritized post-processors, so that the user's properties are bound already.
 */
final class SqliteConnectionDefaults implements BeanPostProcessor, PriorityOrdered {

    private static final Logger log = LoggerFactory.getLogger(SqliteConnectionDefaults.class);

    private static final Map<String, String> DEFAULTS = defaults();

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        // Readers do not block the writer, nor it them.
        defaults.put("journal_mode", "WAL");
        // Milliseconds to wait for another writer.
        defaults.put("busy_timeout", "10000");
        // A transaction that reads first and writes later would fail at once, without waiting, if another wrote in
        // between. Our own driver puts it off until the first statement.
        defaults.put("transaction_mode", "IMMEDIATE");
        // A peer may already hold what a power cut would take away here.
        defaults.put("synchronous", "FULL");
        // Every statement in a trigger opens a journal in the temporary store.
        defaults.put("temp_store", "MEMORY");
        // KiB when negative: clocks and rows of a large merge together outgrow SQLite's 2 MB.
        defaults.put("cache_size", "-16384");
        // Dates as numbers depend on the time zone of the instance that wrote them.
        defaults.put("date_class", "TEXT");
        return defaults;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof HikariDataSource pool && pool.getDataSource() == null) {
            String url = pool.getJdbcUrl();
            if (SqliteDatabase.isSqliteUrl(url)) {
                boolean ownMode = apply(pool, url, beanName);
                if (pool.getDriverClassName() == null
                        || pool.getDriverClassName().equals(JDBC.class.getName())) {
                    pool.setDriverClassName(SqliteDriver.class.getName());
                    if (ownMode) {
                        pool.addDataSourceProperty(SqliteDriver.LOCK_WHEN_NEEDED, "true");
                    }
                }
                if (!pool.isAutoCommit()) {
                    log.warn(
                            "The pool \"{}\" has auto-commit=false. The SQLite driver then begins a transaction on every idle"
                                    + " connection, so transaction_mode stays DEFERRED, and a transaction that reads before it"
                                    + " writes may fail when another writes in between. Remove auto-commit=false.",
                            beanName);
                }
                if (SqliteDatabase.isInMemory(url)) {
                    log.warn(
                            "{} is an in-memory database: every connection of the pool \"{}\" has a database of its own, and"
                                    + " nothing is kept. Use a file, also in tests.",
                            url,
                            beanName);
                }
            }
        }
        return bean;
    }

    /** Returns whether the transaction mode is ours to choose. */
    private static boolean apply(HikariDataSource pool, String url, String beanName) {
        Properties given = pool.getDataSourceProperties();
        int query = url.indexOf('?');
        String parameters = query < 0 ? "" : "&" + url.substring(query + 1).toLowerCase(Locale.ROOT);
        List<String> set = new ArrayList<>();
        DEFAULTS.forEach((name, value) -> {
            // Without auto-commit each idle connection sits in a transaction, and an immediate one would lock out all
            // others.
            boolean locksWhenIdle = name.equals("transaction_mode") && !pool.isAutoCommit();
            if (!locksWhenIdle && !given.containsKey(name) && !parameters.contains("&" + name + "=")) {
                pool.addDataSourceProperty(name, value);
                set.add(name + "=" + value);
            }
        });
        if (!set.isEmpty()) {
            log.info(
                    "The pool \"{}\" gives the SQLite driver {}; data-source-properties of its own win.",
                    beanName,
                    String.join(", ", set));
        }
        return set.contains("transaction_mode=IMMEDIATE");
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
