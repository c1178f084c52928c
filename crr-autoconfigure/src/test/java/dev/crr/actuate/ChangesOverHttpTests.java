package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Instance;
import dev.crr.TrackedPeer;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The handlers over a real database, asked by strangers. */
@Timeout(300)
class ChangesOverHttpTests {

    private static final String POST =
            "POST /actuator/crr/changes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String STRANGER = "5".repeat(32);

    @TempDir
    static Path directory;

    private static Instance instance;

    @BeforeAll
    static void start() {
        instance = new Instance(directory.resolve("file"))
                .with(
                        "crr.sync.max-changes=50",
                        "crr.sync.max-body-size=1MB",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=600000")
                .start(Note.class);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/json",
                "text/html",
                "application/cbor;q=0.1, application/json",
                ""
            })
    void answersInJsonUnlessAskedForCborByName(String accept) {
        HttpResponse<String> response =
                accept.isEmpty() ? instance.get("/changes") : instance.get("/changes", "Accept", accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        HttpResponse<String> refused = instance.get("/changes?since=x", "Accept", accept.isEmpty() ? "*/*" : accept);
        assertProblem(refused, 400);
    }

    @Test
    void answersOtherMethodsAsActuatorDoes() {
        assertThat(instance.send("HEAD", "/changes", null).statusCode()).isEqualTo(200);
        HttpResponse<String> options = instance.send("OPTIONS", "/changes", null);
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(options.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
        assertThat(instance.send("PUT", "/changes", new byte[0]).statusCode()).isEqualTo(405);
        assertThat(instance.send("DELETE", "/changes", null).statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since=-1",
                "since=x",
                "since=",
                "since=1&since=2",
                "since=9223372036854775808",
                "limit=0",
                "limit=-1",
                "epoch=FFEEDDCCBBAA99887766554433221100",
                "epoch=",
                "peer=x",
                "exclude=",
                "site=x",
                "table=",
                "table=nothing",
                "numbers=plain",
                "since=%zz",
                "since=%C3%28"
            })
    void refusesQueriesThatMakeNoSense(String query) {
        String request = "GET /actuator/crr/changes?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        assertThat(raw(request)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void ignoresParametersItDoesNotKnow() {
        assertThat(instance.get("/changes?since=0&color=red&wait=1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void tellsWhereToResume() {
        long version = instance.service().version();
        HttpResponse<String> past = instance.get("/changes?since=" + (version + 5));
        assertProblem(past, 409);
        assertThat(Instance.json(past).path("resume").asLong(-1)).isEqualTo(version);
        HttpResponse<String> elsewhere = instance.get("/changes?since=1&epoch=" + "0".repeat(32));
        assertProblem(elsewhere, 409);
        assertThat(Instance.json(elsewhere).path("resume").asLong(-1)).isZero();
    }

    @Test
    void takesAnEmptyChangesetAndMovesTheCursor() {
        HttpResponse<String> response = instance.post("/changes", changeset("1".repeat(32), 0, 7));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode report = Instance.json(response);
        assertThat(report.propertyNames())
                .containsExactlyInAnyOrder(
                        "siteId", "epoch", "received", "applied", "ignored", "quarantined", "version", "appliedIn");
        assertThat(report.path("received").asLong()).isEqualTo(7);
        // A gap does not move it.
        assertThat(Instance.json(instance.post("/changes", changeset("1".repeat(32), 9, 12)))
                        .path("received")
                        .asLong())
                .isEqualTo(7);
    }

    @Test
    void takesOurOwnChangesetAsNews() {
        instance.write("own");
        String own = instance.get("/changes").body();
        long version = instance.service().version();
        HttpResponse<String> response = instance.post("/changes", own);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Instance.json(response).path("applied").asLong(-1)).isZero();
        assertThat(instance.service().version()).isEqualTo(version);
        assertThat(instance.service().trackedPeers())
                .extracting(TrackedPeer::siteId)
                .doesNotContain(instance.service().siteId());
    }

    @Test
    void whatItGivesItTakes() {
        for (int i = 0; i < 60; i++) {
            instance.write("many " + i);
        }
        for (String query : new String[] {"", "?limit=49", "?limit=1000"}) {
            HttpResponse<String> page = instance.get("/changes" + query);
            assertThat(Instance.json(page).path("more").asBoolean()).isTrue();
            HttpResponse<String> response = instance.post("/changes", fromStranger(page.body()));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    @Test
    void acknowledgesWhatTheAskerHas() {
        instance.write("acknowledged");
        long version = instance.service().version();
        String asker = "2".repeat(32);
        assertThat(instance.get("/changes?since=" + version + "&peer=" + asker + "&exclude=" + STRANGER)
                        .statusCode())
                .isEqualTo(200);
        assertThat(sent(asker)).isZero();
        instance.get("/changes?since=" + version + "&peer=" + asker + "&exclude=" + asker);
        assertThat(sent(asker)).isEqualTo(version);
        instance.get("/changes?since=1&peer=" + asker);
        assertThat(sent(asker)).isEqualTo(version);
        instance.get("/changes?since=" + version + "&peer=" + instance.service().siteId());
        assertThat(sent(instance.service().siteId().toString())).isZero();
    }

    @Test
    void readingAgainWaitsForNoWriter() throws SQLException {
        instance.write("read again");
        String query = "/changes?since=" + instance.service().version() + "&peer=" + "3".repeat(32);
        instance.get(query);
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + instance.file());
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            // Who waits here waits for longer than this test may take.
            assertThat(instance.get(query).statusCode()).isEqualTo(200);
            statement.execute("ROLLBACK");
        }
    }

    @Test
    void manyMayPostAtOnce() throws Exception {
        instance.write("posted by all");
        String body =
                instance.get("/changes?site=" + instance.service().siteId()).body();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String posted = moved(body, String.format("%032x", 1000 + i), UUID.randomUUID());
                statuses.add(
                        threads.submit(() -> instance.post("/changes", posted).statusCode()));
            }
            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesBodiesThatAreNoJson() {
        byte[] empty = changeset(STRANGER, 0, 1).getBytes(StandardCharsets.UTF_8);
        assertProblem(instance.send("POST", "/changes", empty), 415);
        assertThat(instance.send("POST", "/changes", empty, "Content-Type", "application/json; charset=UTF-8")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(instance.send("POST", "/changes", empty, "Content-Type", "application/json;charset=utf-16"), 415);
        assertProblem(instance.post("/changes", ""), 400);
    }

    @Test
    void aLengthThatIsTooLargeIsNotWaitedFor() {
        String answer = raw(POST + "Content-Length: 9000000000000\r\n\r\n{");
        assertThat(answer).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void chunksWithoutEndAreCutOff() throws Exception {
        try (Socket socket = new Socket("localhost", instance.port())) {
            socket.setSoTimeout(120_000);
            OutputStream out = socket.getOutputStream();
            String head = POST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("4000\r\n" + " ".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 65; i++) {
                out.write(chunk);
            }
            out.flush();
            byte[] status = socket.getInputStream().readNBytes(13);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413 ");
        }
    }

    @Test
    void answersWhoeverSendsFarTooMuch() {
        byte[] large = new byte[30_000_000];
        Arrays.fill(large, (byte) ' ');
        assertProblem(
                instance.send(HttpRequest.newBuilder(instance.uri("/changes"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(large))
                        .build()),
                413);
    }

    @Test
    void asksForSynchronisationWithAndWithoutBody() {
        // As for every write operation of an endpoint.
        assertThat(instance.send("POST", "", null).statusCode()).isEqualTo(415);
        assertThat(instance.post("", "{}").statusCode()).isEqualTo(200);
        assertThat(instance.post("", "{\"peer\":null}").statusCode()).isEqualTo(200);
        assertThat(instance.post("", "{\"peer\":\"nobody\"}").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsHowThingsStand() {
        JsonNode status = instance.status();
        assertThat(status.propertyNames())
                .containsExactlyInAnyOrder(
                        "siteId", "epoch", "version", "tables", "quarantined", "paused", "peers", "alarms");
        assertThat(status.path("tables").path("note").path("key").toString()).isEqualTo("[\"id\"]");
        assertThat(status.path("tables").path("note").path("columns").toString())
                .isEqualTo("[\"text\"]");
        assertThat(status.path("epoch").asString())
                .isEqualTo(instance.service().epoch().toString());
        JsonNode counted =
                Instance.json(instance.get("?detail=true")).path("tables").path("note");
        assertThat(counted.has("rows")).isTrue();
        assertThat(counted.has("tombstones")).isTrue();
        assertThat(Instance.json(instance.get("/changes")).propertyNames())
                .containsExactlyInAnyOrder("siteId", "epoch", "since", "version", "more", "changes");
        assertThat(Instance.json(instance.get("/changes?table=note&exclude=" + STRANGER))
                        .propertyNames())
                .contains("exclude", "scope");
        assertThat(Instance.json(instance.get("/changes?table=note"))
                        .path("scope")
                        .asString())
                .isEqualTo(ChangeQuery.ALL.onTables(List.of("note")).scope());
    }

    private static long sent(String site) {
        return instance.service().trackedPeers().stream()
                .filter(peer -> peer.siteId().toString().equals(site))
                .mapToLong(TrackedPeer::sent)
                .sum();
    }

    private static String changeset(String site, long since, long version) {
        return "{\"siteId\":\"" + site + "\",\"since\":" + since + ",\"version\":" + version + ",\"changes\":[]}";
    }

    private static String fromStranger(String body) {
        return ((ObjectNode) JsonMapper.shared().readTree(body))
                .put("siteId", STRANGER)
                .toString();
    }

    /** Somebody else's changeset, of a row of its own. */
    private static String moved(String body, String site, UUID row) {
        ObjectNode changeset = (ObjectNode) JsonMapper.shared().readTree(body);
        ArrayNode changes = (ArrayNode) changeset.path("changes");
        ObjectNode change = ((ObjectNode) changes.get(changes.size() - 1)).put("siteId", site);
        change.putArray("pk").add(row.toString());
        changeset.putArray("changes").add(change);
        return changeset.put("siteId", site).toString();
    }

    private static String raw(String request) {
        try (Socket socket = new Socket("localhost", instance.port())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readNBytes(200), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Instance.json(response).path("detail").asString()).isNotEmpty();
    }
}
