package dev.crr.demo.live;

import dev.crr.sync.PeerState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with a peer.
 *
 * @param name what it is called
 * @param state {@code NEW}, {@code CONNECTED}, {@code FAILING} or {@code PAUSED}
 * @param error why the last round failed; null if it did not
 * @param lastSuccess when a round last succeeded; null if none did since the start
 * @param unsent how many of our versions it may not have yet; null if it was never met
 */
record PeerView(
        String name,
        String state,
        @Nullable String error,
        @Nullable Instant lastSuccess,
        @Nullable Long unsent) {

    static PeerView of(PeerState peer, long version) {
        String state = peer.lastError() != null ? "FAILING" : peer.lastSuccess() != null ? "CONNECTED" : "NEW";
        Long sent = peer.sent();
        return new PeerView(
                peer.name(), state, peer.lastError(), peer.lastSuccess(), sent == null ? null : version - sent);
    }
}
