package dev.crr.sync;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rounds with one peer on a thread of their own, so that a slow peer keeps nobody waiting and no two rounds with it
 * overlap. Thread-safe.
 */
final class PeerWorker {

    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final PeerSync sync;
    private final Object lock = new Object();

    private @Nullable ScheduledExecutorService executor;
    private @Nullable CompletableFuture<SyncOutcome> requested;

    PeerWorker(PeerSync sync) {
        this.sync = sync;
    }

    PeerSync sync() {
        return sync;
    }

    void start(Duration interval) {
        synchronized (lock) {
            executor = Executors.newSingleThreadScheduledExecutor(this::thread);
            // The next pause begins when a round has ended, however long it took.
            var unused = executor.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Asks for a round that begins from now on. All who ask before it begins share it. */
    CompletableFuture<SyncOutcome> request() {
        synchronized (lock) {
            if (executor == null) {
                return CompletableFuture.completedFuture(notRunning());
            }
            if (requested == null) {
                requested = new CompletableFuture<>();
                executor.execute(this::runIfRequested);
            }
            return requested;
        }
    }

    void pause() {
        sync.pause(true);
    }

    void resume() {
        sync.pause(false);
        var unused = request();
    }

    /** Tells a running round to stop and begins no other. */
    @Nullable ScheduledExecutorService interrupt() {
        ScheduledExecutorService stopped;
        CompletableFuture<SyncOutcome> dropped;
        synchronized (lock) {
            stopped = executor;
            dropped = requested;
            executor = null;
            requested = null;
        }
        if (stopped != null) {
            stopped.shutdownNow();
        }
        if (dropped != null) {
            dropped.complete(notRunning());
        }
        return stopped;
    }

    /** Waits until an interrupted round has let go of the database. */
    static void awaitEnd(ScheduledExecutorService stopped) {
        try {
            stopped.awaitTermination(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runIfRequested() {
        synchronized (lock) {
            if (requested == null) {
                return;
            }
        }
        run();
    }

    private void run() {
        CompletableFuture<SyncOutcome> waiting;
        synchronized (lock) {
            waiting = requested;
            requested = null;
        }
        SyncOutcome outcome = sync.round();
        if (waiting != null) {
            waiting.complete(outcome);
        }
    }

    private SyncOutcome notRunning() {
        return new SyncOutcome(sync.peer().name(), 0, 0, "synchronisation is not running");
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "crr-sync-" + sync.peer().name());
        thread.setDaemon(true);
        return thread;
    }
}
