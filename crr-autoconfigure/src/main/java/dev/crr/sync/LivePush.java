package dev.crr.sync;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends a peer what was just committed. Commits that come while one push is on its way share the next. Thread-safe. */
final class LivePush {

    private final PeerSync sync;
    private final Executor threads;
    private final Runnable failed;

    private volatile long latest;

    private boolean running;
    private boolean again;
    private @Nullable Thread thread;

    /**
     * @param threads where pushes run
     * @param failed called after a push that failed
     */
    LivePush(PeerSync sync, Executor threads, Runnable failed) {
        this.sync = sync;
        this.threads = threads;
        this.failed = failed;
    }

    void committed(long version) {
        latest = version;
        pushIfNeeded();
    }

    /** Also to be called when it may have become possible. */
    void pushIfNeeded() {
        if (!sync.lacks(latest)) {
            return;
        }
        synchronized (this) {
            if (running) {
                again = true;
                return;
            }
            running = true;
        }
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException stopping) {
            end();
        }
    }

    synchronized void cancel() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        begin();
        try {
            do {
                long began = System.nanoTime();
                if (!fetchesItself()) {
                    sync.pushNow();
                }
                Pace.keep(began);
            } while (goesOn());
        } catch (Throwable e) { // or nothing would be pushed ever again
            end();
            failed.run();
        }
    }

    /** Whoever was just answered has to be given the time to ask again, or it would be sent everything twice. */
    private boolean fetchesItself() throws InterruptedException {
        if (!sync.asksAgainSoon()) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(Listeners.MOMENT.toNanos());
        // If it did ask since, it has what was committed before.
        return sync.asksAgainSoon();
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
    }

    private synchronized boolean goesOn() {
        if (again) {
            again = false;
            return true;
        }
        end();
        return false;
    }

    private synchronized void end() {
        running = false;
        again = false;
        thread = null;
    }
}
