package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** Puts a pool of read-only connections beside each pool of a SQLite file. Read-only transactions take from it, all else does not. */
final class ReadOnlyPools implements DestructionAwareBeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(ReadOnlyPools.class);

    private final ObjectProvider<CrrProperties> properties;

    private final Map<Object, HikariDataSource> pools = Collections.synchronizedMap(new IdentityHashMap<>());

    ReadOnlyPools(ObjectProvider<CrrProperties> properties) {
        this.properties = properties;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof HikariDataSource pool) || !suits(pool)) {
            return bean;
        }
        CrrProperties.ReadOnlyPool settings = properties.getObject().sqlite().readOnlyPool();
        HikariDataSource readOnly = ReadOnlyPool.beside(pool, beanName, settings);
        pools.put(pool, readOnly);
        log.debug("Read-only transactions on \"{}\" use the pool \"{}\"", beanName, readOnly.getPoolName());
        LazyConnectionDataSourceProxy both = new LazyConnectionDataSourceProxy();
        both.setTargetDataSource(pool);
        both.setReadOnlyDataSource(readOnly);
        // Both are known, and asking would open a connection.
        both.setDefaultAutoCommit(pool.isAutoCommit());
        both.setDefaultTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        return both;
    }

    /** An in-memory database has one connection's content only, and a pool that is read-only already needs no other. */
    private static boolean suits(HikariDataSource pool) {
        String url = pool.getJdbcUrl();
        return pool.getDataSource() == null
                && SqliteDatabase.isSqliteUrl(url)
                && !SqliteDatabase.isInMemory(url)
                && !pool.isReadOnly();
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return pools.containsKey(bean);
    }

    /** Before the writing pool is closed: the last connection of all tidies up the WAL, and a read-only one cannot. */
    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        HikariDataSource readOnly = pools.remove(bean);
        if (readOnly != null) {
            readOnly.close();
        }
    }
}
