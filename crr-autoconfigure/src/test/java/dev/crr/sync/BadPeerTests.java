package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.crr.Instance;
import dev.crr.ReservedPort;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that is away, slow, wrong or hostile, next to a good one, which must not notice anything. */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before each test
class BadPeerTests {

    @TempDir
    Path directory;

    private ScriptedPeer bad;
    private Instance good;
    private Instance instance;

    @BeforeEach
    void start() throws IOException {
        bad = new ScriptedPeer();
        good = new Instance(directory.resolve("good"))
                .with("crr.sync.live=true")
                .start(Note.class);
        instance = new Instance(directory.resolve("instance"));
    }

    @AfterEach
    void stop() {
        instance.close();
        good.close();
        bad.close();
    }

    private void startNextTo(URI url) {
        instance.with(
                        "crr.peers[0].name=bad",
                        "crr.peers[0].url=" + url,
                        "crr.sync.live=true",
                        "crr.sync.interval=50ms",
                        "crr.sync.read-timeout=2s",
                        "crr.sync.connect-timeout=1s")
                .withPeer(good)
                .start(Note.class);
    }

    private PeerState badState() {
        return instance.bean(SyncLoop.class).peers().get(0);
    }

    private void assertTheGoodOneIsLive() {
        instance.write("here");
        good.write("there");
        await().untilAsserted(() ->
                assertThat(good.rows("note")).isEqualTo(instance.rows("note")).hasSize(2));
        await().until(() -> instance.bean(SyncLoop.class).peers().get(1).condition() == PeerState.Condition.CONNECTED);
    }

    static Stream<Arguments> wrongs() {
        return Stream.of(
                Arguments.of("an error", Fault.OTHER, (Answer) exchange -> ScriptedPeer.json(exchange, 500, "{}")),
                Arguments.of("a proxy without it", Fault.AWAY, (Answer)
                        exchange -> ScriptedPeer.answer(exchange, 502, "text/html", "<html>bad gateway</html>")),
                Arguments.of("a page", Fault.NOT_A_PEER, (Answer)
                        exchange -> ScriptedPeer.answer(exchange, 200, "text/html", "<html>welcome</html>")),
                Arguments.of("another application", Fault.NOT_A_PEER, (Answer)
                        exchange -> ScriptedPeer.json(exchange, 200, "{\"status\":\"UP\"}")),
                Arguments.of(
                        "garbage", Fault.NOT_A_PEER, (Answer) exchange -> ScriptedPeer.json(exchange, 200, "\u0000}{")),
                Arguments.of("a lock", Fault.REFUSED, (Answer) exchange -> ScriptedPeer.json(exchange, 401, "{}")),
                Arguments.of("a redirect", Fault.NOT_A_PEER, (Answer) exchange -> {
                    exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/login");
                    ScriptedPeer.json(exchange, 302, "{}");
                }),
                Arguments.of("other tables", Fault.NOTHING_IN_COMMON, (Answer) exchange -> ScriptedPeer.json(
                        exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "another"))),
                Arguments.of("silence", Fault.AWAY, (Answer) BadPeerTests::silence),
                Arguments.of("no end", null, (Answer) BadPeerTests::endless));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongs")
    void theGoodOneIsLive(String name, @Nullable Fault fault, Answer answer) {
        bad.status = answer::give;
        startNextTo(bad.url());
        // A try that took too long is followed by others.
        await().until(() -> badState().condition() == PeerState.Condition.FAILING
                && (fault == null || badState().fault() == fault));
        assertTheGoodOneIsLive();
    }

    @Test
    void nobodyListensThere() {
        ReservedPort port = new ReservedPort();
        startNextTo(URI.create("http://127.0.0.1:" + port.number() + "/actuator/crr"));
        await().until(() -> badState().failures() > 1 && badState().fault() == Fault.AWAY);
        assertTheGoodOneIsLive();
    }

    /** The operating system accepts connections by itself, and nothing ever comes back. */
    @Test
    void acceptsAndNeverAnswers() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            startNextTo(URI.create("http://127.0.0.1:" + mute.getLocalPort() + "/actuator/crr"));
            assertTheGoodOneIsLive();
            await().until(() -> badState().fault() == Fault.AWAY);
        }
    }

    /** An instance of an older release, or one that holds no more requests: it is polled. */
    @Test
    void answersEachWaitAtOnce() {
        bad.status = exchange ->
                ScriptedPeer.json(exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "note"));
        startOnceAnHour();
        await().until(() -> bad.asked.stream().anyMatch(query -> query.contains("wait=")));
        assertTheGoodOneIsLive();
        assertThat(bad.asked.stream().filter(query -> query.contains("wait="))).hasSize(1);
        assertThat(badState().condition()).isEqualTo(PeerState.Condition.CONNECTED);
        assertThat(badState().nextTry()).isNotNull();
    }

    /** As a proxy does with requests that stay open. Only waiting fails, so the peer is as well as with polling. */
    @Test
    void refusesEachWait() {
        bad.status = exchange ->
                ScriptedPeer.json(exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "note"));
        bad.changes = exchange -> {
            if (exchange.getRequestURI().getRawQuery().contains("wait=")) {
                ScriptedPeer.answer(exchange, 504, "text/html", "<html>timeout</html>");
            } else {
                ScriptedPeer.changeset(exchange, 0, 0, false, 0);
            }
        };
        startOnceAnHour();
        await().until(() -> bad.asked.stream().anyMatch(query -> query.contains("wait=")));
        assertTheGoodOneIsLive();
        assertThat(bad.asked.stream().filter(query -> query.contains("wait="))).hasSize(1);
        assertThat(badState().condition()).isEqualTo(PeerState.Condition.CONNECTED);
    }

    @Test
    void comesAndGoesAllTheTime() {
        AtomicInteger calls = new AtomicInteger();
        bad.status = exchange -> {
            if (calls.incrementAndGet() % 2 == 0) {
                ScriptedPeer.json(exchange, 503, "{}");
            } else {
                ScriptedPeer.json(exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "note"));
            }
        };
        startNextTo(bad.url());
        await().until(() -> calls.get() > 6);
        assertTheGoodOneIsLive();
    }

    private void startOnceAnHour() {
        instance.with(
                        "crr.peers[0].name=bad",
                        "crr.peers[0].url=" + bad.url(),
                        "crr.sync.live=true",
                        "crr.sync.read-timeout=30s")
                .withPeer(good)
                .start(Note.class);
    }

    /** Without end: closing the peer interrupts it. */
    private static void silence(HttpExchange exchange) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        byte[] garbage = "{\"tables\":{},\"x\":[1,2,3,4,5,6,7,8,9,".getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(garbage);
            while (!Thread.currentThread().isInterrupted()) {
                out.write("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** What it answers when asked for its status. */
    @FunctionalInterface
    interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }
}
