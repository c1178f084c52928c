package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Long exchanges over HTTP that are cut, stalled or too large in the middle. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class CatchUpTests {

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

    /** Hexadecimal digits of random bytes, which compress by half at best. */
    private static void write(Instance instance, int rows, int bytes) {
        instance.jdbc().update("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO note (id, text) SELECT hex(randomblob(16)), hex(randomblob(?)) FROM n""", rows, bytes);
    }

    @Test
    void aPullThatIsCutGoesOnWhereItWas() throws Exception {
        Instance a = instance("a").start(Note.class);
        write(a, 3000, 200);
        try (CuttingProxy proxy = new CuttingProxy(a.port())) {
            proxy.cutAfter(0);
            Instance b = instance("b")
                    .with("crr.peers[0].url=http://127.0.0.1:" + proxy.port() + "/actuator/crr")
                    .with("crr.peers[0].push=false", "crr.sync.batch-size=500")
                    .start(Note.class);
            long before = 0;
            for (int cuts = 0; cuts < 2; cuts++) {
                proxy.cutAfter(300_000);
                proxy.takeRequests();
                assertThat(b.sync().path(0).path("success").asBoolean()).isFalse();
                assertThat(since(proxy.takeRequests()).get(0)).isEqualTo(before);
                long received =
                        b.status().path("peers").path(0).path("received").asLong();
                assertThat(received).isBetween(before + 1, 2999L);
                assertThat(b.jdbc().queryForObject("SELECT count(*) FROM note", Long.class))
                        .isEqualTo(received);
                before = received;
            }
            proxy.cutAfter(Long.MAX_VALUE);
            b.syncWell();
            assertThat(since(proxy.takeRequests()).get(0)).isEqualTo(before);
            assertThat(b.rows("note")).isEqualTo(a.rows("note"));
        }
    }

    private static List<Long> since(List<String> requests) {
        return requests.stream()
                .filter(request -> request.contains("since="))
                .map(request -> Long.valueOf(request.replaceAll(".*since=(\\d+).*", "$1")))
                .toList();
    }

    @Test
    void anOrdinaryDeltaIsOnePieceInOneTransaction() throws Exception {
        Instance a = instance("a").start(Note.class);
        write(a, 5000, 10);
        try (CuttingProxy proxy = new CuttingProxy(a.port())) {
            Instance b = instance("b")
                    .with("crr.peers[0].url=http://127.0.0.1:" + proxy.port() + "/actuator/crr")
                    .start(Note.class);
            b.syncWell();
            // That of the start and ours.
            assertThat(since(proxy.takeRequests())).containsOnly(0L, 5000L);
            assertThat(b.rows("note")).isEqualTo(a.rows("note"));
        }
    }

    @Test
    void aClientThatStopsReadingHoldsNothing() throws Exception {
        Instance a = instance("a").start(Note.class);
        write(a, 12, 500_000);
        try (Socket client = new Socket("localhost", a.port())) {
            client.setReceiveBufferSize(4096);
            client.getOutputStream()
                    .write("GET /actuator/crr/changes HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            // The answer has begun, and cannot end: buffers are smaller.
            assertThat(client.getInputStream().read()).isEqualTo('H');
            HikariDataSource pool = a.bean(HikariDataSource.class);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            a.write("meanwhile");
            assertThat(a.jdbc().queryForMap("PRAGMA wal_checkpoint(TRUNCATE)"))
                    .containsEntry("busy", 0)
                    .containsEntry("log", 0);
            assertThat(a.service().version()).isEqualTo(13);
        }
    }

    @Test
    void aRowTooLargeForThePeerIsLeftOutAndTheRestGoesOn(CapturedOutput output) {
        Instance a = instance("a").with("crr.sync.max-body-size=100KB").start(Note.class);
        Instance b = instance("b").withPeer(a, "pull=false").start(Note.class);
        write(b, 50, 1000);
        b.write("x".repeat(200_000));
        write(b, 50, 1000);
        b.syncWell();
        assertThat(a.rows("note")).hasSize(100);
        assertSkipped(b, 1);
        assertThat(output).containsOnlyOnce("our version 51, table \"note\", key [");

        b.syncWell();
        assertSkipped(b, 1);
        b.jdbc().update("UPDATE note SET text = 'small now' WHERE length(text) = 200000");
        b.syncWell();
        assertThat(a.rows("note")).isEqualTo(b.rows("note")).hasSize(101);
        assertSkipped(b, 1);
    }

    @Test
    void aRowTooLargeForUsIsLeftOutAndTheRestGoesOn(CapturedOutput output) {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b")
                .withPeer(a, "push=false")
                .with("crr.sync.max-body-size=100KB")
                .start(Note.class);
        write(a, 50, 1000);
        a.write("x".repeat(200_000));
        a.write("y".repeat(200_000));
        write(a, 50, 1000);
        b.syncWell();
        assertThat(b.rows("note")).hasSize(100);
        assertSkipped(b, 2);
        assertThat(output)
                .containsOnlyOnce("its versions 51 to 51 are not fetched")
                .contains("at table \"note\", key [");

        b.syncWell();
        assertSkipped(b, 2);
        a.jdbc().update("UPDATE note SET text = substr(text, 1, 10) WHERE length(text) = 200000");
        b.syncWell();
        assertThat(b.rows("note")).isEqualTo(a.rows("note")).hasSize(102);
    }

    private static void assertSkipped(Instance instance, int rows) {
        JsonNode peer = instance.status().path("peers").path(0);
        assertThat(peer.path("skipped").asInt()).isEqualTo(rows);
        assertThat(peer.has("fault")).isFalse();
    }

    @Test
    void aBodyThatTricklesInIsCutOff() throws Exception {
        Instance a = instance("a").with("crr.sync.read-timeout=300ms").start(Note.class);
        for (String type : List.of("application/json", "application/cbor")) {
            // Who writes when the connection is just closed may find it reset, and the answer gone.
            await().ignoreExceptionsInstanceOf(SocketException.class)
                    .untilAsserted(() -> assertThat(answerToABodyThatTrickles(a, type))
                            .startsWith("HTTP/1.1 408")
                            .contains("the body did not arrive within 300 ms"));
        }
    }

    private static String answerToABodyThatTrickles(Instance a, String type) throws IOException {
        try (Socket client = new Socket("localhost", a.port())) {
            client.getOutputStream()
                    .write(("POST /actuator/crr/changes HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                                    + "\r\nContent-Length: 100000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // A blank, and a map in which nothing is wrong yet.
            byte[] begin = type.endsWith("json")
                    ? " ".getBytes(StandardCharsets.US_ASCII)
                    : new byte[] {(byte) 0xbf, 0x61, 'x', 0x7a, 0, 1, 0, 0};
            client.getOutputStream().write(begin);
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                if (client.getInputStream().available() > 0) {
                    return true;
                }
                client.getOutputStream().write(' ');
                return false;
            });
            // To the end, as the connection is closed.
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
