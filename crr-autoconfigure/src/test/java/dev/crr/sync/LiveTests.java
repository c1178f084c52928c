package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole applications whose next round is an hour away, so that whatever arrives has come live. */
@Timeout(300)
class LiveTests {

    @TempDir
    Path directory;

    private final List<Instance> instances = new ArrayList<>();

    private Instance instance(String name) {
        Instance instance = new Instance(directory.resolve(name)).with("crr.sync.live=true");
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stopAll() {
        instances.forEach(Instance::close);
    }

    /** One side cannot be called, as behind a router; it needs outgoing requests only. */
    @Test
    void outgoingRequestsOfOneSideAreEnoughForBothDirections() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        for (int i = 0; i < 5; i++) {
            office.write("office " + i);
            laptop.write("laptop " + i);
        }
        awaitEqual(10, office, laptop);
        assertQuiet(office, laptop);
    }

    @Test
    void pullOnly() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office, "push=false").start(Note.class);
        awaitConnected(laptop);
        laptop.write("stays");
        office.write("first");
        await().until(() -> laptop.texts().equals(List.of("first", "stays")));
        office.write("second");
        await().until(() -> laptop.texts().equals(List.of("first", "second", "stays")));
        assertThat(office.texts()).containsExactly("first", "second");
    }

    @Test
    void pushOnly() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office, "pull=false").start(Note.class);
        awaitConnected(laptop);
        office.write("stays");
        laptop.write("first");
        await().until(() -> office.texts().equals(List.of("first", "stays")));
        laptop.write("second");
        await().until(() -> office.texts().equals(List.of("first", "second", "stays")));
        assertThat(laptop.texts()).containsExactly("first", "second");
    }

    @Test
    void hubAndSpokes() {
        Instance hub = instance("hub").start(Note.class);
        Instance a = instance("a").withPeer(hub).start(Note.class);
        Instance b = instance("b").withPeer(hub, "push=false").start(Note.class);
        Instance c = instance("c").withPeer(hub).start(Note.class);
        awaitConnected(a, b, c);
        a.write("a");
        hub.write("hub");
        c.write("c");
        awaitEqual(3, hub, a, b, c);
        assertQuiet(hub, a, b, c);
    }

    @Test
    void chain() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        Instance c = instance("c").withPeer(b).start(Note.class);
        Instance d = instance("d").withPeer(c).start(Note.class);
        awaitConnected(b, c, d);
        a.write("a");
        d.write("d");
        b.write("b");
        awaitEqual(3, a, b, c, d);
        a.jdbc().update("UPDATE note SET text = 'edited' WHERE text = 'd'");
        await().until(() -> d.texts().contains("edited"));
        assertQuiet(a, b, c, d);
    }

    @Test
    void mesh() {
        Instance a = instance("a");
        Instance b = instance("b");
        Instance c = instance("c");
        a.withPeer(b).withPeer(c);
        b.withPeer(a).withPeer(c);
        c.withPeer(a).withPeer(b);
        // All tries before the others are up fail, and the next are soon.
        for (Instance each : List.of(a, b, c)) {
            each.with("crr.sync.interval=100ms", "crr.sync.max-backoff=200ms").start(Note.class);
        }
        awaitConnected(a, b, c);
        a.write("a");
        b.write("b");
        c.write("c");
        awaitEqual(3, a, b, c);
        assertQuiet(a, b, c);
    }

    /** Each narrows to what both have. */
    @Test
    void tablesThatOneSideLacks() {
        Instance office = instance("office").start(Note.class, Person.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        office.jdbc().update("INSERT INTO person (id, name) VALUES ('1', 'Ann')");
        office.write("office");
        laptop.write("laptop");
        awaitEqual(2, office, laptop);
    }

    @Test
    void whatAnotherProcessWritesIsSeen() throws Exception {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        // The plain driver, with nothing of ours: as far as the application can tell, another process.
        office.jdbcOnFile("INSERT INTO note (id, text) VALUES ('1', 'from outside the office')");
        laptop.jdbcOnFile("INSERT INTO note (id, text) VALUES ('2', 'from outside the laptop')");
        awaitEqual(2, office, laptop);
    }

    @Test
    void aPoolOfOneIsEnough() {
        Instance office = instance("office")
                .with("spring.datasource.hikari.maximum-pool-size=1")
                .start(Note.class);
        Instance laptop = instance("laptop")
                .withPeer(office)
                .with("spring.datasource.hikari.maximum-pool-size=1")
                .start(Note.class);
        awaitConnected(laptop);
        office.write("office");
        laptop.write("laptop");
        awaitEqual(2, office, laptop);
        office.jdbcOnFile("INSERT INTO note (id, text) VALUES ('1', 'from outside')");
        awaitEqual(3, office, laptop);
    }

    /** A read-only connection that closes last would leave the log of the database behind. */
    @Test
    void whoCallsIsCalledBackAtOnce() {
        Instance office = instance("office");
        Instance laptop = instance("laptop")
                .withPeer(office)
                .with("crr.sync.interval=100ms", "crr.sync.max-backoff=1h")
                .start(Note.class);
        // By now the next try is more than a minute away.
        await().until(() ->
                laptop.status().path("peers").path(0).path("failures").asInt() >= 2);
        office.withPeer(laptop).start(Note.class);
        office.write("office");
        laptop.write("laptop");
        awaitEqual(2, office, laptop);
        await().until(() -> laptop.status()
                .path("peers")
                .path(0)
                .path("condition")
                .asString()
                .equals("CONNECTED"));
    }

    @Test
    void stopsAtOnceAlthoughRequestsAreHeldAndLeavesNothingBehind() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        office.write("office");
        awaitEqual(1, office, laptop);
        Set<Thread> before = crrThreads();
        assertThat(before).isNotEmpty();

        office.close();
        laptop.close();

        assertThat(crrThreads()).isEmpty();
        for (Instance each : List.of(office, laptop)) {
            assertThat(each.file().resolveSibling(each.name() + "-wal")).doesNotExist();
        }
    }

    @Test
    void goesOnAfterAPauseOfTheWholeContext() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        laptop.context().stop();
        office.write("office");
        laptop.write("laptop");
        laptop.context().start();
        awaitEqual(2, office, laptop);
        office.write("live again");
        awaitEqual(3, office, laptop);
    }

    @Test
    void canBeSwitchedOff() {
        Instance office = instance("office").with("crr.sync.live=false").start(Note.class);
        Instance laptop =
                instance("laptop").withPeer(office).with("crr.sync.live=false").start(Note.class);
        awaitConnected(laptop);
        assertThat(crrThreads()).extracting(Thread::getName).doesNotContain("crr-watch");
        assertThat(office.get("/changes?wait=60").statusCode()).isEqualTo(200);
    }

    @Test
    void synchronisingOnDemandInterruptsTheWait() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        for (int i = 0; i < 5; i++) {
            office.write("office " + i);
            laptop.syncWell();
            assertThat(laptop.texts()).hasSize(i + 1);
        }
        office.write("live");
        awaitEqual(6, office, laptop);
    }

    @Test
    void aPauseEndsTheWaitAndAResumeBeginsItAnew() {
        Instance office = instance("office").start(Note.class);
        Instance laptop = instance("laptop").withPeer(office).start(Note.class);
        awaitConnected(laptop);
        laptop.post("/pause", "{}");
        office.write("office");
        laptop.write("laptop");
        assertThat(laptop.sync().path(0).path("error").asString()).isEqualTo("it is paused");
        assertThat(laptop.texts()).containsExactly("laptop");
        assertThat(office.texts()).containsExactly("office");
        laptop.post("/resume", "{}");
        awaitEqual(2, office, laptop);
        office.write("live");
        awaitEqual(3, office, laptop);
    }

    private static void awaitConnected(Instance... all) {
        await().until(() -> List.of(all).stream()
                .flatMap(each -> each.bean(SyncLoop.class).peers().stream())
                .allMatch(peer -> peer.condition() == PeerState.Condition.CONNECTED));
    }

    private static void awaitEqual(int rows, Instance... all) {
        await().untilAsserted(() -> {
            for (Instance each : all) {
                assertThat(each.rows("note")).isEqualTo(all[0].rows("note")).hasSize(rows);
            }
        });
    }

    /** Nothing goes round and round: once all is everywhere, rounds move nothing, and no number is taken. */
    private static void assertQuiet(Instance... all) {
        for (Instance each : all) {
            each.syncWell();
        }
        List<Long> before = versions(all);
        for (Instance each : all) {
            each.sync().forEach(outcome -> {
                assertThat(outcome.path("pulled").asLong(-1)).isZero();
                assertThat(outcome.path("pushed").asLong(-1)).isZero();
            });
        }
        assertThat(versions(all)).isEqualTo(before);
    }

    private static List<Long> versions(Instance... all) {
        return List.of(all).stream().map(each -> each.service().version()).toList();
    }

    private static Set<Thread> crrThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("crr-"))
                .collect(Collectors.toSet());
    }
}
