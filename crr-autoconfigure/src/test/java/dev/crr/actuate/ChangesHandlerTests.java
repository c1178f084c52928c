package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.Value;
import dev.crr.sync.RecordingChangesetService;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessResourceFailureException;

class ChangesHandlerTests {

    private static final SiteId SITE = SiteId.parse("00112233445566778899aabbccddeeff");
    private static final Epoch EPOCH = Epoch.parse("ffeeddccbbaa99887766554433221100");
    private static final String CHANGE =
            "{\"table\":\"deck\",\"pk\":[\"k\"],\"cid\":\"name\",\"val\":\"v\",\"colVersion\":1,"
                    + "\"dbVersion\":2,\"siteId\":\"" + SITE + "\",\"cl\":1,\"seq\":0}";

    private static RunningApplication application;
    private RecordingChangesetService service;

    @BeforeAll
    static void start() {
        application = new RunningApplication("management.endpoints.web.exposure.include=crr");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void forget() {
        service = application.service();
        service.queries.clear();
        service.applied.clear();
        service.reading = service::nothing;
        service.merging = service::merged;
        service.version = 9;
    }

    @Test
    void readsEverythingByDefault() throws Exception {
        HttpResponse<String> response = application.get("/actuator/crr/changes");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.body())
                .isEqualTo("{\"siteId\":\"" + service.siteId + "\",\"epoch\":\"" + service.epoch
                        + "\",\"since\":0,\"version\":9,\"more\":false,\"changes\":[]}");
        assertThat(service.queries).containsExactly(ChangeQuery.ALL.limitedTo(100));
    }

    @Test
    void readsWhatIsAskedFor() throws Exception {
        assertThat(application
                        .get("/actuator/crr/changes?since=5&epoch=" + EPOCH + "&exclude=" + SITE
                                + "&site=" + "01".repeat(16) + "&site=" + "02".repeat(16)
                                + "&table=deck&table=gr%C3%B6%C3%9Fe+%26&limit=7&future=1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.queries)
                .containsExactly(new ChangeQuery(
                        5,
                        EPOCH,
                        SITE,
                        Set.of(SiteId.parse("01".repeat(16)), SiteId.parse("02".repeat(16))),
                        Set.of("deck", "größe &"),
                        7));
    }

    @Test
    void grantsNoMoreThanItsOwnLimit() throws Exception {
        application.get("/actuator/crr/changes?limit=2147483647");
        assertThat(service.queries.get(0).limit()).isEqualTo(100);
    }

    @Test
    void tagsNumbersOnRequest() throws Exception {
        service.reading = query -> withChange(query, Value.of(600.0));
        assertThat(application.get("/actuator/crr/changes").body()).contains("\"val\":600.0}");
        assertThat(application.get("/actuator/crr/changes?numbers=tagged").body())
                .contains("\"val\":{\"real\":\"600.0\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/cbor | application/cbor",
                "application/cbor, application/json;q=0.5 | application/cbor",
                "text/html, application/cbor;q=0.9, */*;q=0.8 | application/cbor",
                "application/json, application/cbor | application/json",
                "application/cbor;q=0.5, application/json | application/json",
                "application/cbor;q=0 | application/json",
                "application/* | application/json",
                "*/* | application/json",
                "text/html | application/json",
                "nonsense | application/json",
            })
    void answersInTheFormatThatIsLikedBest(String accepted, String type) throws Exception {
        service.reading = query -> withChange(query, Value.of(new byte[] {1}));
        HttpResponse<byte[]> response = application.getBytes("/actuator/crr/changes", "Accept", accepted);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(response.headers().allValues("Vary")).containsExactly("Accept-Encoding", "Accept");
        WireFormat format = type.endsWith("cbor") ? WireFormat.CBOR : WireFormat.JSON;
        assertThat(new ChangesetCodec(5).read(new ByteArrayInputStream(response.body()), format))
                .isEqualTo(withChange(ChangeQuery.ALL, Value.of(new byte[] {1})));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void takesCborIn(boolean compressed) throws Exception {
        byte[] body = cbor(Value.of(new byte[] {1, 2}));
        HttpResponse<String> response = compressed
                ? post(gzip(body), "Content-Type", "application/cbor", "Content-Encoding", "gzip")
                : post(body, "Content-Type", "application/cbor");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(service.applied).hasSize(1);
        assertThat(service.applied.get(0).changes().get(0).val()).isEqualTo(Value.of(new byte[] {1, 2}));
    }

    @Test
    void refusesCborThatIsNoneOrTooLarge() throws Exception {
        assertProblem(post(new byte[] {(byte) 0xa1, 0x61}, "Content-Type", "application/cbor"), 400);
        assertProblem(
                post(changeset(CHANGE).getBytes(StandardCharsets.UTF_8), "Content-Type", "application/cbor"), 400);
        byte[] good = cbor(Value.of(1));
        byte[] bad = good.clone();
        // The value comes last, and true is none.
        bad[bad.length - 1] = (byte) 0xf5;
        HttpResponse<String> response = post(bad, "Content-Type", "application/cbor");
        assertProblem(response, 400);
        assertThat(response.body()).contains("\"change\":0");
        byte[] bomb = cbor(Value.of(new byte[10_000_000]));
        assertProblem(post(gzip(bomb), "Content-Type", "application/cbor", "Content-Encoding", "gzip"), 413);
        assertProblem(post(cbor(Value.of(new byte[20_000])), "Content-Type", "application/cbor"), 413);
        assertThat(service.applied).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "gzip,true",
        "'br, GZIP;q=0.5',true",
        "gzip;q=0,false",
        "gzip; q=0.000,false",
        "'deflate, br',false",
        "gzipped,false"
    })
    void compressesIfTheClientLikesIt(String accepted, boolean compressed) throws Exception {
        HttpResponse<byte[]> response = application.getBytes("/actuator/crr/changes", "Accept-Encoding", accepted);
        assertThat(response.headers().firstValue("Content-Encoding").isPresent())
                .isEqualTo(compressed);
        assertThat(response.headers().allValues("Vary")).contains("Accept-Encoding");
        byte[] body = compressed
                ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                : response.body();
        assertThat(new String(body, StandardCharsets.UTF_8)).endsWith("\"changes\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "since=-1 | since | be an integer of at least 0",
                "since=x | since | be an integer of at least 0",
                "since= | since | be an integer of at least 0",
                "since=1.0 | since | be an integer of at least 0",
                "since=9223372036854775808 | since | be an integer of at least 0",
                "since=1&since=2 | since | be given once",
                "epoch=FFEEDDCCBBAA99887766554433221100 | epoch | be 32 lower-case hexadecimal digits",
                "peer=abc | peer | be 32 lower-case hexadecimal digits",
                "exclude= | exclude | be 32 lower-case hexadecimal digits",
                "site=00112233445566778899aabbccddeeff&site=x | site | be 32 lower-case hexadecimal digits",
                "table= | table | not be empty",
                "limit=0 | limit | be an integer of at least 1",
                "limit=2147483648 | limit | be at most 2147483647",
                "numbers=hex | numbers | \"be \\\"tagged\\\", or absent\"",
            })
    void namesTheParameterThatIsWrong(String query, String parameter, String expectation) throws Exception {
        HttpResponse<String> response = application.get("/actuator/crr/changes?" + query);
        assertProblem(response, 400);
        assertThat(response.body())
                .contains("\"parameter\":\"" + parameter + "\"")
                .contains(expectation.replaceAll("^\"|\"$", ""));
        assertThat(service.queries).isEmpty();
    }

    @Test
    void aQueryThatCannotBeDecodedIsRefused() throws Exception {
        // The JDK's client would not send it.
        String request = "GET /actuator/crr/changes?since=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (var socket = new java.net.Socket("localhost", application.managementPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void tellsWhereToResume() throws Exception {
        service.reading = query -> {
            throw new UnknownVersionException("version 50 was never given out", 12);
        };
        HttpResponse<String> response = application.get("/actuator/crr/changes?since=50&peer=" + SITE);
        assertProblem(response, 409);
        assertThat(response.body()).contains("\"resume\":12").contains("version 50 was never given out");
        assertThat(service.cursors.acknowledged()).noneMatch(entry -> entry.endsWith("@50"));
    }

    @Test
    void refusesATableThatDoesNotReplicate() throws Exception {
        service.reading = query -> {
            throw new CrrException("table \"x\" does not replicate");
        };
        HttpResponse<String> response = application.get("/actuator/crr/changes?table=x");
        assertProblem(response, 400);
        assertThat(response.body()).contains("table \\\"x\\\" does not replicate");
    }

    @Test
    void whoAsksFromAVersionAcknowledgesIt() throws Exception {
        String scope = ChangeQuery.ALL.onTables(List.of("deck")).scope();
        SiteId asker = SiteId.random();
        application.get("/actuator/crr/changes?peer=" + asker);
        application.get("/actuator/crr/changes?since=2&exclude=" + SITE + "&peer=" + asker);
        assertThat(service.cursors.acknowledged()).noneMatch(entry -> entry.startsWith(asker.toString()));
        application.get("/actuator/crr/changes?since=3&peer=" + asker + "&exclude=" + asker);
        application.get("/actuator/crr/changes?since=4&table=deck&peer=" + asker);
        assertThat(service.cursors.acknowledged())
                .filteredOn(entry -> entry.startsWith(asker.toString()))
                .containsExactly(asker + "/null@3", asker + "/" + scope + "@4");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void takesChangesIn(boolean compressed) throws Exception {
        service.merging = changeset -> new MergeReport(service.siteId, service.epoch, 7, EPOCH, 2, 3, 4, 11);
        byte[] body = changeset(CHANGE).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = compressed
                ? post(gzip(body), "Content-Type", "application/json", "Content-Encoding", "gzip")
                : post(body, "Content-Type", "application/json;charset=utf-8");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .matches(
                        "\\{\"siteId\":\"" + service.siteId + "\",\"epoch\":\"" + service.epoch
                                + "\",\"received\":7,\"applied\":2,\"ignored\":3,\"quarantined\":4,\"version\":11,\"receivedEpoch\":\"ffeeddccbbaa99887766554433221100\",\"appliedIn\":\\d+}");
        assertThat(service.applied)
                .containsExactly(new Changeset(
                        SITE,
                        null,
                        0,
                        1,
                        null,
                        null,
                        false,
                        List.of(new Change("deck", List.of(Value.of("k")), "name", Value.of("v"), 1, 2, SITE, 1, 0))));
    }

    @Test
    void namesTheFirstBadChange() throws Exception {
        HttpResponse<String> response = post(changeset(CHANGE, CHANGE.replace("\"cl\":1", "\"cl\":true")));
        assertProblem(response, 400);
        assertThat(response.body())
                .contains("\"detail\":\"change 1: \\\"cl\\\" must be an integer, but is a boolean\"")
                .contains("\"change\":1");
        assertThat(service.applied).isEmpty();
    }

    @Test
    void namesTheFirstChangeThatIsOutOfBounds() throws Exception {
        HttpResponse<String> response = post(changeset(CHANGE, CHANGE, CHANGE.replace("\"cl\":1", "\"cl\":0")));
        assertProblem(response, 400);
        assertThat(response.body())
                .contains("change 2: \\\"cl\\\" must be at least 1")
                .contains("\"change\":2");
    }

    @Test
    void refusesWhatIsNoChangeset() throws Exception {
        for (String body : List.of("", "[]", "null", "{}", "<html>", "{\"siteId\":")) {
            HttpResponse<String> response = post(body);
            assertProblem(response, 400);
            assertThat(response.body()).doesNotContain("\"change\":");
        }
    }

    @Test
    void refusesBrokenCompression() throws Exception {
        byte[] good = gzip(changeset(CHANGE).getBytes(StandardCharsets.UTF_8));
        for (byte[] body :
                List.of(changeset(CHANGE).getBytes(StandardCharsets.UTF_8), Arrays.copyOf(good, 20), new byte[0])) {
            HttpResponse<String> response = post(body, "Content-Type", "application/json", "Content-Encoding", "gzip");
            assertProblem(response, 400);
            assertThat(response.body()).contains("the body is not valid gzip");
        }
    }

    @Test
    void refusesOtherTypes() throws Exception {
        byte[] body = changeset(CHANGE).getBytes(StandardCharsets.UTF_8);
        assertProblem(post(body), 415);
        assertProblem(post(body, "Content-Type", "text/plain"), 415);
        assertProblem(post(body, "Content-Type", "application/json;charset=iso-8859-1"), 415);
        assertProblem(post(body, "Content-Type", "nonsense"), 415);
        assertProblem(post(body, "Content-Type", "application/json", "Content-Encoding", "br"), 415);
        assertThat(service.applied).isEmpty();
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        byte[] large = changeset(CHANGE.replace("\"v\"", "\"" + "v".repeat(10_000) + "\""))
                .getBytes(StandardCharsets.UTF_8);
        assertProblem(post(large, "Content-Type", "application/json"), 413);
        assertProblem(post(gzip(large), "Content-Type", "application/json", "Content-Encoding", "gzip"), 413);
        String ofAnotherRow = CHANGE.replace("[\"k\"]", "[\"l\"]");
        assertProblem(post(changeset(CHANGE, CHANGE, CHANGE, CHANGE, CHANGE, ofAnotherRow)), 413);
        assertThat(service.applied).isEmpty();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        failing(change -> new QuarantineFullException(change.siteId(), 10, change, "no such column")),
                        507,
                        "no such column"),
                Arguments.of(
                        failing(change -> new CrrException("[SQLITE_BUSY]", new SQLException("secret"))),
                        503,
                        "try again"),
                Arguments.of(failing(change -> new DataAccessResourceFailureException("secret")), 503, "try again"),
                Arguments.of(failing(change -> new IllegalStateException("secret")), 500, "unexpected"),
                Arguments.of(failing(change -> new CrrException("a clone is alive")), 400, "a clone is alive"));
    }

    private static Function<Changeset, MergeReport> failing(Function<Change, RuntimeException> failure) {
        return changeset -> {
            throw failure.apply(changeset.changes().get(0));
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsWhatFailed(Function<Changeset, MergeReport> merging, int status, String detail) throws Exception {
        service.merging = merging;
        HttpResponse<String> response = post(changeset(CHANGE));
        assertProblem(response, status);
        assertThat(response.body()).contains(detail).doesNotContain("secret");
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"status\":" + status);
    }

    private Changeset withChange(ChangeQuery query, Value value) {
        return new Changeset(
                service.siteId,
                service.epoch,
                query.since(),
                9,
                null,
                null,
                false,
                List.of(new Change("deck", List.of(Value.of("k")), "name", value, 1, 2, SITE, 1, 0)));
    }

    private static String changeset(String... changes) {
        return "{\"siteId\":\"" + SITE + "\",\"since\":0,\"version\":1,\"changes\":[" + String.join(",", changes)
                + "]}";
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return post(body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    private static HttpResponse<String> post(byte[] body, String... headers) throws Exception {
        return application.post("/actuator/crr/changes", body, headers);
    }

    private byte[] cbor(Value value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ChangesetCodec(5).write(withChange(ChangeQuery.ALL, value), out, WireFormat.CBOR, NumberStyle.PLAIN);
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void takesANewSiteIdIfASenderHasItInAnEpochThatNeverWasHere() throws Exception {
        SiteId shared = service.siteId;
        HttpResponse<String> known = post(shared, service.epoch, "");
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(service.siteId)
                .as("a process on the same file, or we ourselves")
                .isEqualTo(shared);
        HttpResponse<String> asked =
                application.get("/actuator/crr/changes?peer=" + shared + "&peerEpoch=" + Epoch.random());
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(service.siteId).as("who only asks is not believed").isEqualTo(shared);

        HttpResponse<String> told = post(shared, EPOCH, "");

        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(service.siteId).isNotEqualTo(shared);
        assertThat(told.body()).contains(service.siteId.toString());

        // Not as often as somebody likes.
        SiteId present = service.siteId;
        HttpResponse<String> again = post(present, EPOCH, "");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("\"clone\":\"" + EPOCH + "\"");
        assertThat(service.siteId).isEqualTo(present);
    }

    @Test
    void tellsOneOfTwoThatTakeTurnsToTakeANewSiteId() throws Exception {
        SiteId shared = SiteId.random();
        Epoch lesser = new Epoch(0, 1);
        Epoch larger = new Epoch(0, 2);
        String ask = "/actuator/crr/changes?peer=" + shared + "&peerEpoch=";
        for (int turn = 0; turn < 2; turn++) {
            assertThat(application.get(ask + lesser).statusCode()).isEqualTo(200);
            assertThat(post(shared, EPOCH, "?peerEpoch=" + larger).statusCode()).isEqualTo(200);
        }
        assertThat(application.get(ask + lesser).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = application.get(ask + larger);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("\"clone\":\"" + lesser + "\"");
        assertThat(post(shared, EPOCH, "?peerEpoch=" + larger).statusCode()).isEqualTo(409);
        assertThat(application.get(ask + lesser).statusCode()).isEqualTo(200);
    }

    @Test
    void hearsOfCopiesFromWhoSends() throws Exception {
        SiteId copy = SiteId.random();
        application.get("/actuator/crr/changes?clone=" + copy + ":" + SITE);
        assertThat(service.identity.clones).doesNotContainKey(copy);
        post(SITE, EPOCH, "?clone=" + copy + ":" + SITE);
        assertThat(service.identity.clones).containsEntry(copy, SITE);
        for (String nonsense : List.of("x", copy + ":", ":" + copy, copy + ":" + SITE + ":" + SITE)) {
            assertThat(post(SITE, EPOCH, "?clone=" + nonsense).statusCode()).isEqualTo(400);
        }
    }

    private HttpResponse<String> post(SiteId sender, Epoch epoch, String query) throws Exception {
        return application.post(
                "/actuator/crr/changes" + query,
                ("{\"siteId\":\"" + sender + "\",\"epoch\":\"" + epoch + "\",\"since\":0,\"version\":0,\"changes\":[]}")
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }
}
