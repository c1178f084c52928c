package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import dev.crr.ReservedPort;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.client.RestClient;

@Timeout(300)
class PeerClientTests {

    private static final SiteId US = SiteId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    private static final SyncSettings SETTINGS = new SyncSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 100, Duration.ofSeconds(1), 100_000);

    private ScriptedPeer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPeer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readsAStatus() {
        server.status = exchange -> ScriptedPeer.json(
                exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 7, "deck", "card"));
        assertThat(client().status(US))
                .isEqualTo(new PeerStatus(
                        ScriptedPeer.SITE,
                        ScriptedPeer.EPOCH,
                        7,
                        null,
                        Set.of("deck", "card"),
                        Set.of(),
                        Set.of(),
                        Map.of()));
    }

    @Test
    void asksForChanges() {
        ChangeQuery query = ChangeQuery.ALL
                .after(5, ScriptedPeer.EPOCH)
                .excluding(US)
                .onTables(List.of("a&b=c", "größe +%"))
                .limitedTo(9);
        server.changes = exchange -> ScriptedPeer.changeset(exchange, 5, 8, true, 3);

        Changeset changeset = client().changes(query, US);

        assertThat(changeset.version()).isEqualTo(8);
        assertThat(changeset.changes()).isEqualTo(ScriptedPeer.changes(3));
        String asked = server.asked.get(0);
        assertThat(asked)
                .startsWith("since=5&peer=" + US + "&epoch=" + ScriptedPeer.EPOCH + "&exclude=" + US + "&limit=9");
        assertThat(ScriptedPeer.parameter(asked, "table")).containsExactly("a&b=c", "größe +%");
    }

    @Test
    void pushesCompressed() {
        server.push = exchange -> ScriptedPeer.report(exchange, 4);
        Changeset changeset = new Changeset(US, null, 1, 4, null, null, false, ScriptedPeer.changes(50));

        MergeReport report = client().push(changeset, ScriptedPeer.EPOCH).report();

        assertThat(report.received()).isEqualTo(4);
        assertThat(report.siteId()).isEqualTo(ScriptedPeer.SITE);
        assertThat(server.pushed).containsExactly(changeset);
    }

    @Test
    void speaksCborUnlessThePeerCannot() {
        Changeset changeset = new Changeset(US, null, 1, 4, null, null, false, ScriptedPeer.changes(5));
        PeerClient client = client();
        client.push(changeset, ScriptedPeer.EPOCH);
        assertThat(lastHeader("Content-Type")).isEqualTo("application/cbor");

        server.spoken = EnumSet.of(WireFormat.JSON);
        client.push(changeset, ScriptedPeer.EPOCH);
        assertThat(lastHeader("Content-Type")).isEqualTo("application/json");
        int requests = server.exchanges.size();
        client.push(changeset, ScriptedPeer.EPOCH);
        assertThat(server.exchanges).as("it is remembered").hasSize(requests + 1);
        assertThat(server.pushed).containsExactly(changeset, changeset, changeset);
    }

    @Test
    void readsWhatThePeerAnswersWith() throws IOException {
        Changeset changeset = new Changeset(ScriptedPeer.SITE, null, 0, 3, null, null, false, ScriptedPeer.changes(20));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ScriptedPeer.CODEC.write(changeset, body, WireFormat.CBOR, NumberStyle.PLAIN);
        server.changes = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/cbor");
            exchange.sendResponseHeaders(200, body.size());
            body.writeTo(exchange.getResponseBody());
            exchange.close();
        };
        PeerClient client = client();
        assertThat(client.changes(ChangeQuery.ALL, US)).isEqualTo(changeset);
        assertThat(lastHeader("Accept")).isEqualTo("application/cbor, application/json;q=0.5");

        // An older release, which has never heard of CBOR, is sent none either.
        server.changes = exchange -> ScriptedPeer.changeset(exchange, changeset);
        assertThat(client.changes(ChangeQuery.ALL, US)).isEqualTo(changeset);
        client.push(changeset, ScriptedPeer.EPOCH);
        assertThat(lastHeader("Content-Type")).isEqualTo("application/json");

        server.changes = exchange -> {
            if (!"application/json".equals(exchange.getRequestHeaders().getFirst("Accept"))) {
                ScriptedPeer.json(exchange, 406, "{}");
            } else {
                ScriptedPeer.changeset(exchange, changeset);
            }
        };
        assertThat(client.changes(ChangeQuery.ALL, US)).isEqualTo(changeset);
    }

    @Test
    void acceptsCompressedAnswers() {
        server.changes = exchange -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(body)) {
                ScriptedPeer.CODEC.write(
                        new Changeset(ScriptedPeer.SITE, null, 0, 3, null, null, false, ScriptedPeer.changes(20)),
                        gzip,
                        WireFormat.JSON,
                        NumberStyle.PLAIN);
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.size());
            body.writeTo(exchange.getResponseBody());
            exchange.close();
        };
        assertThat(client().changes(ChangeQuery.ALL, US).changes()).hasSize(20);
        assertThat(lastHeader("Accept-Encoding")).isEqualTo("gzip");
    }

    @Test
    void sendsBasicCredentials() {
        Peer peer = new Peer("b", server.url(), "user", "pässword", null, null, true, true);
        client(peer).status(US);
        assertThat(lastHeader("Authorization"))
                .isEqualTo("Basic "
                        + Base64.getEncoder().encodeToString("user:pässword".getBytes(StandardCharsets.UTF_8)));
        assertThat(peer.toString()).doesNotContain("pässword");
    }

    @Test
    void sendsABearerToken() {
        client(new Peer("b", server.url(), null, null, "secret", null, true, true))
                .status(US);
        assertThat(lastHeader("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void doesNotFollowRedirects() throws IOException {
        try (ScriptedPeer elsewhere = new ScriptedPeer()) {
            server.status = exchange -> {
                exchange.getResponseHeaders().set("Location", elsewhere.url() + "?ticket=secret");
                exchange.sendResponseHeaders(307, -1);
                exchange.close();
            };
            assertRefused(
                    "it redirects to " + elsewhere.url() + "?… (307), which is not followed: configure the final URL");
            assertThat(elsewhere.exchanges).isEmpty();
        }
    }

    @Test
    void doesNotTakeHtmlForAStatus() {
        server.status =
                exchange -> ScriptedPeer.answer(exchange, 200, "text/html;charset=utf-8", "<html>Log in</html>");
        assertRefused("it answered with text/html;charset=utf-8 instead of JSON: "
                + "is there a proxy or another application at its URL?");
    }

    @Test
    void doesNotTakeOtherJsonForAStatus() {
        for (String json : List.of(
                "{\"status\":\"UP\"}", "[]", "7", "{\"siteId\":5,\"epoch\":null,\"version\":1,\"tables\":{}}")) {
            server.status = exchange -> ScriptedPeer.json(exchange, 200, json);
            assertRefused(
                    "its answer lacks the siteId, epoch, version or tables of a crr endpoint: "
                            + "does its URL end in /actuator/crr, and does nothing over there wrap its answers into something else?");
        }
        server.status = exchange -> ScriptedPeer.json(exchange, 200, "{\"siteId\":");
        assertRefused("its status is not JSON");
    }

    @Test
    void tellsWhatIsWrongWithChanges() {
        server.changes = exchange -> ScriptedPeer.json(exchange, 200, "{\"siteId\":7}");
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client().changes(ChangeQuery.ALL, US))
                .withMessage("its answer is not understood: \"siteId\" must be a string, but is an integer");
    }

    @Test
    void tellsThatCredentialsAreRefused() {
        server.status = exchange -> ScriptedPeer.answer(exchange, 401, "text/html", "");
        assertRefused("it refused our credentials (401)");
    }

    @Test
    void tellsThatThereIsNoEndpoint() {
        server.status = exchange -> ScriptedPeer.json(exchange, 404, "{}");
        assertRefused("it has no crr endpoint at this URL, or does not expose it (404)");
    }

    @Test
    void quotesAProblemOnOneBoundedLine() {
        server.status =
                exchange -> ScriptedPeer.json(exchange, 500, "{\"detail\":\"out of\\n disk" + "!".repeat(1000) + "\"}");
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client().status(US))
                .withMessageStartingWith("it answered with status 500: out of  disk!!!")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void tellsWhereToResume() {
        server.changes = exchange -> ScriptedPeer.json(exchange, 409, "{\"resume\":12,\"detail\":\"unknown epoch\"}");
        assertThatExceptionOfType(UnknownVersionException.class)
                .isThrownBy(() -> client().changes(ChangeQuery.since(50), US))
                .satisfies(e -> assertThat(e.resume()).isEqualTo(12));
    }

    @Test
    void aConflictWithoutResumeIsAFailure() {
        server.changes = exchange -> ScriptedPeer.json(exchange, 409, "{\"resume\":-1}");
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client().changes(ChangeQuery.ALL, US))
                .withMessage("it answered with status 409");
    }

    @Test
    void doesNotReadAnEndlessBody() {
        server.changes = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write("{\"future\":[".getBytes(StandardCharsets.UTF_8));
            byte[] more = "1,1,1,1,1,1,1,1,".repeat(500).getBytes(StandardCharsets.UTF_8);
            while (true) {
                out.write(more);
            }
        };
        assertThatExceptionOfType(ChangesetTooLargeException.class)
                .isThrownBy(() -> client().changes(ChangeQuery.ALL, US))
                .withMessage("the body is larger than 100000 bytes");
    }

    @Test
    void doesNotUnfoldABomb() {
        server.changes = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
                byte[] blanks = " ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 1000; i++) {
                    out.write(blanks);
                }
            }
        };
        assertThatExceptionOfType(ChangesetTooLargeException.class)
                .isThrownBy(() -> client().changes(ChangeQuery.ALL, US));
    }

    @Test
    void doesNotSendWhatNobodyWouldAccept() {
        assertThatExceptionOfType(ChangesetTooLargeException.class)
                .isThrownBy(() -> client().push(
                                new Changeset(US, null, 0, 1, null, null, false, ScriptedPeer.changes(5000)),
                                ScriptedPeer.EPOCH));
        assertThat(server.pushed).isEmpty();
    }

    @Test
    void tellsThatTheConnectionWasCut() {
        server.status = HttpExchange::close;
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client().status(US))
                .withMessageStartingWith("it cannot be reached: ");
    }

    @Test
    void tellsThatNobodyListens() {
        URI nobody = URI.create("http://127.0.0.1:" + new ReservedPort().number() + "/actuator/crr");
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client(new Peer("b", nobody)).status(US))
                .withMessageStartingWith("it cannot be reached: ConnectException");
    }

    @Test
    void doesNotWaitForever() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        server.status = exchange -> {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        SyncSettings impatient = new SyncSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                100,
                Duration.ofSeconds(1),
                100_000);
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client(server.peer(), impatient).status(US))
                .withMessageContaining("Timeout");
        done.countDown();
    }

    @Test
    void doesNotAcceptAnAnswerThatDripsForever() {
        server.status = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            CountDownLatch never = new CountDownLatch(1);
            try {
                while (!never.await(20, TimeUnit.MILLISECONDS)) {
                    out.write(' ');
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        SyncSettings impatient = new SyncSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofMillis(500),
                100,
                Duration.ofSeconds(1),
                100_000);
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client(server.peer(), impatient).status(US));
    }

    @Test
    void peersMustBeConfiguredSensibly() {
        for (String url : List.of("ftp://host/", "host:80", "/actuator/crr", "http://u:p@host/", "http://host/?a=b")) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> new Peer("b", URI.create(url)))
                    .satisfies(e ->
                            assertThat(e.getMessage()).contains("peer \"b\"").doesNotContain("u:p"));
        }
        assertThat(new Peer("b", URI.create("http://h/crr/")).url()).hasToString("http://h/crr");
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> client().status(US))
                .withMessage(message);
    }

    private String lastHeader(String name) {
        return server.exchanges
                .get(server.exchanges.size() - 1)
                .getRequestHeaders()
                .getFirst(name);
    }

    private PeerClient client() {
        return client(server.peer());
    }

    private static PeerClient client(Peer peer) {
        return client(peer, SETTINGS);
    }

    private static PeerClient client(Peer peer, SyncSettings settings) {
        return new PeerClient(
                new PeerConnections(RestClient.builder(), null, settings, null).to(peer),
                peer.url(),
                ScriptedPeer.CODEC,
                settings.maxBodySize());
    }
}
