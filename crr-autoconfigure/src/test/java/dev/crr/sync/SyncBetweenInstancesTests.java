package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Whole applications that exchange changes over HTTP. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class SyncBetweenInstancesTests {

    @TempDir
    Path directory;

    private final List<Instance> instances = new ArrayList<>();

    private Instance instance(String name) {
        Instance instance = new Instance(directory.resolve(name));
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stopAll() {
        instances.forEach(Instance::close);
    }

    @Test
    void onePeerEntryIsEnoughForBothDirections() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        UUID shared = a.write("from a");
        b.write("from b");
        b.syncWell();
        assertThat(a.texts()).isEqualTo(b.texts()).containsExactly("from a", "from b");

        a.jdbc().update("UPDATE note SET text = 'edited' WHERE id = ?", shared.toString());
        b.jdbc().update("DELETE FROM note WHERE text = 'from b'");
        b.syncWell();
        assertThat(a.texts()).isEqualTo(b.texts()).containsExactly("edited");

        assertQuiet(a, b);
        JsonNode peer = b.status().path("peers").path(0);
        assertThat(peer.path("siteId").asString())
                .isEqualTo(a.service().siteId().toString());
        assertThat(peer.path("received").asLong()).isEqualTo(a.service().version());
        assertThat(peer.path("sent").asLong()).isEqualTo(b.service().version());
        assertThat(peer.path("lag").asLong(-1)).isZero();
        assertThat(peer.path("lastSuccess").asString()).isNotEmpty();
        assertThat(peer.has("lastError")).isFalse();
        assertThat(a.status().path("peers").isEmpty()).isTrue();
    }

    /** As it comes about when the naming strategy changes: an old file keeps the spelling it has. */
    @Test
    void namesInOtherSpellingsAreTheSame() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a);
        b.jdbcOnFile("CREATE TABLE NOTE (ID varchar(36) NOT NULL PRIMARY KEY, Text varchar(255), draft varchar(255))");
        b.start(Note.class);
        for (Instance each : List.of(a, b)) {
            each.jdbc()
                    .execute(
                            "CREATE TABLE " + (each == a ? "item" : "\"Item\"") + " (id TEXT PRIMARY KEY NOT NULL, v)");
        }
        a.jdbc().queryForObject("SELECT crsql_as_crr('ITEM')", String.class);
        UUID shared = a.write("from a");
        b.write("from b");
        b.syncWell();
        assertThat(a.texts()).isEqualTo(b.texts()).containsExactly("from a", "from b");

        b.jdbc().queryForObject("SELECT crsql_as_crr('item')", String.class);
        a.jdbc().update("UPDATE note SET text = 'edited' WHERE id = ?", shared.toString());
        b.jdbc().update("INSERT INTO item VALUES ('r', 'row')");
        b.syncWell();
        b.jdbc().update("DELETE FROM note WHERE text = 'from b'");
        b.syncWell();
        assertThat(a.texts()).isEqualTo(b.texts()).containsExactly("edited");
        assertThat(a.rows("item")).hasSize(1).isEqualTo(b.rows("item"));
        assertThat(b.status().path("tables").propertyNames()).contains("NOTE", "Item");
        assertQuiet(a, b);
        assertThat(a.status().path("quarantined").asInt()).isZero();
        assertThat(b.status().path("quarantined").asInt()).isZero();
        assertThat(a.get("/changes?table=NOTE").statusCode()).isEqualTo(200);
    }

    @Test
    void pushOnlySendsAndFetchesNothing() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a, "pull=false").start(Note.class);
        a.write("from a");
        b.write("from b");
        b.syncWell();
        assertThat(a.texts()).containsExactly("from a", "from b");
        assertThat(b.texts()).containsExactly("from b");
        assertQuiet(a, b);
    }

    @Test
    void pullOnlyFetchesAndSendsNothing() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a, "push=false").start(Note.class);
        a.write("from a");
        b.write("from b");
        b.syncWell();
        assertThat(a.texts()).containsExactly("from a");
        assertThat(b.texts()).containsExactly("from a", "from b");
        assertQuiet(a, b);
    }

    @Test
    void aTableThatJoinsLaterBringsAllOfItsRows() {
        Instance a = instance("a").start(Note.class, Person.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        a.write("note");
        a.jdbc()
                .update(
                        "INSERT INTO person (id, name) VALUES (?, 'Ann')",
                        UUID.randomUUID().toString());
        b.syncWell();
        a.write("another note");
        b.syncWell();
        assertThat(b.texts()).containsExactly("another note", "note");
        assertThat(b.jdbc().queryForObject("SELECT count(*) FROM sqlite_schema WHERE name = 'person'", Long.class))
                .isZero();

        b.close();
        b.start(Note.class, Person.class);
        b.jdbc()
                .update(
                        "INSERT INTO person (id, name) VALUES (?, 'Bob')",
                        UUID.randomUUID().toString());
        b.syncWell();
        assertThat(b.jdbc().queryForList("SELECT name FROM person ORDER BY name", String.class))
                .containsExactly("Ann", "Bob");
        assertThat(a.rows("person")).isEqualTo(b.rows("person"));
        assertQuiet(a, b);
    }

    @Test
    void aChainPassesEverythingOnInPiecesOfAnySize() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).with("crr.sync.batch-size=3").start(Note.class);
        Instance c = instance("c").withPeer(b).with("crr.sync.batch-size=1").start(Note.class);
        for (int i = 0; i < 20; i++) {
            a.write("a" + i);
            c.write("c" + i);
        }
        // One transaction that spans pieces, and rows of one statement.
        a.jdbc().update("UPDATE note SET text = text || '!' WHERE text LIKE 'a1%'");
        c.jdbc().update("DELETE FROM note WHERE text LIKE 'c1%'");
        c.syncWell();
        b.syncWell();
        c.syncWell();
        b.syncWell();
        assertThat(a.texts()).hasSize(29).contains("a1!", "a19!", "a2", "c0", "c2");
        assertThat(b.rows("note")).isEqualTo(a.rows("note"));
        assertThat(c.rows("note")).isEqualTo(a.rows("note"));
        assertQuiet(a, b);
        assertQuiet(b, c);
    }

    @Test
    void aPeerMayComeLater(CapturedOutput output) {
        Instance a = instance("a");
        Instance b = instance("b").withPeer(a).with("crr.sync.interval=50ms").start(Note.class);
        b.write("from b");
        await().until(() ->
                b.status().path("peers").path(0).path("lastError").asString("").startsWith("it cannot be reached"));
        a.start(Note.class);
        a.write("from a");
        await().untilAsserted(() -> assertThat(a.texts()).isEqualTo(b.texts()).hasSize(2));
        a.close();
        b.write("meanwhile");
        a.start(Note.class);
        await().untilAsserted(() -> assertThat(a.texts()).isEqualTo(b.texts()).hasSize(3));
        b.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("crr-sync-"));
        assertThat(output).contains("exchanges changes again");
    }

    @Test
    void isNotItsOwnPeer(CapturedOutput output) {
        Instance a = instance("a");
        a.withPeer(a).start(Note.class);
        a.write("note");
        a.sync();
        assertThat(a.sync().path(0).path("error").asString())
                .isEqualTo("it is this application itself, and is skipped");
        assertThat(a.service().trackedPeers()).isEmpty();
        assertThat(output.toString().split("it is this application itself", -1)).hasSize(2);
    }

    @Test
    void worksInALazyContext() {
        Instance a = instance("a").with("spring.main.lazy-initialization=true").start(Note.class);
        Instance b = instance("b")
                .withPeer(a)
                .with("spring.main.lazy-initialization=true", "crr.sync.interval=50ms")
                .start(Note.class);
        // Nobody asks either for anything of ours.
        a.write("from a");
        b.write("from b");
        await().untilAsserted(() -> assertThat(a.texts()).isEqualTo(b.texts()).hasSize(2));
    }

    @Test
    void canBeOnAPortOfItsOwn() {
        Instance a = instance("a");
        a.with("management.server.port=" + a.port(), "server.port=0").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        a.write("from a");
        b.syncWell();
        assertThat(b.texts()).containsExactly("from a");
    }

    @Test
    void aReadOnlyPeerCanBePulledFromButNotPushedTo() {
        Instance a =
                instance("a").with("management.endpoint.crr.access=read-only").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        a.write("from a");
        b.write("from b");
        assertThat(b.sync().path(0).path("error").asString()).contains("access is read-only (405)");
        assertThat(b.texts()).containsExactly("from a", "from b");
        assertThat(a.texts()).containsExactly("from a");
        assertThat(a.post("", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void aPeerThatDoesNotExposeItsEndpointIsToldApart() {
        Instance a = instance("a")
                .with("management.endpoints.web.exposure.include=health")
                .start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        assertThat(a.get("").statusCode()).isEqualTo(404);
        assertThat(a.get("/changes").statusCode()).isEqualTo(404);
        assertThat(b.sync().path(0).path("error").asString()).contains("does not expose it (404)");
    }

    @Test
    void aPeerThatAcceptsLittleGetsLittleAtOnce() {
        Instance a = instance("a").with("crr.sync.max-body-size=300KB").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        // Hexadecimal digits of random bytes, so that compression helps little and far too much is sent at first.
        b.jdbc().update("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
                INSERT INTO note (id, text) SELECT hex(randomblob(16)), hex(randomblob(50000)) FROM n""");
        b.syncWell();
        assertThat(a.rows("note")).isEqualTo(b.rows("note")).hasSize(100);
    }

    @Test
    void isGoneWhenDisabled() {
        Instance a = instance("a")
                .with("crr.enabled=false", "crr.peers[0].url=nonsense")
                .start(Note.class);
        assertThat(a.get("").statusCode()).isEqualTo(404);
        assertThat(a.get("/changes").statusCode()).isEqualTo(404);
        assertThat(a.post("/changes", "{}").statusCode()).isEqualTo(404);
        a.write("untracked");
        assertThat(a.jdbc().queryForObject("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'crr%'", Long.class))
                .isZero();
    }

    /** A further round moves no change, writes nothing and takes no number. */
    private static void assertQuiet(Instance... all) {
        for (Instance each : all) {
            each.syncWell();
        }
        List<Long> before = versions(all);
        for (Instance each : all) {
            for (JsonNode outcome : each.sync()) {
                assertThat(outcome.path("pulled").asLong(-1)).isZero();
                assertThat(outcome.path("pushed").asLong(-1)).isZero();
            }
        }
        assertThat(versions(all)).isEqualTo(before);
    }

    private static List<Long> versions(Instance... all) {
        List<Long> versions = new ArrayList<>();
        for (Instance each : all) {
            versions.add(each.service().version());
        }
        return versions;
    }
}
