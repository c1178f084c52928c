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
 */
public record TrackedPeer(
        SiteId siteId,
        @Nullable String scope,
        long received,
        @Nullable Epoch receivedEpoch,
        long sent) {}
