package dev.crr.sync;

import java.util.concurrent.TimeUnit;

/** Keeps a busy stream of commits from becoming as many exchanges, at a delay that nobody notices. */
final class Pace {

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Pace() {}

    /** Waits until an exchange that began then has had its time. */
    static void keep(long began) throws InterruptedException {
        long left = NANOS - (System.nanoTime() - began);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
