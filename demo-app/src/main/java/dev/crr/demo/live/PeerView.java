package dev.crr.demo.live;

import dev.crr.sync.Fault;
import dev.crr.sync.PeerState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with a peer.
 *
 * @param name what it is called
 * @param condition whether changes are exchanged with it
 * @param fault why the last round failed; null if it did not
 * @param error the same in words
 * @param lastSuccess when a round last succeeded; null if none did since the start
 * @param unsent how many of our versions it may not have yet; null if it was never met
 */
record PeerView(
        String name,
        PeerState.Condition condition,
        @Nullable Fault fault,
        @Nullable String error,
        @Nullable Instant lastSuccess,
        @Nullable Long unsent) {

    static PeerView of(PeerState peer, long version) {
        Long sent = peer.sent();
        return new PeerView(
                peer.name(),
                peer.condition(),
                peer.fault(),
                peer.lastError(),
                peer.lastSuccess(),
                sent == null ? null : Math.max(0, version - sent));
    }
}
