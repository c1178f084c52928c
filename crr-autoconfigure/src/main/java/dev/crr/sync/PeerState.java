package dev.crr.sync;

import dev.crr.SiteId;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with a peer, as of the last round.
 *
 * @param name what people call it
 * @param url its endpoint
 * @param siteId the database behind it, once known
 * @param received its version up to which its changes were applied here
 * @param sent our version up to which it is known to have our changes
 * @param lag how many of its versions are still to be received; null if unknown
 * @param lastSuccess when a round last succeeded
 * @param lastError why the last round failed; null if it succeeded
 */
public record PeerState(
        String name,
        URI url,
        @Nullable SiteId siteId,
        @Nullable Long received,
        @Nullable Long sent,
        @Nullable Long lag,
        @Nullable Instant lastSuccess,
        @Nullable String lastError) {

    static PeerState initial(Peer peer) {
        return new PeerState(peer.name(), peer.url(), null, null, null, null, null, null);
    }

    PeerState met(SiteId peerSite) {
        return new PeerState(name, url, peerSite, received, sent, lag, lastSuccess, lastError);
    }

    PeerState at(long nowReceived, long nowSent, long nowLag) {
        return new PeerState(name, url, siteId, nowReceived, nowSent, nowLag, lastSuccess, lastError);
    }

    PeerState succeeded(Instant when) {
        return new PeerState(name, url, siteId, received, sent, lag, when, null);
    }

    PeerState failed(String error) {
        return new PeerState(name, url, siteId, received, sent, lag, lastSuccess, error);
    }
}
