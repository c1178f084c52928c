package dev.crr.engine;

import dev.crr.Change;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;

/**
 * How much of one sender may be set aside.
 *
 * @param changes how many changes
 * @param bytes how many bytes, about; the last change may exceed it, so that no change is too large by itself
 */
record QuarantineLimit(long changes, long bytes) {

    /** For what was set aside before. */
    static final QuarantineLimit NONE = new QuarantineLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Requires that there is room for one more. */
    void require(QuarantineSizes.Size size, SiteId origin, Change change, String reason) {
        if (size.changes() >= changes) {
            throw new QuarantineFullException(origin, changes + " changes", "crr.sync.max-quarantined", change, reason);
        }
        if (size.bytes() >= bytes) {
            throw new QuarantineFullException(
                    origin, size.bytes() + " bytes", "crr.sync.max-quarantined-bytes", change, reason);
        }
    }
}
