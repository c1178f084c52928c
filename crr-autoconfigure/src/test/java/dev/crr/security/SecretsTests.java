package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.sync.PeerTokenSupplier;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Credentials go to their peer and nowhere else: no log, no answer, no report of a failed start. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

    private static final String PASSWORD = "pa55w0rd-of-beta";
    private static final String TOKEN = "t0ken-of-beta";
    private static final String BASIC =
            Base64.getEncoder().encodeToString(("beta:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private final List<Instance> instances = new CopyOnWriteArrayList<>();

    private Instance instance(String name) {
        Instance instance = new Instance(folder.resolve(name))
                .with("logging.level.dev.crr=TRACE", "logging.level.org.springframework=DEBUG");
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    private static void assertNoSecret(CharSequence text) {
        assertThat(text).doesNotContain(PASSWORD, TOKEN, BASIC);
    }

    @Configuration(proxyBeanMethods = false)
    static class Supplied {
        @Bean
        PeerTokenSupplier tokensOfPeers() {
            return peer -> switch (peer) {
                case "supplied" -> TOKEN;
                case "supplied with a line break" -> TOKEN + "\n";
                case "no token" -> throw new IllegalStateException("the authorization server is away");
                default -> null;
            };
        }
    }

    @Test
    void areNotToldWhateverGoesWrong(CapturedOutput output) throws IOException {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        HttpServer redirecting = server(exchange -> {
            elsewhere.add("redirecting " + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Location", "http://localhost:1/");
            exchange.sendResponseHeaders(302, -1);
        });
        HttpServer broken = server(exchange -> exchange.close());
        Instance server = instance("server").secured(BasicRecipe.class).start(Note.class);
        Instance client = instance("client").withBeans(Supplied.class);
        String refusing = server.uri("").toString();
        String[] urls = {url(redirecting), url(broken), refusing, "http://localhost:1/actuator/crr"};
        int index = 0;
        for (String url : urls) {
            peer(client, index, url, "basic " + index, "username=beta", "password=" + PASSWORD);
            index++;
            peer(client, index, url, "bearer " + index, "bearer-token=" + TOKEN);
            index++;
        }
        peer(client, index++, refusing, "supplied");
        peer(client, index++, refusing, "supplied with a line break");
        peer(client, index, refusing, "no token");
        client.with("management.endpoints.web.exposure.include=*")
                .with(
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always")
                .start(Note.class);

        List<SyncOutcome> outcomes = client.bean(SyncLoop.class).syncNow(null);
        assertThat(outcomes).hasSize(11).allSatisfy(outcome -> {
            assertThat(outcome.success()).isFalse();
            assertNoSecret(outcome.toString());
        });
        assertThat(outcomes.get(8).error()).isEqualTo("it refused our credentials (401)");
        assertThat(outcomes.get(9).error()).contains("has characters that cannot be in a header");
        assertThat(outcomes.get(10).error())
                .isEqualTo("no token was to be had for it: IllegalStateException: the authorization server is away");
        assertThat(elsewhere).as("they did go where they belong").contains("redirecting Basic " + BASIC);

        assertNoSecret(client.status().toString());
        assertNoSecret(client.sync().toString());
        for (String endpoint : List.of("configprops", "env", "env/crr.peers[0].password", "beans", "conditions")) {
            var response = client.send(java.net.http.HttpRequest.newBuilder(
                            client.uri("/../" + endpoint.replace("[", "%5B").replace("]", "%5D"))
                                    .normalize())
                    .build());
            assertThat(response.statusCode()).as(endpoint).isEqualTo(200);
            assertNoSecret(response.body());
        }
        client.close();
        assertThat(output).contains("does not exchange changes");
        assertNoSecret(output);
        redirecting.stop(0);
        broken.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url=http://beta:" + PASSWORD + "@host/actuator/crr",
                "url=http://host/actuator/crr?token=" + TOKEN,
                "url=http://host/actuator/crr#" + TOKEN,
                "url=http://beta:" + PASSWORD + " @host/actuator/crr",
                "url=//beta:" + PASSWORD + "@host/actuator/crr",
                "password=" + PASSWORD,
                "bearer-token=" + TOKEN + "\u00e9",
                "bearer-token=" + TOKEN + " " + TOKEN,
                "username=beta&password=" + PASSWORD + "&bearer-token=" + TOKEN,
                "username=be:ta&password=" + PASSWORD,
            })
    void areNotToldByAStartThatFails(String settings, CapturedOutput output) {
        Instance instance = instance("failing")
                .with("logging.level.org.springframework=INFO", "crr.peers[0].url=http://host/actuator/crr");
        for (String setting : settings.split("&", -1)) {
            instance.with("crr.peers[0]." + setting);
        }
        assertThatThrownBy(() -> instance.start(Note.class)).satisfies(failure -> {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                assertNoSecret(String.valueOf(cause.getMessage()));
            }
        });
        assertThat(output).contains("APPLICATION FAILED TO START").contains("crr.peers[0]");
        assertNoSecret(output);
    }

    @Test
    void aBundleThatIsNotThereIsNamed() {
        Instance instance = instance("failing")
                .with("crr.peers[0].url=http://host/actuator/crr", "crr.peers[0].bearer-token=" + TOKEN)
                .with("crr.peers[0].ssl-bundle=nowhere");
        assertThatThrownBy(() -> instance.start(Note.class))
                .hasRootCauseMessage("SSL bundle name 'nowhere' cannot be found")
                .hasStackTraceContaining("peer \"host\" names the SSL bundle \"nowhere\", which is not there");
    }

    /** Of a peer's properties. Whoever adds one decides where it belongs, and a secret has to be kept from all that is shown. */
    private static final Map<String, Object> SECRETS = Map.of("password", PASSWORD, "bearerToken", TOKEN);

    private static final Set<String> HARMLESS = Set.of("name", "url", "username", "sslBundle", "pull", "push");

    @ParameterizedTest
    @ValueSource(strings = {"dev.crr.autoconfigure.CrrProperties$Peer", "dev.crr.sync.Peer"})
    void everyPropertyOfAPeerIsKnownToBeSecretOrNot(String type) throws Exception {
        RecordComponent[] components = Class.forName(type).getRecordComponents();
        assertThat(components).isNotEmpty();
        for (RecordComponent component : components) {
            assertThat(SECRETS.containsKey(component.getName()) != HARMLESS.contains(component.getName()))
                    .as("%s of %s is either a secret, and then not shown, or harmless", component.getName(), type)
                    .isTrue();
        }
        Constructor<?> constructor = Class.forName(type)
                .getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        // Each on its own, because some exclude each other.
        for (String secret : SECRETS.keySet()) {
            Object peer = constructor.newInstance(Arrays.stream(components)
                    .map(component -> value(component, secret))
                    .toArray());
            assertThat(peer.toString()).contains("harmless");
            assertNoSecret(peer.toString());
        }
    }

    private static @Nullable Object value(RecordComponent component, String secret) {
        boolean needless = component.getName().equals("username") && !secret.equals("password");
        if (SECRETS.containsKey(component.getName()) || needless) {
            return component.getName().equals(secret) ? SECRETS.get(secret) : null;
        }
        return harmless(component.getType());
    }

    private static Object harmless(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        return type == URI.class ? URI.create("http://harmless/actuator/crr") : "harmless";
    }

    static List<String> spellings() {
        return SECRETS.keySet().stream()
                .flatMap(name -> {
                    String kebab = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                    String upper = name.toUpperCase(Locale.ROOT);
                    return Stream.of(
                            "crr.peers[0]." + name,
                            "crr.peers[0]." + kebab,
                            "crr.peers[0]." + kebab.replace('-', '_'),
                            "CRR_PEERS_0_" + upper,
                            "CRR_PEERS_0_" + kebab.replace("-", "_").toUpperCase(Locale.ROOT));
                })
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void aSecretIsNotShownHoweverItIsSpelled(String key, CapturedOutput output) {
        boolean password = key.toLowerCase(Locale.ROOT).endsWith("password");
        Instance instance = instance("shown")
                .with("management.endpoints.web.exposure.include=*")
                .with(
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always")
                .with(key + "=" + (password ? PASSWORD : TOKEN), "crr.peers[0].url=http://localhost:1/actuator/crr");
        if (password && key.startsWith("crr")) {
            instance.with("crr.peers[0].username=beta");
        }
        instance.start(Note.class);
        for (String endpoint : List.of("configprops", "env", "env/" + key, "crr", "health")) {
            var response = instance.send(java.net.http.HttpRequest.newBuilder(
                            instance.uri("/../" + endpoint.replace("[", "%5B").replace("]", "%5D"))
                                    .normalize())
                    .build());
            assertThat(response.statusCode()).as(endpoint).isEqualTo(200);
            assertNoSecret(response.body());
            if (endpoint.startsWith("env")) {
                assertThat(response.body()).contains("******");
            }
        }
        instance.close();
        assertNoSecret(output);
    }

    private static void peer(Instance instance, int index, String url, String name, String... settings) {
        String prefix = "crr.peers[" + index + "].";
        instance.with(prefix + "url=" + url, prefix + "name=" + name);
        for (String setting : settings) {
            instance.with(prefix + setting);
        }
    }

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort() + "/actuator/crr";
    }
}
