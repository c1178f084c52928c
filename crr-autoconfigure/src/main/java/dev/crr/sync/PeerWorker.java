package dev.crr.sync;

import dev.crr.SiteId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rounds with one peer on a thread of their own, so that a slow peer keeps nobody waiting and no two rounds with it
 * overlap. Between rounds the thread sits in a request that the peer answers when it has something new. Thread-safe.
 */
final class PeerWorker {

    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private static final String STOPPED = "synchronisation is not running";

    /** What the thread does, and so what may interrupt it. */
    private enum Phase {
        /** Nothing that can be interrupted. */
        IDLE,
        /** A round, which only a pause interrupts. */
        ROUND,
        /** A request that is held by the peer, which gives way to anything. */
        LISTENING
    }

    private final PeerSync sync;
    private final LivePush livePush;
    private final Duration interval;
    private final BackOff backOff;

    /** Zero if the peer's changes are fetched in rounds only. */
    private final Duration wait;

    private final Object lock = new Object();
    private final AtomicLong lastHeard = new AtomicLong(System.nanoTime());

    private @Nullable Thread thread;
    private @Nullable CompletableFuture<SyncOutcome> requested;
    private Phase phase = Phase.IDLE;

    /** How many rounds failed, one after the other, since somebody asked for one. Of the thread. */
    private int failures;

    /**
     * @param settings how often
     * @param pushes where to send what was just committed
     */
    PeerWorker(PeerSync sync, SyncSettings settings, Executor pushes) {
        this.sync = sync;
        this.interval = settings.interval();
        this.backOff = new BackOff(settings.interval(), settings.maxBackoff());
        this.wait = sync.peer().pull() ? settings.listenTime() : Duration.ZERO;
        this.livePush = new LivePush(sync, pushes, this::requestRound);
    }

    PeerSync sync() {
        return sync;
    }

    void start() {
        synchronized (lock) {
            Thread fresh = new Thread(this::run, "crr-sync-" + sync.peer().name());
            fresh.setDaemon(true);
            thread = fresh;
            fresh.start();
        }
    }

    /** Asks for a round that begins from now on. All who ask before it begins share it. */
    CompletableFuture<SyncOutcome> request() {
        synchronized (lock) {
            if (thread == null) {
                return CompletableFuture.completedFuture(outcome(STOPPED));
            }
            if (requested == null) {
                requested = new CompletableFuture<>();
                interruptIf(Phase.LISTENING);
                lock.notifyAll();
            }
            return requested;
        }
    }

    /** Whoever is there again need not be waited for until the next try. */
    void heardFrom(SiteId site) {
        PeerState state = sync.state();
        boolean isIt = state.siteId() == null || state.siteId().equals(site);
        if (state.fault() == Fault.AWAY && state.condition() == PeerState.Condition.FAILING && isIt) {
            long now = System.nanoTime();
            long last = lastHeard.get();
            // At the usual pace, as anybody may call in anybody's name.
            if (now - last > interval.toNanos() && lastHeard.compareAndSet(last, now)) {
                requestRound();
            }
        }
    }

    private void requestRound() {
        var unused = request();
    }

    void committed(long version) {
        livePush.committed(version);
    }

    void pause() {
        sync.pause(true);
        livePush.cancel();
        synchronized (lock) {
            interruptIf(Phase.LISTENING);
            interruptIf(Phase.ROUND);
        }
    }

    void resume() {
        sync.pause(false);
        requestRound();
    }

    /** Tells a running round to stop and begins no other. */
    @Nullable Thread interrupt() {
        Thread stopped;
        CompletableFuture<SyncOutcome> dropped;
        synchronized (lock) {
            stopped = thread;
            dropped = requested;
            thread = null;
            requested = null;
        }
        if (stopped != null) {
            stopped.interrupt();
        }
        if (dropped != null) {
            dropped.complete(outcome(STOPPED));
        }
        return stopped;
    }

    /** Waits until an interrupted round has let go of the database. */
    static void awaitEnd(Thread stopped) {
        try {
            stopped.join(END_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = Duration.ZERO;
        while (isDue(pause)) {
            pause = round();
        }
    }

    /** Waits for the time of the next round, or a request for one; false if there will be none. */
    private boolean isDue(Duration pause) {
        sync.due(pause);
        long end = System.nanoTime() + pause.toNanos();
        synchronized (lock) {
            while (isCurrent() && requested == null && end - System.nanoTime() > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, end - System.nanoTime());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return isCurrent();
        }
    }

    /** One round, and what comes after it by itself. Returns how long to pause then. */
    private Duration round() {
        CompletableFuture<SyncOutcome> waiting;
        synchronized (lock) {
            waiting = requested;
            requested = null;
        }
        SyncOutcome outcome = in(Phase.ROUND, sync::round);
        if (waiting != null) {
            waiting.complete(outcome);
        }
        if (!outcome.success()) {
            // Whoever asks for a round has done something about it, perhaps.
            failures = waiting == null ? failures + 1 : 1;
            return sync.isPaused() ? interval : backOff.after(failures);
        }
        failures = 0;
        livePush.pushIfNeeded();
        return wait.isZero() || !sync.hears() ? interval : listen();
    }

    /** Has the peer tell what is new, until it is time for a round again. Returns how long to pause then. */
    private Duration listen() {
        long last = System.nanoTime();
        while (since(last).compareTo(interval) < 0) {
            long began = System.nanoTime();
            try {
                boolean news = sync.listen(wait, request -> in(Phase.LISTENING, request));
                if (!news) {
                    // Who answers at once knows no waiting, or has had enough of it.
                    return since(began).compareTo(wait.dividedBy(2)) < 0 ? interval : Duration.ZERO;
                }
                Pace.keep(began);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Duration.ZERO;
            } catch (Throwable e) { // an AssertionError of a listener, for example
                // A round finds out what it is. Not all peers of one that went away at the same moment, and no tight
                // loop
                // if only waiting fails.
                return interval.dividedBy(1000)
                        .multipliedBy(ThreadLocalRandom.current().nextInt(1, 1001));
            }
        }
        return Duration.ZERO;
    }

    private <T> T in(Phase begun, Supplier<T> work) {
        synchronized (lock) {
            if (begun == Phase.LISTENING && (requested != null || !isCurrent())) {
                throw new PeerException(Fault.OTHER, "there is something else to do");
            }
            phase = begun;
        }
        try {
            return work.get();
        } finally {
            synchronized (lock) {
                phase = Phase.IDLE;
                if (isCurrent()) {
                    // It was meant for what has ended now.
                    Thread.interrupted();
                }
            }
        }
    }

    private void interruptIf(Phase running) {
        if (thread != null && phase == running) {
            thread.interrupt();
        }
    }

    private boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private SyncOutcome outcome(String error) {
        return new SyncOutcome(sync.peer().name(), 0, 0, error);
    }
}
