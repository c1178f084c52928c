package dev.crr.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets whoever watches a database look at once, and not when it would look next. Of the whole process, since connections are made
 * by name and know nobody. Thread-safe.
 */
final class CommitHint {

    private static final List<Thread> watchers = new CopyOnWriteArrayList<>();

    private CommitHint() {}

    /** Something may have been committed, to any database. Costs next to nothing if nobody watches. */
    static void give() {
        for (Thread watcher : watchers) {
            LockSupport.unpark(watcher);
        }
    }

    static void add(Thread watcher) {
        watchers.add(watcher);
    }

    static void remove(Thread watcher) {
        watchers.remove(watcher);
    }
}
