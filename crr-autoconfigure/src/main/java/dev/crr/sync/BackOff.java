package dev.crr.sync;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to leave a peer alone: twice as long after each failure, up to a limit, and by chance a bit less, so that many do not
 * come back to one at the same moment.
 */
record BackOff(Duration first, Duration most) {

    Duration after(int failures) {
        long limit = Math.max(first.toNanos(), most.toNanos());
        long full = first.toNanos();
        for (int i = 1; i < failures && full < limit; i++) {
            full = full > limit / 2 ? limit : full * 2;
        }
        return Duration.ofNanos(full - ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }
}
