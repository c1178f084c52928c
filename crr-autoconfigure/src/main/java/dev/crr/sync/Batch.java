package dev.crr.sync;

import java.time.Duration;

/**
 * How many changes to exchange at once. Fewer when that is too large for one side or takes it too long, because local writers
 * wait meanwhile; slowly more again. Of one round; not thread-safe.
 */
final class Batch {

    /** A piece of fewer changes spends its time on other things than these. */
    private static final int FLOOR = 300;

    /** How a long exchange begins, of which it is not known yet how fast it goes. */
    private static final int FIRST = 1_000;

    private final int largest;
    private final Duration maxApplyTime;
    private int size;

    Batch(int size, Duration maxApplyTime) {
        this.largest = size;
        this.maxApplyTime = maxApplyTime;
        this.size = size;
    }

    /** For an exchange of at least so many changes: what is going to be cut anyway begins small. */
    static Batch of(long changes, SyncSettings settings) {
        Batch batch = new Batch(settings.batchSize(), settings.maxApplyTime());
        if (changes > batch.largest) {
            batch.size = Math.min(batch.size, FIRST);
        }
        return batch;
    }

    int size() {
        return size;
    }

    /** Whether what is exchanged is a single row. */
    boolean isSmallest() {
        return size == 1;
    }

    /** After a piece that was too large for one side. */
    void halve() {
        size = Math.max(1, size / 2);
    }

    /** After a piece that was applied. */
    void applied(int changes, Duration time) {
        if (time.compareTo(maxApplyTime) > 0) {
            long fitting = changes * maxApplyTime.toNanos() / time.toNanos() * 3 / 4;
            size = (int) Math.min(size, Math.max(fitting, FLOOR));
        } else if (time.multipliedBy(2).compareTo(maxApplyTime) < 0) {
            size = Math.min(largest, size + 1 + size / 4);
        }
    }
}
