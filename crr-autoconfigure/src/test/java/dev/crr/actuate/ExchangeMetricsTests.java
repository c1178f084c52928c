package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is measured while two applications exchange changes. */
@Timeout(300)
class ExchangeMetricsTests {

    private static final String STRANGER = "{\"siteId\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"since\":0,\"version\":1,"
            + "\"more\":false,\"changes\":[{\"table\":\"note\",\"pk\":[\"1\"],\"cid\":\"text\",\"val\":\"x\","
            + "\"colVersion\":1,\"dbVersion\":1,\"siteId\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"cl\":1,\"seq\":1}]}";

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
    void bothSidesCountWhatCameAndWent() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        a.write("one");
        a.write("two");
        b.write("three");
        b.syncWell();
        Operator atA = new Operator(a);
        Operator atB = new Operator(b);

        // B calls. To A it is nobody it knows.
        assertThat(atB.metric(changes("a", "in"))).isEqualTo(2);
        assertThat(atA.metric(changes("other", "out"))).isEqualTo(2);
        // With its own, B sends once what A wrote, in case A was restored.
        assertThat(atB.metric(changes("a", "out"))).isEqualTo(3).isEqualTo(atA.metric(changes("other", "in")));

        // What B sends A receives, to the byte. B receives the status and the reports besides.
        assertThat(atB.metric(bytes("a", "out"))).isPositive().isEqualTo(atA.metric(bytes("other", "in")));
        assertThat(atA.metric(bytes("other", "out"))).isPositive().isLessThan(atB.metric(bytes("a", "in")));

        assertThat(atB.metric(timer("a", "pull"))).isPositive();
        assertThat(atB.metric(timer("a", "push"))).isPositive();
        assertThat(atB.metric(timer("a", "apply"))).isPositive();
        assertThat(atA.metric(timer("other", "apply"))).isOne();
        assertThat(atB.metric("crr_peer_lag_versions{peer=\"a\"}")).isZero();
        assertThat(atB.metric("crr_peer_success_age_seconds{peer=\"a\"}")).isBetween(0.0, 60.0);
        assertThat(atB.metric("crr_version")).isEqualTo((double) b.service().version());
    }

    @Test
    void bytesAreCountedCompressed() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        b.write("same".repeat(100_000));
        b.syncWell();
        assertThat(new Operator(b).metric(bytes("a", "out"))).isPositive().isLessThan(20_000);
        assertThat(new Operator(a).metric(bytes("other", "in"))).isPositive().isLessThan(20_000);
    }

    @Test
    void callersAreNamedIfTheyAreConfiguredPeers() {
        Instance a = instance("a");
        Instance b = instance("b").withPeer(a).start(Note.class);
        a.withPeer(b).start(Note.class);
        a.syncWell(); // so that each knows who the other is
        b.syncWell();
        double before = new Operator(a).metric(changes("b", "in"));
        b.write("from b");
        b.syncWell();
        assertThat(new Operator(a).metric(changes("b", "in")) - (Double.isNaN(before) ? 0 : before))
                .isOne();
    }

    @Test
    void strangersShareOneName() {
        Instance a = instance("a").start(Note.class);
        for (char each : new char[] {'a', 'b', 'c'}) {
            assertThat(a.post(
                                    "/changes",
                                    STRANGER.replace(
                                            "a".repeat(32), String.valueOf(each).repeat(32)))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(a.get("/changes?peer=" + String.valueOf(each).repeat(32)).statusCode())
                    .isEqualTo(200);
        }
        assertThat(new Operator(a)
                        .scrape()
                        .lines()
                        .filter(line -> line.startsWith("crr_exchange_changes_total{"))
                        .map(line -> line.substring(0, line.lastIndexOf(' '))))
                .containsExactlyInAnyOrder(changes("other", "in"), changes("other", "out"));
    }

    @Test
    void spansOfRequestsAndMergesLieWithinThoseOfTheirStep() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        b.syncWell();
        Queue<Observation.Context> seen = new ConcurrentLinkedQueue<>();
        b.bean(ObservationRegistry.class).observationConfig().observationHandler(new Recorder(seen));
        a.write("from a");
        b.write("from b");
        b.syncWell();
        assertThat(seen.stream().map(ExchangeMetricsTests::path))
                .contains(
                        "crr pull a",
                        "crr pull a > crr apply a",
                        "crr pull a > http get",
                        "crr push a",
                        "crr push a > http post");
    }

    @Test
    void aFailedStepSaysSo() {
        Instance a =
                instance("a").with("management.endpoint.crr.access=read-only").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        b.write("from b");
        b.sync();
        assertThat(new Operator(b)
                        .metric("crr_exchange_seconds_count{error=\"PeerException\",peer=\"a\",step=\"push\"}"))
                .isPositive();
    }

    private static String changes(String peer, String direction) {
        return "crr_exchange_changes_total{direction=\"" + direction + "\",peer=\"" + peer + "\"}";
    }

    private static String bytes(String peer, String direction) {
        return "crr_exchange_bytes_total{direction=\"" + direction + "\",peer=\"" + peer + "\"}";
    }

    private static String timer(String peer, String step) {
        return "crr_exchange_seconds_count{error=\"none\",peer=\"" + peer + "\",step=\"" + step + "\"}";
    }

    /** The names of an observation and those around it. */
    private static String path(Observation.ContextView context) {
        ObservationView parent = context.getParentObservation();
        return (parent == null ? "" : path(parent.getContextView()) + " > ") + context.getContextualName();
    }

    private record Recorder(Queue<Observation.Context> seen) implements ObservationHandler<Observation.Context> {

        @Override
        public void onStop(Observation.Context context) {
            seen.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
