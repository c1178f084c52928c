package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import dev.crr.sync.Fault;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/security.md shows what is tested, and its policy does what it says. */
@Timeout(300)
class RecipeTests {

    @TempDir
    Path folder;

    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    private Instance instance(String name) {
        Instance instance = new Instance(folder.resolve(name));
        instances.add(instance);
        return instance;
    }

    @Test
    void snippetsAreThoseOfTests() throws IOException {
        String sources;
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/crr/security"))) {
            sources = files.map(RecipeTests::read).collect(Collectors.joining("\n"));
        }
        List<String> snippets = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(read(Path.of("../docs/security.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(snippets)
                .hasSizeGreaterThan(5)
                .allSatisfy(snippet -> assertThat(squeezed(sources)).contains(squeezed(snippet)));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tokensComeFromAnAuthorizationServerAndAreKept() throws IOException {
        Tokens tokens = new Tokens();
        AtomicInteger issued = new AtomicInteger();
        AtomicBoolean away = new AtomicBoolean(true);
        HttpServer authorization = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authorization.createContext("/token", exchange -> {
            byte[] answer = ("{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\""
                            + tokens.token("beta", "crr", Duration.ofHours(1)) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(away.get() ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            issued.incrementAndGet();
        });
        authorization.start();
        Instance server = instance("server")
                .secured(BearerRecipe.class)
                .with(tokens.publicKey(folder.resolve("key.pem")))
                .start(Note.class);
        String registration = "spring.security.oauth2.client.registration.crr.";
        Instance client = instance("client")
                .withPeer(server)
                .secured(OAuth2ClientRecipe.class)
                .with(
                        registration + "provider=ours",
                        registration + "authorization-grant-type=client_credentials",
                        registration + "client-id=beta",
                        registration + "client-secret=s3cret",
                        registration + "scope=crr",
                        "spring.security.oauth2.client.provider.ours.token-uri=http://localhost:"
                                + authorization.getAddress().getPort() + "/token")
                .start(Note.class);
        SyncLoop loop = client.bean(SyncLoop.class);
        assertThat(loop.syncNow(null).get(0).error()).startsWith("no token was to be had for it: ");
        assertThat(loop.peers().get(0).fault()).isEqualTo(Fault.REFUSED);
        away.set(false);
        issued.set(0);
        client.write("note");
        syncWell(client);
        syncWell(client);
        assertThat(server.texts()).containsExactly("note");
        assertThat(issued).hasValue(1);
        authorization.stop(0);
    }

    @Test
    void theOfficeMayEverythingAndOthersWriteTheirOwn() {
        Instance server = instance("server")
                .secured(BasicRecipe.class, PolicyRecipe.class)
                .start(Note.class, Person.class);
        Instance third = instance("third").start(Note.class, Person.class);
        Instance beta = instance("beta")
                .withPeer(third)
                .withPeer(server, "username=beta", "password=s3cret")
                .start(Note.class, Person.class);
        server.jdbc()
                .update(
                        "INSERT INTO person (id, name) VALUES (?, 'Ann')",
                        UUID.randomUUID().toString());
        third.write("of the third");
        beta.write("of beta");
        syncWell(beta);
        assertThat(server.texts()).containsExactly("of beta");
        assertThat(people(beta)).isEmpty();
        Instance office = instance("office")
                .withPeer(third)
                .withPeer(server, "username=office", "password=s3cret")
                .start(Note.class, Person.class);
        syncWell(office);
        assertThat(server.texts()).containsExactly("of beta", "of the third");
        assertThat(people(office)).containsExactly("Ann");
    }

    private static List<String> people(Instance instance) {
        return instance.jdbc().queryForList("SELECT name FROM person", String.class);
    }

    private static void syncWell(Instance instance) {
        assertThat(instance.bean(SyncLoop.class).syncNow(null)).allMatch(SyncOutcome::success);
    }
}
