package dev.crr.jpa;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.hibernate.cache.spi.TimestampsCache;
import org.hibernate.cache.spi.access.AccessType;
import org.hibernate.cache.spi.access.CachedDomainDataAccess;
import org.hibernate.cache.spi.access.SoftLock;
import org.hibernate.engine.spi.SessionImplementor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one merge keeps out of the caches until its transaction has ended. Not thread-safe. */
public final class CacheInvalidation {

    private static final Logger log = LoggerFactory.getLogger(CacheInvalidation.class);

    private record Entry(CachedDomainDataAccess cache, Object key) {}

    /** A token that the caches want to see; it takes no connection. */
    private final SessionImplementor session;

    private final @Nullable TimestampsCache timestamps;
    private final String[] spaces;
    private final Map<Entry, @Nullable SoftLock> locks = new LinkedHashMap<>();
    private final Set<CachedDomainDataAccess> cleared = new HashSet<>();
    private boolean ended;

    CacheInvalidation(SessionImplementor session, @Nullable TimestampsCache timestamps, String[] spaces) {
        this.session = session;
        this.timestamps = timestamps;
        this.spaces = spaces;
        if (timestamps != null) {
            timestamps.preInvalidate(spaces, session);
        }
    }

    void lock(CachedDomainDataAccess cache, Object key) {
        Entry entry = new Entry(cache, key);
        if (!locks.containsKey(entry)) {
            locks.put(entry, cache.lockItem(session, key, null));
            cache.remove(session, key);
        }
    }

    void clear(CachedDomainDataAccess cache) {
        if (cleared.add(cache)) {
            cache.evictAll();
        }
    }

    /** Lets the caches be filled again, with what is there after the transaction. Does not fail, and nothing if repeated. */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        cleared.forEach(cache -> attempt(cache::evictAll));
        // After that, because what is left of a lock keeps out who read before.
        locks.forEach((entry, lock) -> attempt(() -> release(entry, lock)));
        TimestampsCache queries = timestamps;
        if (queries != null) {
            attempt(() -> queries.invalidate(spaces, session));
        }
        attempt(session::close);
    }

    private void release(Entry entry, @Nullable SoftLock lock) {
        entry.cache().unlockItem(session, entry.key(), lock);
        if (entry.cache().getAccessType()
                != AccessType.READ_WRITE) { // which keeps the lock, against those who read before
            entry.cache().evict(entry.key());
        }
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException ex) {
            log.error("A cache could not be cleared after a merge and may hold what was before it.", ex);
        }
    }
}
