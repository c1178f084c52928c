package dev.crr.sync;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads for what was just committed, of all peers together: made when there is something to send, gone a while later. */
final class LivePushThreads implements Executor {

    private static final long END_TIMEOUT_SECONDS = 10;

    private final AtomicInteger number = new AtomicInteger();

    private @Nullable ExecutorService executor;

    synchronized void start() {
        executor = Executors.newCachedThreadPool(this::thread);
    }

    @Override
    public void execute(Runnable push) {
        ExecutorService running;
        synchronized (this) {
            running = executor;
        }
        if (running == null) {
            throw new RejectedExecutionException("not running");
        }
        running.execute(push);
    }

    synchronized void interrupt() {
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    void awaitEnd() {
        ExecutorService ending;
        synchronized (this) {
            ending = executor;
            executor = null;
        }
        try {
            if (ending != null) {
                ending.awaitTermination(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread thread(Runnable push) {
        Thread thread = new Thread(push, "crr-push-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
