package dev.crr.autoconfigure;

import java.util.concurrent.TimeUnit;

/**
 * Until when to wait.
 *
 * @param millis how long in all
 * @param end the end on the clock of {@link System#nanoTime()}
 */
record Deadline(long millis, long end) {

    static Deadline in(long millis) {
        return new Deadline(millis, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Not negative. */
    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }
}
