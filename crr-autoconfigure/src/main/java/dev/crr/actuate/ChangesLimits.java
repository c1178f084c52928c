package dev.crr.actuate;

import java.time.Duration;

/**
 * How much the {@code changes} handlers take and give at once.
 *
 * @param maxBodySize how many bytes a changeset that is sent here may have, uncompressed
 * @param maxBodyTime how long a changeset that is sent here may take to arrive
 * @param maxBatchSize about how many changes one answer has at most, whatever was asked for
 * @param maxHeld how many requests may wait for changes at a time; others are answered at once
 */
public record ChangesLimits(long maxBodySize, Duration maxBodyTime, int maxBatchSize, int maxHeld) {

    /** What suits most. */
    public static final ChangesLimits DEFAULTS =
            new ChangesLimits(64L * 1024 * 1024, Duration.ofSeconds(60), 100_000, 256);

    /**
     * @throws IllegalArgumentException if anything is not positive
     */
    public ChangesLimits {
        if (maxBodySize < 1 || maxBodyTime.isNegative() || maxBodyTime.isZero() || maxBatchSize < 1 || maxHeld < 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
