package dev.crr.sync;

import org.jspecify.annotations.Nullable;

/**
 * Gives the bearer token to call a peer with. Define one as a bean where tokens expire; an OAuth2 client, for example, has them in
 * an {@code OAuth2AuthorizedClientManager}. Called before each request, by a thread per peer, so it should keep a token as long as
 * it lasts. If it throws, the exchange with that peer fails and is tried again; the message of what it throws is logged and must
 * not tell secrets.
 */
@FunctionalInterface
public interface PeerTokenSupplier {

    /**
     * Gives the token.
     *
     * @param peerName the peer's name under {@code crr.peers}
     * @return the token, without "Bearer"; null for a peer that gets the credentials it was configured with, or none
     */
    @Nullable String token(String peerName);
}
