package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import dev.crr.shapes.Viewport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import tools.jackson.databind.JsonNode;

/** New instances that begin with a copy of a peer's database. */
@Timeout(300)
class SnapshotTests {

    @TempDir
    Path directory;

    private final List<Instance> instances = new ArrayList<>();

    private Instance instance(String name) {
        Instance instance = new Instance(directory.resolve(name));
        instances.add(instance);
        return instance;
    }

    private Instance source() {
        return instance("source").with("crr.snapshot.enabled=true").start(Note.class, Person.class, Viewport.class);
    }

    private Instance beginner(String name, Instance source) {
        return instance(name).withPeer(source).with("crr.bootstrap.from=" + source.name());
    }

    @AfterEach
    void stopAll() {
        instances.forEach(Instance::close);
    }

    @Test
    void beginsWithWhatThePeerHasAndGoesOnAsAnyOther() throws Exception {
        Instance source = source();
        source.write("kept");
        source.write("edited before");
        source.write("deleted before");
        source.jdbc().update("UPDATE note SET text = 'edited' WHERE text = 'edited before'");
        source.jdbc().update("DELETE FROM note WHERE text = 'deleted before'");
        Instance third = instance("third").withPeer(source).start(Note.class, Person.class, Viewport.class);
        third.write("of a third");
        third.syncWell();

        Instance beginner =
                beginner("beginner", source).withPeer(third).start(Note.class, Person.class, Viewport.class);

        assertThat(beginner.texts()).containsExactly("edited", "kept", "of a third");
        assertThat(beginner.service().siteId())
                .isNotEqualTo(source.service().siteId())
                .isNotEqualTo(third.service().siteId());
        for (JsonNode outcome : beginner.sync()) {
            assertThat(outcome.path("success").asBoolean()).isTrue();
            assertThat(outcome.path("pulled").asLong())
                    .as("nothing comes again from %s", outcome)
                    .isZero();
        }
        assertThat(leftBehind()).isEmpty();

        beginner.jdbc().update("UPDATE note SET text = 'edited again' WHERE text = 'edited'");
        beginner.jdbc().update("DELETE FROM note WHERE text = 'kept'");
        beginner.write("of the beginner");
        source.jdbc().update("UPDATE note SET text = 'of a third, edited' WHERE text = 'of a third'");
        beginner.syncWell();
        third.syncWell();
        beginner.syncWell();
        assertThat(beginner.rows("note"))
                .isEqualTo(source.rows("note"))
                .isEqualTo(third.rows("note"))
                .hasSize(3);
        assertThat(clocks(beginner))
                .isEqualTo(clocks(source))
                .isEqualTo(clocks(third))
                .hasSize(5);
        assertThat(source.status().path("quarantined").asLong()).isZero();
    }

    /** With authors: the beginner must not pass for the author of what it copied. */
    private static List<String> clocks(Instance instance) {
        return instance.jdbc()
                .queryForList(
                        "SELECT hex(pk) || cid || ifnull(val, '') || col_version || cl || hex(site_id) FROM crsql_changes ORDER BY 1",
                        String.class);
    }

    @Test
    void keepsToItselfWhatIsLocal() throws Exception {
        Instance source = source();
        source.write("shared");
        source.jdbc().update("UPDATE note SET draft = 'a secret of the draft'");
        source.jdbc().execute("CREATE TABLE diary (page TEXT)");
        source.jdbc().update("INSERT INTO diary VALUES ('a secret of the diary')");
        source.jdbc().execute("CREATE TABLE flyway_schema_history (script TEXT)");
        source.jdbc().update("INSERT INTO flyway_schema_history VALUES ('V1')");
        source.jdbc().execute("CREATE VIRTUAL TABLE words USING fts5(word)");
        source.jdbc().update("INSERT INTO words VALUES ('a secret of the index')");
        source.jdbc().execute("CREATE TABLE once (id TEXT PRIMARY KEY NOT NULL, text TEXT)");
        source.jdbc().queryForList("SELECT crsql_as_crr('once')");
        source.jdbc().update("INSERT INTO once VALUES ('a secret of the key', 'x')");
        source.jdbc().queryForList("SELECT crsql_as_table('once')");

        Path file = snapshot(source);

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("shared")
                .doesNotContain("a secret of");
        try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            assertThat(text(copy, "SELECT group_concat(script) FROM flyway_schema_history"))
                    .isEqualTo("V1");
            assertThat(text(copy, "SELECT count(*) FROM note WHERE draft IS NULL"))
                    .isEqualTo("1");
            assertThat(text(copy, "SELECT count(*) FROM diary")).isEqualTo("0");
            assertThat(text(copy, "PRAGMA integrity_check")).isEqualTo("ok");
        }
        assertThat(source.jdbc().queryForObject("SELECT draft FROM note", String.class))
                .isNotNull();
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void whatThePeerSetAsideIsAskedForAgain() {
        Instance source = source();
        Instance third = instance("third").withPeer(source).start(Note.class, Person.class, Viewport.class);
        source.jdbc()
                .execute("CREATE TRIGGER picky BEFORE INSERT ON note WHEN NEW.text = 'odd'"
                        + " BEGIN SELECT RAISE(ABORT, 'not here'); END");
        third.write("odd");
        third.syncWell();
        assertThat(source.status().path("quarantined").asLong()).isPositive();
        source.jdbc().execute("DROP TRIGGER picky");

        Instance beginner =
                beginner("beginner", source).withPeer(third).start(Note.class, Person.class, Viewport.class);
        assertThat(beginner.texts()).isEmpty();
        assertThat(beginner.status().path("quarantined").asLong()).isZero();
        beginner.syncWell();
        assertThat(beginner.texts()).containsExactly("odd");
    }

    /** That it was itself taken for another once, and has yet to give something back, is no matter of the copy's. */
    @Test
    void takesOverNeitherDebtsNorTheDateOfANewSiteId() {
        Instance source = source();
        source.write("kept");
        Instance third = instance("third").withPeer(source).start(Note.class, Person.class, Viewport.class);
        third.write("of a third");
        third.syncWell();
        source.jdbc().update("""
                INSERT INTO crr_cursor (site_id, scope, event, version)
                SELECT DISTINCT site_id, '', 2, 0 FROM crr_cursor""");
        source.jdbc().update("""
                INSERT INTO crr_clone
                SELECT site_id, zeroblob(16), '2026-01-02T03:04:05.678Z' FROM crr_site WHERE ordinal = 0""");
        assertThat(source.status().path("lastReidentified").asString("")).isNotEmpty();

        Instance beginner = beginner("beginner", source).start(Note.class, Person.class, Viewport.class);

        assertThat(beginner.texts()).containsExactly("kept", "of a third");
        assertThat(beginner.status().has("lastReidentified")).isFalse();
        assertThat(beginner.jdbc().queryForList("SELECT 1 FROM crr_cursor WHERE event = 2"))
                .isEmpty();
        assertThat(beginner.status().path("clones")).isEqualTo(source.status().path("clones"));
    }

    @Test
    void firesTriggersInTheOldOrderAndForNothingInBetween() throws Exception {
        Instance source = source();
        source.jdbc().execute("CREATE TABLE log (text TEXT)");
        source.jdbc()
                .execute("CREATE TRIGGER logged AFTER UPDATE ON note BEGIN INSERT INTO log VALUES (NEW.text); END");
        source.write("a");
        Instance beginner = beginner("beginner", source).start(Note.class, Person.class, Viewport.class);
        assertThat(beginner.jdbc().queryForList("SELECT text FROM log")).isEmpty();
        beginner.jdbc().update("UPDATE note SET text = 'b'");
        assertThat(beginner.jdbc().queryForList("SELECT text FROM log", String.class))
                .containsExactly("b");
    }

    @Test
    void aDatabaseThatExistsGoesOn() {
        Instance source = source();
        source.write("of the source");
        Instance other = instance("other").start(Note.class, Person.class, Viewport.class);
        other.write("of the other");
        String siteId = other.service().siteId().toString();
        other.close();
        other.withPeer(source)
                .with("crr.bootstrap.from=" + source.name())
                .start(Note.class, Person.class, Viewport.class);
        assertThat(other.texts()).containsExactly("of the other");
        assertThat(other.service().siteId()).hasToString(siteId);
    }

    @Test
    void isNotThereUnlessEnabled() {
        Instance source = instance("source").start(Note.class);
        assertThat(source.get("/snapshot").statusCode()).isEqualTo(404);
        assertFails(beginner("beginner", source), "(404)");
    }

    @Test
    void doesNotStartEmptyWhereThePeerIsAway() {
        Instance source = source();
        source.close();
        assertFails(beginner("beginner", source), "could not be fetched");
    }

    @Test
    void saysThatThereIsNoSuchPeer() {
        Throwable failure = catchThrowable(
                () -> instance("beginner").with("crr.bootstrap.from=nobody").start(Note.class));
        assertThat(failure).rootCause().hasMessageContaining("No peer in crr.peers has this name.");
    }

    @Test
    void whatAKillLeftIsClearedAway() throws Exception {
        Path half = Files.writeString(directory.resolve("beginner-bootstrap"), "half of a file");
        Path log = Files.writeString(directory.resolve("beginner-wal"), "of a database that is no more");
        Path snapshot = Files.writeString(directory.resolve("source-snapshot-1"), "half of a snapshot");
        Files.setLastModifiedTime(snapshot, FileTime.from(Instant.now().minus(Duration.ofHours(4))));
        Path another = Files.writeString(directory.resolve("source-snapshot-2"), "under way in another process");
        Instance source = source();
        assertThat(snapshot).doesNotExist();
        assertThat(another).exists();
        source.write("a");
        Instance beginner = beginner("beginner", source).start(Note.class, Person.class, Viewport.class);
        assertThat(beginner.texts()).containsExactly("a");
        assertThat(half).doesNotExist();
        beginner.close();
        assertThat(log).doesNotExist();
    }

    /** What somebody in between may do to it. */
    enum Meddling {
        CHANGE,
        CUT,
        ANOTHER_TYPE
    }

    @ParameterizedTest
    @EnumSource
    void takesOnlyWhatArrivesAsItWasSent(Meddling meddling) throws Exception {
        Instance source = source();
        source.write("a");
        HttpResponse<byte[]> honest = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(source.uri("/snapshot")).build(), HttpResponse.BodyHandlers.ofByteArray());
        byte[] body = honest.body();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            boolean html = meddling == Meddling.ANOTHER_TYPE;
            exchange.getResponseHeaders().set("Content-Type", html ? "text/html" : "application/vnd.sqlite3");
            exchange.getResponseHeaders()
                    .set(
                            "Repr-Digest",
                            honest.headers().firstValue("Repr-Digest").orElseThrow());
            if (meddling == Meddling.CHANGE) {
                body[body.length / 2] ^= 1;
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, meddling == Meddling.CUT ? body.length / 2 : body.length);
            exchange.close();
        });
        proxy.start();
        try {
            Instance beginner = instance("beginner")
                    .with(
                            "crr.peers[0].name=proxy",
                            "crr.peers[0].url=http://localhost:"
                                    + proxy.getAddress().getPort() + "/actuator/crr",
                            "crr.bootstrap.from=proxy");
            switch (meddling) {
                case CHANGE -> assertFails(beginner, "digest");
                case CUT -> assertFails(beginner, "could not be fetched");
                case ANOTHER_TYPE -> assertFails(beginner, "is no snapshot");
            }
        } finally {
            proxy.stop(0);
        }
    }

    private void assertFails(Instance beginner, String complaint) {
        Throwable failure = catchThrowable(() -> beginner.start(Note.class, Person.class, Viewport.class));
        FailureAnalysis analysis =
                Objects.requireNonNull(new BootstrapFailureAnalyzer().analyze(Objects.requireNonNull(failure)));
        assertThat(analysis.getDescription())
                .contains("none could be made from a snapshot")
                .contains(complaint);
        assertThat(analysis.getAction()).contains("crr.snapshot.enabled=true", "crr.bootstrap.from");
        assertThat(directory.resolve("beginner")).doesNotExist();
    }

    private Path snapshot(Instance source) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(source.uri("/snapshot")).build(),
                        HttpResponse.BodyHandlers.ofFile(directory.resolve("copy.db")))
                .body();
    }

    private List<String> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.contains("-snapshot-") || name.contains("-bootstrap"))
                    .toList();
        }
    }

    private static String text(Connection connection, String sql) throws Exception {
        try (ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
