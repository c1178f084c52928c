package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code GET changes?wait=…} on a whole application. */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before each use
class HeldRequestTests {

    private static final String ASKER = "a".repeat(32);

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private Instance instance;

    private void start(String... properties) {
        instance = new Instance(directory.resolve("instance"))
                .with("crr.sync.live=true")
                .with(properties)
                .start(Note.class, Person.class);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void isAnsweredWhenSomethingIsCommitted() {
        start();
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.write("new");
        JsonNode changeset = Instance.json(held.join());
        assertThat(changeset.path("since").asLong(-1)).isZero();
        assertThat(changeset.path("version").asLong()).isEqualTo(1);
        assertThat(changeset.path("changes").path(0).path("val").asString()).isEqualTo("new");
    }

    @Test
    void whatIsThereAlreadyIsAnsweredAtOnce() {
        start();
        instance.write("there");
        assertThat(Instance.json(ask("wait=60").join()).path("changes").size()).isEqualTo(1);
    }

    @Test
    void isAnsweredWithNothingWhenItsTimeIsUp() {
        start();
        JsonNode changeset = Instance.json(ask("wait=1").join());
        assertThat(changeset.path("changes").size()).isZero();
        assertThat(changeset.path("more").asBoolean(true)).isFalse();
        assertThat(ask("wait=-1").join().statusCode()).isEqualTo(400);
        assertThat(ask("wait=soon").join().statusCode()).isEqualTo(400);
    }

    @Test
    void aCommitThatBringsNothingForTheAskerDoesNotEndTheWait() {
        start();
        CompletableFuture<HttpResponse<String>> own = ask("wait=60&exclude=" + ASKER);
        CompletableFuture<HttpResponse<String>> other = ask("wait=60&table=person");
        CompletableFuture<HttpResponse<String>> all = ask("wait=60");
        assertHeld(own, other, all);
        // Written by the asker.
        instance.post("/changes", """
                {"siteId":"%1$s","since":0,"version":1,"more":false,"changes":[
                 {"table":"note","pk":["1"],"cid":"text","val":"own","colVersion":1,"dbVersion":1,"siteId":"%1$s","cl":1,
                  "seq":1}]}""".formatted(ASKER));
        all.join();
        assertHeld(own, other);
        instance.write("mine");
        assertThat(Instance.json(own.join()).path("changes").findValuesAsString("val"))
                .containsExactly("mine");
        assertHeld(other);
        instance.jdbc().update("INSERT INTO person (id, name) VALUES ('1', 'Ann')");
        JsonNode narrow = Instance.json(other.join());
        assertThat(narrow.path("changes").path(0).path("table").asString()).isEqualTo("person");
        assertThat(narrow.path("since").asLong(-1)).isZero();
    }

    @Test
    void comesCompressedAndPerTransactionWhole() throws Exception {
        start();
        CompletableFuture<HttpResponse<byte[]>> held = http.sendAsync(
                HttpRequest.newBuilder(instance.uri("/changes?wait=60"))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());
        assertHeld(held);
        instance.jdbc().update("INSERT INTO note (id, text) VALUES ('1', 'one'), ('2', 'two')");
        HttpResponse<byte[]> answer = held.join();
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("one", "two");
        }
    }

    @Test
    void seesWhatAnotherProcessCommits() {
        start();
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.jdbcOnFile("INSERT INTO note (id, text) VALUES ('1', 'from outside')");
        assertThat(held.join().body()).contains("from outside");
    }

    @Test
    void moreThanSoManyAreAnsweredAtOnce() {
        start("crr.sync.max-held=2");
        CompletableFuture<HttpResponse<String>> first = ask("wait=60");
        CompletableFuture<HttpResponse<String>> second = ask("wait=60");
        assertHeld(first, second);
        assertThat(Instance.json(ask("wait=60").join()).path("changes").size()).isZero();
        instance.write("room again");
        first.join();
        second.join();
        CompletableFuture<HttpResponse<String>> third = ask("wait=60&since=1");
        assertHeld(third);
        instance.write("two");
        assertThat(third.join().body()).contains("two");
    }

    /** Neither a thread nor a connection to the database is used up by those who wait. */
    @Test
    void holdsMoreThanThereAreThreadsAndConnections() {
        start("server.tomcat.threads.max=2", "spring.datasource.hikari.maximum-pool-size=1");
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            held.add(ask("wait=60"));
        }
        assertThat(instance.get("").statusCode()).isEqualTo(200);
        instance.write("for all");
        held.forEach(each -> assertThat(each.join().body()).contains("for all"));
    }

    @Test
    void whoeverHasGoneLeavesNothingBehind() throws IOException {
        start("crr.sync.max-held=1");
        String request = "GET /actuator/crr/changes?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket("localhost", instance.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            assertHeld();
        }
        instance.write("to nobody");
        // Answered at once as long as its place is taken.
        await().until(() -> isHeld(ask("wait=60&since=1")));
    }

    @Test
    void isHeldWhereOnlyReadingIsAllowedAndOnAPortOfItsOwn() {
        start();
        instance.close();
        instance = new Instance(directory.resolve("other"));
        instance.with(
                        "crr.sync.live=true",
                        "management.endpoint.crr.access=read-only",
                        "management.server.port=" + instance.port(),
                        "server.port=0")
                .start(Note.class);
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.write("new");
        assertThat(held.join().body()).contains("new");
        CompletableFuture<HttpResponse<String>> last = ask("wait=60&since=1");
        assertHeld(last);
        instance.close();
        assertThat(Instance.json(last.join()).path("changes").size()).isZero();
    }

    /** Who is made only when somebody asks for it has to be started, and stopped, all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isHeldWhereBeansAreMadeLate(boolean onAPortOfItsOwn) {
        instance = new Instance(directory.resolve("lazy"))
                .with("crr.sync.live=true", "spring.main.lazy-initialization=true", "server.shutdown=graceful");
        if (onAPortOfItsOwn) {
            instance.with("server.port=0", "management.server.port=" + instance.port());
        }
        instance.start(Note.class);
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.write("new");
        assertThat(held.join().body()).contains("new");
        CompletableFuture<HttpResponse<String>> last = ask("wait=60&since=1");
        assertHeld(last);
        instance.close();
        assertThat(Instance.json(last.join()).path("changes").size()).isZero();
    }

    /** The web server would wait half a minute for them. */
    @Test
    void theEndOfTheApplicationAnswersAll() {
        start("server.shutdown=graceful");
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.close();
        assertThat(Instance.json(held.join()).path("changes").size()).isZero();
    }

    @Test
    void aPauseRefusesWhoWaits() {
        start();
        CompletableFuture<HttpResponse<String>> held = ask("wait=60");
        assertHeld(held);
        instance.post("/pause", "{}");
        instance.write("not for you");
        assertThat(held.join().statusCode()).isEqualTo(503);
        assertThat(ask("wait=60").join().statusCode()).isEqualTo(503);
    }

    private CompletableFuture<HttpResponse<String>> ask(String query) {
        return http.sendAsync(
                HttpRequest.newBuilder(instance.uri("/changes?" + query)).build(), BodyHandlers.ofString());
    }

    private void assertHeld(CompletableFuture<?>... requests) {
        assertThat(isHeld(requests)).isTrue();
    }

    /** Others are served meanwhile, so that all of them have arrived. */
    private boolean isHeld(CompletableFuture<?>... requests) {
        for (int i = 0; i < 20; i++) {
            assertThat(instance.get("").statusCode()).isEqualTo(200);
            if (Stream.of(requests).anyMatch(CompletableFuture::isDone)) {
                return false;
            }
        }
        return true;
    }
}
