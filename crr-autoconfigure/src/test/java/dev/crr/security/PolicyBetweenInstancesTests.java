package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.Instance;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.TableAccess;
import dev.crr.Value;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** A policy at work between whole applications: the one has it, the other does not know. */
@Timeout(300)
class PolicyBetweenInstancesTests {

    @TempDir
    Path folder;

    private final List<Instance> instances = new ArrayList<>();

    private Instance guarded;
    private Instance other;

    /** Which of the two calls the other. */
    enum Caller {
        OTHER,
        GUARDED
    }

    /** What a test sets, and may change while the applications run. */
    static final class Switches implements ChangePolicy {
        volatile TableAccess readingPeople = TableAccess.ALL;
        volatile TableAccess writingPeople = TableAccess.ALL;
        volatile TableAccess readingNotes = TableAccess.ALL;
        volatile TableAccess writingNotes = TableAccess.ALL;
        volatile String revision = "";
        volatile @Nullable Predicate<PeerIdentity> admitted;
        final List<PeerIdentity> asked = new ArrayList<>();

        @Override
        public synchronized boolean admits(PeerIdentity peer) {
            asked.add(peer);
            Predicate<PeerIdentity> test = admitted;
            return test == null || test.test(peer);
        }

        @Override
        public TableAccess reading(PeerIdentity peer, String table) {
            return table.equals("person") ? readingPeople : readingNotes;
        }

        @Override
        public TableAccess writing(PeerIdentity peer, String table) {
            return table.equals("person") ? writingPeople : writingNotes;
        }

        @Override
        public String revision(PeerIdentity peer) {
            return revision;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithSwitches {
        @Bean
        Switches switches() {
            return new Switches();
        }
    }

    private void start(Caller caller) {
        guarded = new Instance(folder.resolve("guarded")).withBeans(WithSwitches.class);
        other = new Instance(folder.resolve("other"));
        instances.addAll(List.of(guarded, other));
        if (caller == Caller.OTHER) {
            other.withPeer(guarded);
        } else {
            guarded.withPeer(other);
        }
        guarded.start(Note.class, Person.class);
        other.start(Note.class, Person.class);
        // After this, rounds happen only when a test asks for them.
        syncWell(caller);
    }

    private void syncWell(Caller caller) {
        (caller == Caller.OTHER ? other : guarded).syncWell();
    }

    private Switches switches() {
        return guarded.bean(Switches.class);
    }

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    private static void person(Instance instance, String name) {
        instance.jdbc()
                .update(
                        "INSERT INTO person (id, name) VALUES (?, ?)",
                        UUID.randomUUID().toString(),
                        name);
    }

    private static List<String> people(Instance instance) {
        return instance.jdbc().queryForList("SELECT name FROM person ORDER BY name", String.class);
    }

    private static boolean isSecret(Change change) {
        return change.val().equals(Value.of("secret"));
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatBecomesVisibleArrivesWhole(Caller caller) {
        start(caller);
        switches().readingPeople = TableAccess.NONE;
        person(guarded, "Ann");
        guarded.write("note");
        syncWell(caller);
        assertThat(other.texts()).containsExactly("note");
        assertThat(people(other)).isEmpty();
        person(guarded, "Bob");
        person(other, "Eve");
        syncWell(caller);
        assertThat(people(other)).containsExactly("Eve");
        assertThat(people(guarded)).as("writing is another matter").containsExactly("Ann", "Bob", "Eve");
        switches().readingPeople = TableAccess.ALL;
        syncWell(caller);
        assertThat(people(other)).containsExactly("Ann", "Bob", "Eve");
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatBecomeVisibleArriveUnderAnotherRevision(Caller caller) {
        start(caller);
        switches().readingNotes = TableAccess.only(change -> !isSecret(change));
        guarded.write("open");
        guarded.write("secret");
        syncWell(caller);
        guarded.write("open, too");
        syncWell(caller);
        assertThat(other.texts()).containsExactly("open", "open, too");
        switches().readingNotes = TableAccess.only(change -> true);
        syncWell(caller);
        assertThat(other.texts()).as("nobody told").hasSize(2);
        switches().revision = "2";
        syncWell(caller);
        assertThat(other.texts()).containsExactly("open", "open, too", "secret");
        guarded.write("secret");
        switches().readingNotes = TableAccess.ALL;
        switches().revision = "";
        syncWell(caller);
        assertThat(other.texts()).as("without any rules from the start").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatMayBeReadOnlyIsNotEvenSent(Caller caller) {
        start(caller);
        switches().writingPeople = TableAccess.NONE;
        person(guarded, "Ann");
        person(other, "Bob");
        other.write("note");
        syncWell(caller);
        assertThat(people(other)).containsExactly("Ann", "Bob");
        assertThat(people(guarded)).containsExactly("Ann");
        assertThat(guarded.texts()).containsExactly("note");
        assertThat(guarded.service().quarantined()).isZero();
        switches().writingPeople = TableAccess.ALL;
        syncWell(caller);
        assertThat(people(guarded)).containsExactly("Ann", "Bob");
    }

    @ParameterizedTest
    @EnumSource
    void whatMayNotBeWrittenIsHeldUntilItMay(Caller caller) {
        start(caller);
        switches().writingNotes = TableAccess.only(change -> !isSecret(change));
        other.write("open");
        other.write("secret");
        syncWell(caller);
        syncWell(caller);
        assertThat(guarded.texts()).containsExactly("open");
        JsonNode held = Instance.json(guarded.get("/quarantine")).path("changes");
        assertThat(held).hasSize(1);
        assertThat(held.path(0).path("val").asString()).isEqualTo("'secret'");
        assertThat(held.path(0).path("origin").asString())
                .isEqualTo(other.service().siteId().toString());
        assertThat(held.path(0).path("reason").asString())
                .isEqualTo("the policy does not let "
                        + (caller == Caller.OTHER ? "an unauthenticated caller" : "peer \"other\"")
                        + " write this");
        guarded.post("/quarantine", "{}");
        assertThat(guarded.texts()).containsExactly("open");
        switches().writingNotes = TableAccess.ALL;
        guarded.post("/quarantine", "{}");
        assertThat(guarded.texts()).containsExactly("open", "secret");
        assertThat(guarded.service().quarantined()).isZero();
        syncWell(caller);
        assertThat(other.rows("note")).isEqualTo(guarded.rows("note"));
    }

    @Test
    void whatPeersPassBackIsNoOffence() {
        start(Caller.OTHER);
        for (int i = 0; i < 50; i++) {
            guarded.write("note " + i);
        }
        switches().writingNotes = TableAccess.only(change -> false);
        syncWell(Caller.OTHER);
        // All of it, as after a restore.
        MergeReport report = guarded.service()
                .apply(
                        other.service().changes(dev.crr.ChangeQuery.ALL),
                        guarded.service()
                                .rules(PeerIdentity.caller(null, other.service().siteId())));
        assertThat(report.ignored()).isPositive();
        assertThat(guarded.service().quarantined()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoIsNotAdmittedExchangesNothing(Caller caller) {
        start(caller);
        switches().admitted = peer -> false;
        guarded.write("ours");
        other.write("theirs");
        SyncOutcome outcome = (caller == Caller.OTHER ? other : guarded)
                .bean(SyncLoop.class)
                .syncNow(null)
                .get(0);
        assertThat(outcome.error()).contains("the policy does not admit");
        assertThat(guarded.texts()).containsExactly("ours");
        assertThat(other.texts()).containsExactly("theirs");
        assertThat(switches().asked)
                .isNotEmpty()
                .allSatisfy(peer -> assertThat(peer)
                        .isEqualTo(
                                caller == Caller.OTHER
                                        ? PeerIdentity.caller(
                                                null, other.service().siteId())
                                        : PeerIdentity.called(
                                                "other", other.service().siteId())));
    }

    @Test
    void theStatusTellsOnlyOfWhatConcernsTheAsker() {
        start(Caller.OTHER);
        assertThat(guarded.status().has("rules")).isFalse();
        switches().readingPeople = TableAccess.NONE;
        JsonNode writeOnly = guarded.status();
        assertThat(writeOnly.path("rules").asString()).hasSize(32);
        assertThat(writeOnly.path("tables").path("person").path("readable").asBoolean(true))
                .isFalse();
        assertThat(writeOnly.path("tables").path("person").has("writable")).isFalse();
        assertThat(Instance.json(guarded.get("?detail=true"))
                        .path("tables")
                        .path("note")
                        .has("rows"))
                .isTrue();
        switches().readingNotes = TableAccess.only(change -> true);
        JsonNode counted = Instance.json(guarded.get("?detail=true")).path("tables");
        assertThat(counted.path("note").has("rows"))
                .as("a count tells of what is hidden")
                .isFalse();
        assertThat(counted.path("person").has("rows")).isFalse();
        switches().writingPeople = TableAccess.NONE;
        assertThat(guarded.status().path("tables").propertyNames())
                .contains("note")
                .doesNotContain("person");
        assertThat(guarded.get("/changes?table=person").statusCode()).isEqualTo(400);
        assertThat(guarded.get("/changes?table=person").body()).contains("there are [note, person_photo]");
        assertThat(guarded.get("?peer=x").statusCode()).isEqualTo(400);
    }

    @Test
    void theQuarantineTellsOnlyWhatTheAskerMayRead() {
        start(Caller.OTHER);
        switches().writingPeople = TableAccess.only(change -> false);
        switches().writingNotes = TableAccess.only(change -> false);
        person(other, "Ann");
        other.write("secret");
        other.write("open");
        syncWell(Caller.OTHER);
        switches().readingPeople = TableAccess.NONE;
        switches().readingNotes = TableAccess.only(change -> !isSecret(change));
        for (HttpResponse<String> answer : List.of(guarded.get("/quarantine"), guarded.post("/quarantine", "{}"))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("open").doesNotContain("Ann", "secret");
        }
        assertThat(guarded.send("DELETE", "/quarantine?table=note", null).statusCode())
                .isEqualTo(200);
        assertThat(guarded.service().quarantined()).isEqualTo(1);
        assertThat(guarded.get("/nonsense").statusCode()).isEqualTo(404);
        switches().admitted = peer -> false;
        assertThat(guarded.send("DELETE", "/quarantine", null).statusCode()).isEqualTo(403);
        assertThat(guarded.service().quarantined()).isEqualTo(1);
    }

    @Test
    void aSnapshotIsForThoseWhoMayReadEverything() throws Exception {
        instances.add(new Instance(folder.resolve("guarded"))
                .withBeans(WithSwitches.class)
                .with("crr.snapshot.enabled=true")
                .start(Note.class, Person.class));
        guarded = instances.get(0);
        switches().writingNotes = TableAccess.only(change -> false);
        other = new Instance(folder.resolve("other")).withPeer(guarded).start(Note.class, Person.class);
        instances.add(other);
        other.write("refused");
        syncWell(Caller.OTHER);
        assertThat(guarded.service().quarantined()).isEqualTo(1);
        for (TableAccess access : List.of(TableAccess.NONE, TableAccess.only(change -> true))) {
            switches().readingPeople = access;
            assertThat(guarded.get("/snapshot").statusCode()).isEqualTo(403);
        }
        switches().readingPeople = TableAccess.ALL;
        Path copy = folder.resolve("copy");
        assertThat(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(guarded.uri("/snapshot")).build(),
                                HttpResponse.BodyHandlers.ofFile(copy))
                        .statusCode())
                .isEqualTo(200);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM crr_refused")) {
            assertThat(count.getLong(1)).isZero();
        }
    }

    @Test
    void whoNamesOtherRulesBeginsAnew() {
        start(Caller.OTHER);
        guarded.write("note");
        switches().readingPeople = TableAccess.NONE;
        String rules = guarded.status().path("rules").asString();
        assertThat(guarded.get("/changes?since=1&rules=" + rules).statusCode()).isEqualTo(200);
        switches().readingPeople = TableAccess.ALL;
        var answer = guarded.get("/changes?since=1&rules=" + rules);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(Instance.json(answer).path("resume").asLong(-1)).isZero();
        assertThat(guarded.get("/changes?rules=nonsense").statusCode()).isEqualTo(400);
    }
}
