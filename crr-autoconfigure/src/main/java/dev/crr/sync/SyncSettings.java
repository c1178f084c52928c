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
 * @param live whether changes are exchanged as soon as they are committed, and not in rounds only
 * @param maxBackoff the longest pause after failures; not less than the interval
 */
public record SyncSettings(
        Duration interval,
        Duration connectTimeout,
        Duration readTimeout,
        int batchSize,
        Duration maxApplyTime,
        long maxBodySize,
        boolean live,
        Duration maxBackoff) {

    /** What suits most. */
    public static final SyncSettings DEFAULTS = new SyncSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            20_000,
            Duration.ofMillis(100),
            64L * 1024 * 1024);

    /** Proxies cut requests that stay open for longer, usually after a minute. */
    private static final Duration MAX_LISTEN_TIME = Duration.ofSeconds(30);

    /**
     * @throws IllegalArgumentException if anything is not positive
     */
    public SyncSettings {
        if (!isPositive(interval)
                || !isPositive(connectTimeout)
                || !isPositive(readTimeout)
                || !isPositive(maxApplyTime)
                || !isPositive(maxBackoff)) {
            throw new IllegalArgumentException("interval, timeouts, times and back-off must be positive");
        }
        if (batchSize < 1 || maxBodySize < 1) {
            throw new IllegalArgumentException("batch size and body size must be positive");
        }
    }

    /**
     * In rounds only.
     *
     * @param interval pause between two rounds with a peer
     * @param connectTimeout how long a connection may take to open
     * @param readTimeout how long one request may take, with its answer
     * @param batchSize about how many changes are exchanged in one request
     * @param maxApplyTime how long applying a piece of a long exchange may take, about
     * @param maxBodySize how many bytes a changeset may have, uncompressed, in either direction
     */
    public SyncSettings(
            Duration interval,
            Duration connectTimeout,
            Duration readTimeout,
            int batchSize,
            Duration maxApplyTime,
            long maxBodySize) {
        this(interval, connectTimeout, readTimeout, batchSize, maxApplyTime, maxBodySize, false, Duration.ofMinutes(1));
    }

    /** How long to have a peer wait for something new: the answer has to come within the read timeout. Zero if not at all. */
    Duration listenTime() {
        Duration half = readTimeout.dividedBy(2);
        Duration time = half.compareTo(MAX_LISTEN_TIME) < 0 ? half : MAX_LISTEN_TIME;
        return live ? Duration.ofSeconds(time.toSeconds()) : Duration.ZERO;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
