package dev.crr.jpa;

import dev.crr.SqlNames;
import dev.crr.Value;
import dev.crr.engine.MergedRows;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.cache.spi.TimestampsCache;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;

/**
 * Hibernate's second-level, collection, natural identifier and query caches, which hear nothing of what is written beside Hibernate. What a merge
 * changes is locked in them before the commit and released after it, as Hibernate does with its own writes, so that nobody
 * who still reads the old row puts it back. Thread-safe.
 */
public final class EntityCaches {

    private final SessionFactoryImplementor sessionFactory;
    private final CacheDependents dependents;
    private final @Nullable TimestampsCache timestamps;

    private EntityCaches(SessionFactoryImplementor sessionFactory) {
        this.sessionFactory = sessionFactory;
        this.dependents = new CacheDependents(sessionFactory);
        this.timestamps = sessionFactory.getSessionFactoryOptions().isQueryCacheEnabled()
                ? sessionFactory.getCache().getTimestampsCache()
                : null;
    }

    /**
     * Looks for caches.
     *
     * @param factory a factory made by Hibernate
     * @return its caches, null if it has none
     */
    public static @Nullable EntityCaches of(EntityManagerFactory factory) {
        EntityCaches caches = new EntityCaches(factory.unwrap(SessionFactoryImplementor.class));
        return caches.dependents.isEmpty() && caches.timestamps == null ? null : caches;
    }

    /**
     * Takes rows out of the caches and keeps them from returning. To be called inside the transaction that wrote them.
     *
     * @param rows by table, what was written
     * @return to be ended once the transaction has ended, in whatever way
     */
    public CacheInvalidation begin(Map<String, MergedRows> rows) {
        boolean beyond = rows.values().stream().anyMatch(MergedRows::triggers);
        Set<String> spaces = new HashSet<>();
        for (String table : beyond ? dependents.tables() : rows.keySet()) {
            spaces.addAll(dependents.spaces(table));
        }
        CacheInvalidation invalidation =
                new CacheInvalidation(sessionFactory.openTemporarySession(), timestamps, spaces.toArray(String[]::new));
        try {
            if (beyond) { // a trigger may have written anything anywhere
                for (String table : dependents.tables()) {
                    dependents.of(table).forEach(dependent -> invalidation.clear(dependent.cache()));
                }
            } else {
                rows.forEach((table, ofTable) ->
                        dependents.of(table).forEach(dependent -> invalidate(dependent, ofTable, invalidation)));
            }
            return invalidation;
        } catch (RuntimeException ex) {
            invalidation.end();
            throw ex;
        }
    }

    private static void invalidate(
            CacheDependents.Dependent dependent, MergedRows rows, CacheInvalidation invalidation) {
        List<Object> keys = cacheKeys(dependent, rows);
        if (keys == null) {
            invalidation.clear(dependent.cache());
        } else {
            keys.forEach(key -> invalidation.lock(dependent.cache(), key));
        }
    }

    /** Null if it cannot be told which entries the rows belong to. */
    private static @Nullable List<Object> cacheKeys(CacheDependents.Dependent dependent, MergedRows rows) {
        int position = -1;
        for (int i = 0; i < rows.columns().size(); i++) {
            if (SqlNames.fold(rows.columns().get(i)).equals(dependent.column())) {
                position = i;
            }
        }
        KeyType type = dependent.type();
        if (!rows.complete() || position < 0 || type == null) {
            return null;
        }
        List<Object> keys = new ArrayList<>();
        for (List<Value> key : rows.keys()) {
            Object value = type.read(key.get(position));
            if (value == null) {
                return null;
            }
            keys.add(dependent.cacheKey().apply(value));
        }
        return keys;
    }
}
