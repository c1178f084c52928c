package dev.crr.sync;

import org.jspecify.annotations.Nullable;

/**
 * What one round with a peer came to.
 *
 * @param peer the peer's name
 * @param pulled how many changes were fetched and applied
 * @param pushed how many changes were sent
 * @param error why the round failed, was not begun because of a pause, or has not ended in time; null if it succeeded
 */
public record SyncOutcome(
        String peer, long pulled, long pushed, @Nullable String error) {

    /**
     * Whether the round reached its end.
     *
     * @return true if nothing failed
     */
    public boolean success() {
        return error == null;
    }
}
