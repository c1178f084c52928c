package dev.crr.sync;

import java.time.Duration;

/**
 * How to exchange changes with peers.
 *
 * @param interval pause between two rounds with a peer
 * @param connectTimeout how long a connection may take to open
 * @param readTimeout how long one request may take, with its answer
 * @param batchSize about how many changes are exchanged in one request
 * @param maxApplyTime how long applying a piece of a long exchange may take, about; the next ones are smaller otherwise
 * @param maxBodySize how many bytes a changeset may have, uncompressed, in either direction
 */
public record SyncSettings(
        Duration interval,
        Duration connectTimeout,
        Duration readTimeout,
        int batchSize,
        Duration maxApplyTime,
        long maxBodySize) {

    /** What suits most. */
    public static final SyncSettings DEFAULTS = new SyncSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            10_000,
            Duration.ofMillis(100),
            64L * 1024 * 1024);

    /**
     * @throws IllegalArgumentException if anything is not positive
     */
    public SyncSettings {
        if (!isPositive(interval)
                || !isPositive(connectTimeout)
                || !isPositive(readTimeout)
                || !isPositive(maxApplyTime)) {
            throw new IllegalArgumentException("interval, timeouts and times must be positive");
        }
        if (batchSize < 1 || maxBodySize < 1) {
            throw new IllegalArgumentException("batch size and body size must be positive");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
