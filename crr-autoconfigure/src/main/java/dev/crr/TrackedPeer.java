package dev.crr;

import org.jspecify.annotations.Nullable;

/**
 * How far this database and another have come with each other, in one scope.
 *
 * @param siteId the other database
 * @param scope the narrowing the numbers are for, null for everything
 * @param received the other's version up to which its changes were applied here
 * @param receivedEpoch the other's epoch in which {@code received} was given out, if it has epochs
 * @param sent this database's version up to which the other is known to have its changes
 * @param sentEpoch this database's epoch that the other has for {@code sent}, if it told
 */
public record TrackedPeer(
        SiteId siteId,
        @Nullable String scope,
        long received,
        @Nullable Epoch receivedEpoch,
        long sent,
        @Nullable Epoch sentEpoch) {

    /** A peer of which the epoch of what was sent is not known. */
    public TrackedPeer(SiteId siteId, @Nullable String scope, long received, @Nullable Epoch receivedEpoch, long sent) {
        this(siteId, scope, received, receivedEpoch, sent, null);
    }
}
