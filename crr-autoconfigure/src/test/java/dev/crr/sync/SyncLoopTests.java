package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import dev.crr.SiteId;
import dev.crr.sync.PeerState.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.client.RestClient;

@Timeout(300)
class SyncLoopTests {

    private final RecordingChangesetService service = new RecordingChangesetService();
    private final List<Object> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private ScriptedPeer server;
    private ScriptedPeer stuck;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPeer();
        stuck = new ScriptedPeer();
        stuck.status = exchange -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        server.close();
        stuck.close();
    }

    @Test
    void aPeerThatHangsKeepsNobodyWaiting() {
        SyncLoop loop = loop(Duration.ofMillis(20), new Peer("stuck", stuck.url()), server.peer());
        loop.start();
        await().until(() -> server.asked.size() > 3);
        assertThat(stuck.exchanges).hasSizeLessThanOrEqualTo(1);
        assertThat(loop.peers()).extracting(PeerState::name).containsExactly("stuck", "b");
        loop.stop();
        // It does not end by itself.
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("crr-sync-stuck")));
        assertThat(loop.isRunning()).isFalse();
        int asked = server.asked.size();
        assertThat(loop.syncNow("b").get(0).error()).isEqualTo("synchronisation is not running");
        assertThat(server.asked).hasSize(asked);
    }

    @Test
    void survivesWhateverARoundThrows() {
        service.reading = query -> {
            throw new IllegalStateException("a mistake of ours");
        };
        SyncLoop loop = loop(Duration.ofMillis(20), server.peer());
        loop.start();
        await().until(() -> server.asked.size() > 3);
        assertThat(loop.peers().get(0).lastError()).isEqualTo("IllegalStateException: a mistake of ours");
        service.reading = service::nothing;
        await().until(() -> loop.peers().get(0).lastError() == null);
        loop.stop();
    }

    @Test
    void survivesErrors() {
        service.reading = query -> {
            throw new AssertionError("of a listener");
        };
        SyncLoop loop = loop(Duration.ofMillis(20), server.peer());
        loop.start();
        assertThat(loop.syncNow("b").get(0).error()).isEqualTo("AssertionError: of a listener");
        service.reading = service::nothing;
        await().until(() -> loop.peers().get(0).lastError() == null);
        loop.stop();
    }

    @Test
    void synchronisesOnRequestWithOneOrAll() {
        SyncLoop loop = loop(Duration.ofHours(1), server.peer(), new Peer("second", server.url()));
        loop.start();
        await().until(() -> loop.peers().stream().allMatch(peer -> peer.lastSuccess() != null));
        int before = server.asked.size();
        assertThat(loop.syncNow("second")).containsExactly(new SyncOutcome("second", 0, 0, null));
        assertThat(server.asked).hasSize(before + 1);
        assertThat(loop.syncNow(null)).extracting(SyncOutcome::peer).containsExactly("b", "second");
        assertThat(server.asked).hasSize(before + 3);
        assertThatExceptionOfType(NoSuchPeerException.class)
                .isThrownBy(() -> loop.syncNow("third"))
                .withMessage("there is no peer \"third\"");
        loop.stop();
    }

    @Test
    void roundsWithOnePeerNeverOverlap() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        HttpHandler status = server.status;
        server.status = exchange -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            try {
                // Long enough for another round to come in between.
                new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            inside.decrementAndGet();
            status.handle(exchange);
        };
        SyncLoop loop = loop(Duration.ofMillis(1), server.peer());
        loop.start();
        List<CompletableFuture<List<SyncOutcome>>> calls = List.of(1, 2, 3, 4, 5, 6, 7, 8).stream()
                .map(i -> CompletableFuture.supplyAsync(() -> loop.syncNow(null)))
                .toList();
        calls.forEach(call -> assertThat(call.join()).allMatch(SyncOutcome::success));
        assertThat(most).hasValue(1);
        loop.stop();
    }

    @Test
    void whoeverWaitsWhenItStopsIsTold() {
        SyncLoop loop = loop(Duration.ofHours(1), new Peer("stuck", stuck.url()));
        loop.start();
        await().until(() -> !stuck.exchanges.isEmpty());
        CompletableFuture<List<SyncOutcome>> call = CompletableFuture.supplyAsync(() -> loop.syncNow("stuck"));
        loop.stop();
        assertThat(call.join().get(0).success()).isFalse();
    }

    @Test
    void canBeStartedAgain() {
        SyncLoop loop = loop(Duration.ofHours(1), server.peer());
        loop.start();
        loop.stop();
        loop.start();
        assertThat(loop.syncNow("b").get(0).success()).isTrue();
        loop.stop();
    }

    @Test
    void nothingIsExchangedWithAPausedPeer() {
        SyncLoop loop = loop(Duration.ofMillis(20), server.peer(), new Peer("second", server.url()));
        loop.start();
        await().until(() -> loop.peers().stream().allMatch(peer -> peer.condition() == Condition.CONNECTED));

        loop.pause("b");
        assertThat(loop.paused()).isFalse();
        assertThat(loop.syncNow("b").get(0).error()).isEqualTo("it is paused");
        assertThat(loop.peers())
                .extracting(PeerState::condition)
                .containsExactly(Condition.PAUSED, Condition.CONNECTED);
        assertThat(loop.paused(ScriptedPeer.SITE)).isTrue();
        assertThat(loop.paused((SiteId) null)).isFalse();
        assertThat(loop.syncNow("second").get(0).success()).isTrue();

        loop.pause(null);
        assertThat(loop.paused()).isTrue();
        assertThat(loop.paused((SiteId) null)).isTrue();
        assertThat(loop.syncNow(null)).extracting(SyncOutcome::error).containsOnly("it is paused");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> loop.resume("b"));
        assertThatExceptionOfType(NoSuchPeerException.class).isThrownBy(() -> loop.pause("third"));

        loop.resume(null);
        assertThat(loop.syncNow(null)).allMatch(SyncOutcome::success);
        assertThat(loop.paused(ScriptedPeer.SITE)).isFalse();
        loop.stop();
    }

    @Test
    void tellsListenersWhenAPeerComesAndGoes() {
        SyncLoop loop = loop(Duration.ofHours(1), server.peer());
        loop.start();
        assertThat(loop.syncNow("b").get(0).success()).isTrue();
        HttpHandler up = server.status;
        server.status = exchange -> ScriptedPeer.json(exchange, 503, "{}");
        loop.syncNow("b");
        loop.syncNow("b");
        assertThat(loop.peers().get(0).failures()).isEqualTo(2);
        server.status = exchange -> ScriptedPeer.json(exchange, 401, "{}");
        loop.syncNow("b");
        server.status = up;
        loop.syncNow("b");
        loop.pause(null);
        assertThat(events)
                .extracting(event -> ((PeerStateChangedEvent) event).state())
                .extracting(PeerState::condition, PeerState::fault)
                .containsExactly(
                        tuple(Condition.CONNECTED, null),
                        tuple(Condition.FAILING, Fault.AWAY),
                        tuple(Condition.FAILING, Fault.REFUSED),
                        tuple(Condition.CONNECTED, null),
                        tuple(Condition.PAUSED, null));
        loop.stop();
    }

    /** Each piece comes in time, and there is always one more. */
    @Test
    void aRoundWithoutEndDoesNotKeepWhoeverAskedForIt() {
        server.changes = exchange -> {
            long since = Long.parseLong(
                    ScriptedPeer.parameter(exchange.getRequestURI().getRawQuery(), "since")
                            .get(0));
            ScriptedPeer.changeset(exchange, since, since + 1, true, 1);
        };
        SyncLoop loop = new SyncLoop(
                List.of(server.peer()),
                service,
                service.cursors,
                new CloneWatch(service.identity),
                ScriptedPeer.CODEC,
                RestClient.builder(),
                null,
                new SyncSettings(
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        100,
                        Duration.ofSeconds(1),
                        1_000_000),
                events::add,
                CommitWatch.BLIND,
                null,
                ExchangeObserver.NONE);
        loop.start();
        assertThat(loop.syncNow("b").get(0).error()).isEqualTo("it has not come to an end within 5 s, and goes on");
        // Nor does it outlive a pause.
        loop.pause("b");
        await().until(() -> "it is paused".equals(loop.syncNow("b").get(0).error()));
        int asked = server.asked.size();
        loop.syncNow("b");
        assertThat(server.asked).hasSize(asked);
        loop.stop();
    }

    @Test
    void namesMustDiffer() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> loop(Duration.ofHours(1), server.peer(), server.peer()))
                .withMessage("two peers are named \"b\"");
    }

    private SyncLoop loop(Duration interval, Peer... peers) {
        return new SyncLoop(
                List.of(peers),
                service,
                service.cursors,
                new CloneWatch(service.identity),
                ScriptedPeer.CODEC,
                RestClient.builder(),
                null,
                new SyncSettings(
                        interval,
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        100,
                        Duration.ofSeconds(1),
                        1_000_000),
                events::add,
                CommitWatch.BLIND,
                null,
                ExchangeObserver.NONE);
    }
}
