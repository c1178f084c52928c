package dev.crr.sync;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Another instance to exchange changes with, as it is configured.
 *
 * @param name what people call it
 * @param url its endpoint, {@code http://host:8080/actuator/crr} for example
 * @param username for basic authentication, together with {@code password}
 * @param password for basic authentication
 * @param bearerToken sent as it is, instead of basic authentication
 * @param sslBundle the name of the SSL bundle to connect with; null for the platform's own trust
 * @param pull whether to fetch its changes
 * @param push whether to send it ours
 */
public record Peer(
        String name,
        URI url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String bearerToken,
        @Nullable String sslBundle,
        boolean pull,
        boolean push) {

    /**
     * @throws IllegalArgumentException if the name is blank, the URL is not an absolute http(s) one without query, fragment and
     *     user, or the credentials are incomplete, of both kinds, or unfit for a header
     */
    public Peer {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a peer must have a name");
        }
        url = withoutTrailingSlash(checked(name, url));
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException(
                    "peer \"" + name + "\" must have both a username and a password, or neither");
        }
        if (bearerToken != null && !BearerTokens.isValid(bearerToken)) {
            throw new IllegalArgumentException("peer \"" + name + "\": " + BearerTokens.INVALID);
        }
        if (username != null && bearerToken != null) {
            throw new IllegalArgumentException(
                    "peer \"" + name + "\" must have either a username and password or a bearer token, not both");
        }
    }

    /**
     * A peer without credentials, to pull from and push to.
     *
     * @param name what people call it
     * @param url its endpoint
     */
    public Peer(String name, URI url) {
        this(name, url, null, null, null, null, true, true);
    }

    private static URI checked(String name, URI url) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "the URL of peer \"" + name + "\" must begin with http:// or https:// and name a host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            // Not quoted, since it may hold a password.
            throw new IllegalArgumentException("the URL of peer \"" + name
                    + "\" must have no user, query or fragment; credentials have properties of their own");
        }
        return url;
    }

    private static URI withoutTrailingSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }

    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return "Peer[name=" + name + ", url=" + url + ", pull=" + pull + ", push=" + push + "]";
    }
}
