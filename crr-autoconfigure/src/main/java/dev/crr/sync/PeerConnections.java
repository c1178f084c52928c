package dev.crr.sync;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Makes the HTTP client for a peer: its credentials, its trust, timeouts, and nothing that leads elsewhere. Not thread-safe. */
final class PeerConnections {

    private final RestClient.Builder builder;
    private final @Nullable SslBundles sslBundles;
    private final SyncSettings settings;
    private final @Nullable PeerTokenSupplier tokens;

    /** By SSL bundle, all else being equal: each has threads. */
    private final Map<String, ClientHttpRequestFactory> factories = new HashMap<>();

    PeerConnections(
            RestClient.Builder builder,
            @Nullable SslBundles sslBundles,
            SyncSettings settings,
            @Nullable PeerTokenSupplier tokens) {
        this.builder = builder;
        this.sslBundles = sslBundles;
        this.settings = settings;
        this.tokens = tokens;
    }

    RestClient to(Peer peer) {
        return builder.clone()
                .requestFactory(factories.computeIfAbsent(
                        Objects.requireNonNullElse(peer.sslBundle(), ""), bundle -> requestFactory(peer)))
                .defaultHeaders(headers -> {
                    if (peer.bearerToken() != null) {
                        headers.setBearerAuth(peer.bearerToken());
                    } else if (peer.username() != null && peer.password() != null) {
                        headers.setBasicAuth(peer.username(), peer.password(), StandardCharsets.UTF_8);
                    }
                })
                .requestInitializer(request -> setToken(peer, request.getHeaders()))
                .build();
    }

    private void setToken(Peer peer, HttpHeaders headers) {
        if (tokens == null) {
            return;
        }
        String token;
        try {
            token = tokens.token(peer.name());
        } catch (RuntimeException e) {
            throw new PeerException(Fault.REFUSED, "no token was to be had for it: " + Causes.describe(e), e);
        }
        if (token != null) {
            if (!BearerTokens.isValid(token)) {
                throw new PeerException(Fault.REFUSED, BearerTokens.INVALID);
            }
            headers.setBearerAuth(token);
        }
    }

    private ClientHttpRequestFactory requestFactory(Peer peer) {
        // The JDK's client is always there, can be interrupted, and bounds the whole of an answer by the read timeout.
        // Redirects
        // would carry credentials to wherever they point. An upgrade to HTTP/2 gains nothing here and confuses some
        // proxies.
        return ClientHttpRequestFactoryBuilder.jdk()
                .withHttpClientCustomizer(client -> client.version(HttpClient.Version.HTTP_1_1))
                .withCustomizer(PeerConnections::leaveEncodingAlone)
                .build(HttpClientSettings.defaults()
                        .withTimeouts(settings.connectTimeout(), settings.readTimeout())
                        .withRedirects(HttpRedirects.DONT_FOLLOW)
                        .withSslBundle(sslBundle(peer)));
    }

    /** We decompress ourselves, under a limit. */
    private static void leaveEncodingAlone(JdkClientHttpRequestFactory factory) {
        factory.enableCompression(false);
    }

    private @Nullable SslBundle sslBundle(Peer peer) {
        if (peer.sslBundle() == null) {
            return null;
        }
        if (sslBundles == null) {
            throw new IllegalArgumentException("peer \"" + peer.name() + "\" names the SSL bundle \"" + peer.sslBundle()
                    + "\", but there is no SslBundles bean, or more than one and none is primary");
        }
        try {
            return sslBundles.getBundle(peer.sslBundle());
        } catch (NoSuchSslBundleException e) {
            throw new IllegalArgumentException(
                    "peer \"" + peer.name() + "\" names the SSL bundle \"" + peer.sslBundle()
                            + "\", which is not there",
                    e);
        }
    }
}
