package dev.crr.autoconfigure;

import dev.crr.sync.CommitWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Looks at the version of the database at short intervals, while somebody wants to know, and at once after a commit of this
 * process. Other processes' commits show in no other way. Thread-safe.
 */
final class WatchedDatabase implements CommitWatch, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(WatchedDatabase.class);

    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** Where looking takes a connection of the pool. */
    private static final Duration POOLED_INTERVAL = Duration.ofSeconds(1);

    /** How long to go on when nobody listens, because whoever was just answered comes again. */
    private static final Duration REST = Duration.ofSeconds(5);

    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final CrrDatabase database;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;

    WatchedDatabase(CrrDatabase database) {
        this.database = database;
    }

    @Override
    public Subscription subscribe(LongConsumer listener) {
        Listener added = new Listener(listener);
        synchronized (this) {
            listeners.add(added);
            if (thread == null) {
                Thread fresh = new Thread(this::run, "crr-watch");
                fresh.setDaemon(true);
                thread = fresh;
                fresh.start();
            } else {
                LockSupport.unpark(thread);
            }
        }
        return () -> listeners.remove(added);
    }

    /** Before the pool is closed: whoever closes the last connection tidies up the WAL, and a connection that only reads cannot. */
    @Override
    public void destroy() throws InterruptedException {
        Thread ending;
        synchronized (this) {
            ending = thread;
            thread = null;
        }
        if (ending != null) {
            LockSupport.unpark(ending);
            ending.join(END_TIMEOUT.toMillis());
        }
    }

    private void run() {
        CommitHint.add(Thread.currentThread());
        try (VersionReader reader = new VersionReader(database)) {
            long lastNeeded = System.nanoTime();
            while (isNeeded(lastNeeded)) {
                if (!listeners.isEmpty()) {
                    lastNeeded = System.nanoTime();
                    look(reader);
                }
                LockSupport.parkNanos((reader.isPooled() ? POOLED_INTERVAL : INTERVAL).toNanos());
            }
        } finally {
            CommitHint.remove(Thread.currentThread());
            ended();
        }
    }

    /** However it came to that: the next who subscribes needs another. */
    private synchronized void ended() {
        if (thread == Thread.currentThread()) {
            thread = null;
        }
    }

    private synchronized boolean isNeeded(long lastNeeded) {
        if (thread != Thread.currentThread()) {
            return false;
        }
        if (listeners.isEmpty() && System.nanoTime() - lastNeeded > REST.toNanos()) {
            thread = null;
            return false;
        }
        return true;
    }

    private void look(VersionReader reader) {
        long version;
        try {
            version = reader.version();
        } catch (Exception e) {
            // Somebody has locked the file, or migrates it; the next look will do.
            log.debug("The version cannot be read just now", e);
            return;
        }
        for (Listener listener : listeners) {
            listener.tell(version);
        }
    }

    private static final class Listener {

        private final LongConsumer consumer;
        private long told = -1;

        Listener(LongConsumer consumer) {
            this.consumer = consumer;
        }

        void tell(long version) {
            if (version != told) {
                told = version;
                try {
                    consumer.accept(version);
                } catch (
                        Throwable e) { // of a policy of the user's, for example: all others are to be told all the same
                    log.warn("What was committed could not be told to a listener", e);
                }
            }
        }
    }
}
