package dev.crr.benchmark;

/** Adds up the time between starts and stops. */
final class Stopwatch {

    private static final double MILLIS = 1e6;

    private long started;
    private long nanos;

    void start() {
        started = System.nanoTime();
    }

    void stop() {
        nanos += System.nanoTime() - started;
    }

    double millis() {
        return nanos / MILLIS;
    }
}
