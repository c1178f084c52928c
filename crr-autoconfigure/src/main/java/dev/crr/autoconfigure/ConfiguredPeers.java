package dev.crr.autoconfigure;

import dev.crr.autoconfigure.CrrProperties.Peer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * The peers as configured, checked, each with a name.
 *
 * @param peers the peers, in order
 */
record ConfiguredPeers(List<ConfiguredPeer> peers) {

    ConfiguredPeers {
        peers = List.copyOf(peers);
    }

    /**
     * One of them.
     *
     * @param name its name
     * @param url its endpoint, absolute, http or https
     * @param settings everything else
     */
    record ConfiguredPeer(String name, URI url, Peer settings) {

        /** As the synchronisation knows it. */
        dev.crr.sync.Peer peer() {
            return new dev.crr.sync.Peer(
                    name,
                    url,
                    settings.username(),
                    settings.password(),
                    settings.bearerToken(),
                    settings.sslBundle(),
                    settings.pull(),
                    settings.push());
        }
    }

    /**
     * Checks the peers.
     *
     * @throws InvalidConfigurationPropertyValueException for the first wrong one
     */
    static ConfiguredPeers of(CrrProperties properties) {
        List<ConfiguredPeer> peers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        // Given names first: a default must not take one away.
        for (int index = 0; index < properties.peers().size(); index++) {
            String name = properties.peers().get(index).name();
            if (name != null && name.isBlank()) {
                throw invalid(index, "name", name, "A peer's name must not be blank.");
            }
            if (name != null && !names.add(name)) {
                throw invalid(index, "name", name, "Two peers have this name.");
            }
        }
        for (int index = 0; index < properties.peers().size(); index++) {
            Peer peer = properties.peers().get(index);
            URI url = url(index, peer.url());
            checkCredentials(index, peer);
            peers.add(new ConfiguredPeer(name(index, peer.name(), url, names), url, peer));
        }
        return new ConfiguredPeers(peers);
    }

    private static String name(int index, @Nullable String given, URI url, Set<String> taken) {
        if (given != null) {
            return given;
        }
        String name = url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
        int number = index + 1;
        while (!taken.add(name)) {
            name = "peer-" + number++;
        }
        return name;
    }

    private static URI url(int index, @Nullable String url) {
        if (!StringUtils.hasText(url)) {
            throw invalid(index, "url", url, "A peer needs the address of its endpoint.");
        }
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException ex) {
            throw invalid(index, "url", url, "It is not a URL: " + ex.getReason() + ".");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw invalid(
                    index, "url", url, "It must be an absolute http or https URL, such as http://host/actuator/crr.");
        }
        if (uri.getUserInfo() != null) {
            throw invalid(index, "url", "(hidden)", "Credentials belong into username and password, not into the URL.");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            // Not quoted, since tokens are put there.
            throw invalid(index, "url", "(hidden)", "It must have neither query nor fragment.");
        }
        return uri;
    }

    private static void checkCredentials(int index, Peer peer) {
        if (peer.bearerToken() != null && (peer.username() != null || peer.password() != null)) {
            throw invalid(
                    index, "bearer-token", "(hidden)", "Give a bearer token or a user name and password, not both.");
        }
        if (peer.username() == null && peer.password() != null) {
            throw invalid(index, "username", null, "A password needs a user name.");
        }
        if (peer.username() != null && peer.password() == null) {
            throw invalid(index, "password", null, "A user name needs a password.");
        }
    }

    private static InvalidConfigurationPropertyValueException invalid(
            int index, String property, @Nullable String value, String reason) {
        return new InvalidConfigurationPropertyValueException("crr.peers[" + index + "]." + property, value, reason);
    }
}
