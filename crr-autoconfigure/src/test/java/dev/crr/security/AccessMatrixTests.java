package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.sync.PeerTokenSupplier;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Every way to authenticate with every kind of credentials: who asks for the status and for changes, who sends changes, and the
 * exchange of a whole round, both ways.
 */
@Timeout(300)
class AccessMatrixTests {

    @TempDir
    static Path folder;

    private static final Map<Mode, Pair> pairs = new HashMap<>();
    private static final Tokens tokens = new Tokens();

    /** How the server wants to know who calls. */
    enum Mode {
        NOTHING,
        BASIC,
        BEARER,
        TOKEN_SUPPLIER,
        CERTIFICATE
    }

    /** What the client has; each is the name of a peer entry of the client, of the same server. */
    enum Credentials {
        RIGHT,
        NONE,
        WRONG,
        WITHOUT_ROLE
    }

    /** In place of a status where the connection does not come about. */
    private static final int NO_CONNECTION = 0;

    private static int expected(Mode mode, Credentials credentials) {
        if (mode == Mode.NOTHING || credentials == Credentials.RIGHT) {
            return 200;
        }
        if (credentials == Credentials.WITHOUT_ROLE) {
            return 403;
        }
        return mode == Mode.CERTIFICATE ? NO_CONNECTION : 401;
    }

    @Configuration(proxyBeanMethods = false)
    static class Supplied {
        @Bean
        PeerTokenSupplier tokensOfPeers() {
            return peer -> bearer(Credentials.valueOf(peer));
        }
    }

    private static @Nullable String bearer(Credentials credentials) {
        return switch (credentials) {
            case RIGHT -> tokens.token("beta", "crr", Duration.ofHours(1));
            case NONE -> null;
            // Nobody renewed it.
            case WRONG -> tokens.token("beta", "crr", Duration.ofMinutes(-10));
            case WITHOUT_ROLE -> tokens.token("guest", "mail", Duration.ofHours(1));
        };
    }

    private static @Nullable String basic(Credentials credentials) {
        return switch (credentials) {
            case RIGHT -> "beta:s3cret";
            case NONE -> null;
            case WRONG -> "beta:secret";
            case WITHOUT_ROLE -> "guest:s3cret";
        };
    }

    /** A server that wants credentials, and a client that has four kinds of them. */
    private static final class Pair {
        final Instance server;
        final Instance client;

        Pair(Mode mode) throws IOException {
            server = new Instance(folder.resolve(mode + "-server"));
            client = new Instance(folder.resolve(mode + "-client"));
            switch (mode) {
                case NOTHING -> {}
                case BASIC -> server.secured(BasicRecipe.class);
                case BEARER -> server.secured(BearerRecipe.class).with(tokens.publicKey(folder.resolve("1.pem")));
                case TOKEN_SUPPLIER -> {
                    server.secured(BearerRecipe.class).with(tokens.publicKey(folder.resolve("2.pem")));
                    client.withBeans(Supplied.class);
                }
                case CERTIFICATE -> certificates();
            }
            for (Credentials credentials : Credentials.values()) {
                List<String> settings = new ArrayList<>(List.of("name=" + credentials));
                settings.addAll(settings(mode, credentials));
                client.withPeer(server, settings.toArray(String[]::new));
            }
            server.start(Note.class);
            client.start(Note.class);
        }

        private void certificates() throws IOException {
            Certificates ours = new Certificates(Files.createTempDirectory(folder, "ours"), "authority")
                    .issue("alpha")
                    .issue("beta")
                    .issue("guest");
            Certificates other = new Certificates(Files.createTempDirectory(folder, "other"), "mallory").issue("beta");
            server.secured(CertificateRecipe.class)
                    .with(ours.bundle("replica", "alpha", ours).toArray(String[]::new))
                    .with("server.ssl.bundle=replica", "server.ssl.client-auth=need");
            client.with(ours.bundle("right", "beta", ours).toArray(String[]::new))
                    .with(other.bundle("wrong", "beta", ours).toArray(String[]::new))
                    .with(ours.bundle("without_role", "guest", ours).toArray(String[]::new))
                    .with(ours.trusting("none"));
        }

        private static List<String> settings(Mode mode, Credentials credentials) {
            String basic = basic(credentials);
            String bearer = bearer(credentials);
            if (mode == Mode.BASIC && basic != null) {
                String[] parts = basic.split(":", -1);
                return List.of("username=" + parts[0], "password=" + parts[1]);
            }
            if (mode == Mode.BEARER && bearer != null) {
                return List.of("bearer-token=" + bearer);
            }
            return mode == Mode.CERTIFICATE ? List.of("ssl-bundle=" + bundle(credentials)) : List.of();
        }

        static String bundle(Credentials credentials) {
            return credentials.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static Pair pair(Mode mode) {
        return pairs.computeIfAbsent(mode, missing -> {
            try {
                return new Pair(missing);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @AfterAll
    static void stop() {
        pairs.values().forEach(pair -> {
            pair.client.close();
            pair.server.close();
        });
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void requestsAreAnsweredToThoseWhoMay(Mode mode) {
        Pair pair = pair(mode);
        String changeset = "{\"siteId\":\"" + "5".repeat(32) + "\",\"since\":0,\"version\":1,\"changes\":[]}";
        for (Credentials credentials : Credentials.values()) {
            int expected = expected(mode, credentials);
            assertThat(List.of(
                            status(pair, mode, credentials, "GET", "", null),
                            status(pair, mode, credentials, "GET", "/changes", null),
                            status(pair, mode, credentials, "POST", "/changes", changeset),
                            status(pair, mode, credentials, "GET", "/quarantine", null),
                            status(pair, mode, credentials, "POST", "", "{}")))
                    .as("%s with credentials %s", mode, credentials)
                    .containsOnly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theLoopExchangesBothWaysWithThoseWhoMay(Mode mode) {
        Pair pair = pair(mode);
        for (Credentials credentials : Credentials.values()) {
            pair.server.write("of the server " + credentials);
            pair.client.write("of the client " + credentials);
            SyncOutcome outcome =
                    pair.client.bean(SyncLoop.class).syncNow(credentials.name()).get(0);
            switch (expected(mode, credentials)) {
                case 200 -> {
                    assertThat(outcome.error()).isNull();
                    assertThat(pair.server.texts())
                            .isEqualTo(pair.client.texts())
                            .contains("of the server " + credentials, "of the client " + credentials);
                }
                case NO_CONNECTION -> assertThat(outcome.error()).startsWith("it cannot be reached");
                default ->
                    assertThat(outcome.error())
                            .startsWith("it refused our credentials (" + expected(mode, credentials) + ")");
            }
            if (expected(mode, credentials) != 200) {
                assertThat(pair.server.texts()).doesNotContain("of the client " + credentials);
                assertThat(pair.client.texts()).doesNotContain("of the server " + credentials);
            }
        }
    }

    private static int status(
            Pair pair, Mode mode, Credentials credentials, String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(pair.server.uri(path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (mode == Mode.BASIC && basic(credentials) != null) {
            byte[] both = Objects.requireNonNull(basic(credentials)).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
        }
        if ((mode == Mode.BEARER || mode == Mode.TOKEN_SUPPLIER) && bearer(credentials) != null) {
            request.header("Authorization", "Bearer " + bearer(credentials));
        }
        HttpClient.Builder client = HttpClient.newBuilder();
        if (mode == Mode.CERTIFICATE) {
            client.sslContext(pair.client
                    .bean(SslBundles.class)
                    .getBundle(Pair.bundle(credentials))
                    .createSslContext());
        }
        try {
            return client.build()
                    .send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return NO_CONNECTION;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
