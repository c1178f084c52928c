package dev.crr.sync;

import dev.crr.wire.ChangesetTooLargeException;

/** How many changes to exchange at once: halved when that is too much for one side. */
final class Batch {

    private int size;

    Batch(int size) {
        this.size = size;
    }

    int size() {
        return size;
    }

    /**
     * @throws PeerException if there is nothing smaller than what failed
     */
    void shrink(ChangesetTooLargeException failure) {
        if (size == 1) {
            throw new PeerException(
                    Fault.TOO_LARGE, "a single row is too large to be exchanged: " + failure.getMessage(), failure);
        }
        size /= 2;
    }
}
