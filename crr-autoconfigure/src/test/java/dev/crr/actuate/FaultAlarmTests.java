package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import dev.crr.Change;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/** Faults made for real, and what an operator sees of each: while it lasts, and when it is over. */
@Timeout(300)
class FaultAlarmTests {

    private static final String FROM_A = "\"siteId\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"";

    @TempDir
    Path directory;

    private final List<Instance> instances = new ArrayList<>();

    private Instance instance(String name) {
        Instance instance = Operator.watched(new Instance(directory.resolve(name)));
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stopAll() {
        instances.forEach(Instance::close);
    }

    @Test
    void peerAway() {
        Instance a = instance("a");
        Instance b = instance("b").withPeer(a).with("crr.health.stuck-after=0s").start(Note.class);
        Operator operator = new Operator(b);
        operator.awaitOnly(AlarmKind.PEER_STUCK, "it cannot be reached");
        assertThat(operator.health().path("details").path("peers").path("a").asString())
                .isEqualTo("failing");
        assertThat(operator.metric("crr_peer_connected{peer=\"a\"}")).isZero();
        assertThat(operator.metric("crr_peers{condition=\"failing\"}")).isOne();
        JsonNode alarm = b.status().path("alarms").path(0);
        assertThat(alarm.path("code").asString()).isEqualTo("peer-stuck");
        assertThat(alarm.path("peer").asString()).isEqualTo("a");
        assertThat(alarm.path("message").asString()).startsWith("since 20").contains("it cannot be reached");

        a.start(Note.class);
        b.syncWell();
        operator.awaitAllIsWell();
        assertThat(operator.metric("crr_peer_connected{peer=\"a\"}")).isOne();
        assertThat(operator.metric("crr_peers{condition=\"failing\"}")).isZero();
    }

    @Test
    void aPeerThatIsAwayForAWhileOnlyIsNoReasonToAlarmAnybody() {
        Instance b = instance("b").withPeer(instance("a")).start(Note.class);
        Operator operator = new Operator(b);
        await().untilAsserted(() ->
                assertThat(operator.metric("crr_peers{condition=\"failing\"}")).isOne());
        operator.awaitAllIsWell();
    }

    @Test
    void pausedPeersAlarmNobody() {
        Instance b = instance("b")
                .withPeer(instance("a"))
                .with("crr.health.stuck-after=0s")
                .start(Note.class);
        Operator operator = new Operator(b);
        operator.awaitOnly(AlarmKind.PEER_STUCK, "it cannot be reached");
        b.post("/pause", "{}");
        operator.awaitAllIsWell();
        assertThat(operator.metric("crr_peers{condition=\"paused\"}")).isOne();
    }

    @Test
    void anotherApplicationAtThePeersUrl() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] page = "<h1>Welcome</h1>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try {
            Instance b = instance("b")
                    .with(
                            "crr.health.stuck-after=0s",
                            "crr.peers[0].name=a",
                            "crr.peers[0].url=http://localhost:"
                                    + other.getAddress().getPort() + "/actuator/crr")
                    .start(Note.class);
            new Operator(b).awaitOnly(AlarmKind.PEER_STUCK, "is there a proxy or another application at its URL?");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void changesThatCannotBeApplied() {
        Instance a = instance("a").with("crr.sync.max-quarantined=2").start(Note.class);
        Operator operator = new Operator(a);
        operator.awaitAllIsWell();
        assertThat(a.post("/changes", unknownColumns(2)).statusCode()).isEqualTo(200);
        operator.awaitOnly(AlarmKind.QUARANTINE_NOT_EMPTY, "2 changes cannot be applied here");
        assertThat(operator.metric("crr_quarantined_changes")).isEqualTo(2);

        a.send("DELETE", "/quarantine", null);
        operator.awaitAllIsWell();
        assertThat(operator.metric("crr_quarantined_changes")).isZero();

        assertThat(a.post("/changes", unknownColumns(3)).statusCode()).isEqualTo(507);
        operator.awaitOnly(AlarmKind.QUARANTINE_FULL, "2");
        assertThat(a.post("/changes", unknownColumns(1)).statusCode()).isEqualTo(200);
        operator.awaitOnly(AlarmKind.QUARANTINE_NOT_EMPTY, "1 changes");
    }

    @Test
    void aVersionBeyondTheBoundHoldsNothingElseUp() {
        Instance b = instance("b").start(Note.class);
        Instance a = instance("a").withPeer(b).with("crr.peers[0].pull=false").start(Note.class);
        a.write("poisoned");
        a.syncWell();
        // As an earlier release took it from anybody.
        a.jdbc().update("UPDATE note__crr_row SET __crr_cl = ?", Change.VERSION_BOUND - 1);
        a.jdbc().update("DELETE FROM note");
        a.jdbc().update("INSERT INTO note (id, text) VALUES ('2', 'behind it')");
        a.write("and more");
        a.syncWell();
        assertThat(b.texts()).contains("behind it", "and more");
        new Operator(a).awaitOnly(AlarmKind.ROW_TOO_LARGE, "out of bounds");
    }

    @Test
    void aPeerWhoseChangesDoNotFitIntoTheQuarantine() {
        Instance a = instance("a").start(Note.class);
        Instance b =
                instance("b").withPeer(a).with("crr.sync.max-quarantined=0").start(Note.class);
        Operator operator = new Operator(b);
        a.write("fine");
        a.close();
        a.jdbcOnFile("ALTER TABLE note ADD COLUMN mood TEXT");
        a.start(Note.class);
        a.jdbc().update("UPDATE note SET mood = 'good'");
        b.sync();
        operator.awaitOnly(AlarmKind.QUARANTINE_FULL, "mood");

        b.close();
        b.jdbcOnFile("ALTER TABLE note ADD COLUMN mood TEXT");
        b.start(Note.class);
        b.syncWell();
        operator.awaitAllIsWell();
    }

    @Test
    void aCopiedFile() throws IOException {
        Instance a = instance("a").start(Note.class);
        a.write("before");
        a.close();
        Instance b = instance("b").withPeer(a);
        Files.copy(a.file(), b.file());
        a.start(Note.class);
        b.start(Note.class);
        String shared = a.service().siteId().toString();
        await().untilAsserted(() -> {
            b.syncWell();
            assertThat(a.service().siteId()).isNotEqualTo(b.service().siteId());
        });
        boolean aGaveWay = !a.service().siteId().toString().equals(shared);
        new Operator(aGaveWay ? a : b).awaitOnly(AlarmKind.CLONE_FOUND, "took a new site id at 20");
        new Operator(aGaveWay ? b : a).awaitAllIsWell();
    }

    @Test
    void aRowThatIsTooLargeForUs() {
        Instance a = instance("a").start(Note.class);
        Instance b =
                instance("b").withPeer(a).with("crr.sync.max-body-size=10KB").start(Note.class);
        Operator operator = new Operator(b);
        operator.awaitAllIsWell();
        a.write("large".repeat(10_000));
        b.syncWell();
        assertThat(b.texts()).isEmpty();
        operator.awaitOnly(AlarmKind.ROW_TOO_LARGE, "1 rows were left out since the start");

        a.jdbc().update("UPDATE note SET text = 'small'");
        b.syncWell();
        assertThat(b.texts()).containsExactly("small");
    }

    @Test
    void aDatabaseThatCannotGrow() {
        Instance a = instance("a").start(Note.class);
        Operator operator = new Operator(a);
        operator.awaitAllIsWell();
        a.jdbc().execute("PRAGMA max_page_count = 1"); // that is: as large as it is now
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> a.write("large".repeat(100_000)))
                .withStackTraceContaining("SQLITE_FULL");
        operator.awaitOnly(AlarmKind.DISK_FULL, "database or disk is full");

        a.jdbc().execute("PRAGMA max_page_count = 1000000");
        operator.awaitAllIsWell();
        assertThat(a.service().quarantined()).isZero();
        assertThat(a.texts()).isEmpty();
    }

    @Test
    void aMergeThatFindsNoRoom() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        b.syncWell();
        b.jdbc().execute("PRAGMA max_page_count = 1");
        a.write("large".repeat(100_000));
        assertThat(b.sync().path(0).path("error").asString()).contains("SQLITE_FULL");
        new Operator(b).awaitOnly(AlarmKind.DISK_FULL, "database or disk is full");

        b.jdbc().execute("PRAGMA max_page_count = 1000000");
        b.syncWell();
        new Operator(b).awaitAllIsWell();
        assertThat(b.rows("note")).isEqualTo(a.rows("note"));
    }

    @Test
    void aDiskThatIsNearlyFull() {
        Instance a = instance("a").with("crr.health.min-free-space=1000000TB").start(Note.class);
        new Operator(a).awaitOnly(AlarmKind.DISK_FULL, "KB are free");
    }

    @Test
    void aDatabaseThatCannotBeWritten() {
        Instance a = instance("a").start(Note.class);
        Operator operator = new Operator(a);
        a.jdbc().execute("PRAGMA query_only = 1");
        operator.awaitAllIsWell(); // nobody has tried
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> a.write("note"));
        operator.awaitOnly(AlarmKind.READ_ONLY, "attempt to write a readonly database");

        a.jdbc().execute("PRAGMA query_only = 0");
        operator.awaitAllIsWell();
    }

    @Test
    void aFileThatMayNotBeWritten() throws Exception {
        Instance a = instance("a").start(Note.class);
        Operator operator = new Operator(a);
        operator.awaitAllIsWell();
        // The mode of a file means nothing to root, this attribute does.
        assumeTrue(chattr("+i", a.file()), "needs root and a file system with attributes");
        try {
            operator.awaitOnly(AlarmKind.READ_ONLY, "a cannot be written");
        } finally {
            chattr("-i", a.file());
        }
        operator.awaitAllIsWell();
    }

    private static boolean chattr(String change, Path file) throws InterruptedException {
        try {
            return new ProcessBuilder("chattr", change, file.toString()).start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    @Test
    void aWriteInAReadOnlyTransactionAlarmsNobody() {
        Instance a = instance("a").start(Note.class);
        a.jdbc().execute("PRAGMA query_only = 1");
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> a.write("note"));
        a.jdbc().execute("PRAGMA query_only = 0");
        new Operator(a).awaitAllIsWell();
    }

    @Test
    void aFileThatIsNoDatabaseAnyMore() throws IOException {
        Instance a = instance("a").start(Note.class);
        Operator operator = new Operator(a);
        a.jdbc().queryForList("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] good = Files.readAllBytes(a.file());
        byte[] bad = good.clone();
        Arrays.fill(bad, 0, 4096, (byte) 7);
        Files.write(a.file(), bad);
        a.bean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
        operator.awaitOnly(AlarmKind.DATABASE_FAILING, "");
        assertThat(operator.metric("crr_quarantined_changes")).isNaN();

        Files.write(a.file(), good);
        operator.awaitAllIsWell();
    }

    private static String unknownColumns(int count) {
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add("{\"table\":\"note\",\"pk\":[\"" + i + "\"],\"cid\":\"mood\",\"val\":1,\"colVersion\":1,"
                    + "\"dbVersion\":1," + FROM_A + ",\"cl\":1,\"seq\":1}");
        }
        return "{" + FROM_A + ",\"since\":0,\"version\":1,\"more\":false,\"changes\":[" + String.join(",", changes)
                + "]}";
    }
}
