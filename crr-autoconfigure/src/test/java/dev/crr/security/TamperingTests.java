package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Instance;
import dev.crr.PeerIdentity;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.shapes.Note;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What somebody can do who is let in and does not mean well: forged, changed and repeated requests. */
@Timeout(300)
class TamperingTests {

    private static final ChangesetCodec JSON = new ChangesetCodec(10_000);
    private static final String[] BETA = authorization("beta");

    @TempDir
    Path folder;

    private final List<Instance> instances = new ArrayList<>();

    /** Everybody may everything, but callers have cursors of their own. */
    @Configuration(proxyBeanMethods = false)
    static class Guarded {
        @Bean
        ChangePolicy everything() {
            return new ChangePolicy() {};
        }
    }

    private Instance instance(String name, Class<?>... beans) {
        Instance instance = new Instance(folder.resolve(name)).withBeans(beans);
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    private static String[] authorization(String user) {
        byte[] both = (user + ":s3cret").getBytes(StandardCharsets.UTF_8);
        return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(both)};
    }

    private static byte[] bytes(Changeset changeset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            JSON.write(changeset, out, WireFormat.JSON, NumberStyle.PLAIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static HttpResponse<String> post(Instance instance, byte[] body, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return instance.send("POST", "/changes", body, all.toArray(String[]::new));
    }

    /** Waits for a round that begins now, so that none is still under way from the start. */
    private static void round(Instance instance) {
        assertThat(instance.bean(SyncLoop.class).syncNow(null)).allMatch(SyncOutcome::success);
    }

    private static Changeset forged(SiteId site, long since, long version) {
        return new Changeset(site, null, since, version, null, null, false, List.of());
    }

    @Test
    void changedBytesAreRefusedOrMergeAsWhatTheySay() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").start(Note.class);
        b.write("one");
        b.write("two");
        byte[] honest = bytes(b.service().changes(ChangeQuery.ALL));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] changed = honest.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            assertThat(post(a, changed).statusCode())
                    .as("seed %s, round %s", seed, i)
                    .isIn(200, 400);
        }
        assertThat(a.jdbc().queryForObject("PRAGMA integrity_check", String.class))
                .isEqualTo("ok");
        assertThat(post(a, honest).statusCode()).isEqualTo(200);
    }

    @Test
    void repeatingWhatWasSentBeforeChangesNothing() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").withPeer(a).start(Note.class);
        b.write("first");
        byte[] old = bytes(b.service().changes(ChangeQuery.ALL));
        b.jdbc().update("UPDATE note SET text = 'second'");
        b.write("gone");
        byte[] older = bytes(b.service().changes(ChangeQuery.ALL));
        b.jdbc().update("DELETE FROM note WHERE text = 'gone'");
        b.syncWell();
        long version = a.service().version();
        List<TrackedPeer> cursors = a.service().trackedPeers();
        for (byte[] replayed : List.of(old, older, old)) {
            HttpResponse<String> response = post(a, replayed);
            assertThat(Instance.json(response).path("applied").asLong(-1)).isZero();
        }
        assertThat(a.texts()).containsExactly("second");
        assertThat(a.service().version()).isEqualTo(version);
        assertThat(a.service().trackedPeers()).isEqualTo(cursors);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 1_000_000, Long.MAX_VALUE})
    void nobodyHidesTheChangesOfAnotherThatWeFetch(long version) {
        Instance victim = instance("victim").start(Note.class);
        Instance a = instance("a", Guarded.class)
                .secured(BasicRecipe.class)
                .withPeer(victim, "push=false")
                .start(Note.class);
        round(a);
        for (int i = 0; i < 3; i++) {
            victim.write("note " + i);
        }
        SiteId site = victim.service().siteId();
        assertThat(post(a, bytes(forged(site, 0, version)), BETA).statusCode()).isEqualTo(200);
        round(a);
        assertThat(a.texts()).containsExactly("note 0", "note 1", "note 2");
    }

    @Test
    void nobodyHidesTheChangesOfAnotherThatItSends() {
        Instance a = instance("a", Guarded.class).secured(BasicRecipe.class).start(Note.class);
        Instance victim = instance("victim")
                .withPeer(a, "username=beta", "password=s3cret", "pull=false")
                .start(Note.class);
        round(victim);
        victim.write("before");
        assertThat(post(a, bytes(forged(victim.service().siteId(), 0, 1_000_000)), BETA)
                        .statusCode())
                .isEqualTo(200);
        // Even under the same account: what it sends is taken, wherever the cursor stands.
        round(victim);
        victim.write("after");
        round(victim);
        assertThat(a.texts()).containsExactly("after", "before");
    }

    @Test
    void nobodyAcknowledgesForAnotherThatWeSendTo() {
        Instance victim = instance("victim").start(Note.class);
        Instance a = instance("a", Guarded.class)
                .secured(BasicRecipe.class)
                .withPeer(victim, "pull=false")
                .start(Note.class);
        round(a);
        a.write("one");
        a.write("two");
        HttpResponse<String> answer =
                a.get("/changes?since=2&peer=" + victim.service().siteId(), BETA);
        assertThat(answer.statusCode()).isEqualTo(200);
        round(a);
        assertThat(victim.texts()).containsExactly("one", "two");
    }

    @Test
    void withoutAPolicyAForgedAcknowledgementDelaysAtMost() {
        Instance victim = instance("victim").start(Note.class);
        Instance a = instance("a").withPeer(victim, "pull=false").start(Note.class);
        a.write("one");
        a.get("/changes?since=1&peer=" + victim.service().siteId());
        a.write("two");
        a.syncWell();
        assertThat(victim.texts()).containsExactly("one", "two");
    }

    @Test
    void ourOwnNameMovesNoCursor() {
        Instance a = instance("a").start(Note.class);
        a.write("one");
        assertThat(post(a, bytes(forged(a.service().siteId(), 0, 1_000_000))).statusCode())
                .isIn(200, 400, 409);
        assertThat(a.get("/changes?since=1&peer=" + a.service().siteId()).statusCode())
                .isEqualTo(200);
        assertThat(a.service().trackedPeers()).isEmpty();
        assertThat(a.texts()).containsExactly("one");
    }

    @Test
    void versionsFarAheadAreSetAside() {
        Instance a = instance("a").start(Note.class);
        Instance b = instance("b").start(Note.class);
        b.write("honest");
        post(a, bytes(b.service().changes(ChangeQuery.ALL)));
        for (long[] ahead : new long[][] {{1L << 40, 1}, {1, 1L << 40}}) {
            List<Change> changes = b.service().changes(ChangeQuery.ALL).changes().stream()
                    .map(change -> new Change(
                            change.table(),
                            change.key(),
                            change.cid(),
                            change.val(),
                            change.cid().equals(Change.ROW) ? ahead[1] : ahead[0],
                            change.dbVersion(),
                            change.siteId(),
                            ahead[1],
                            change.seq()))
                    .toList();
            HttpResponse<String> response =
                    post(a, bytes(new Changeset(SiteId.random(), null, 0, 5, null, null, false, changes)));
            assertThat(Instance.json(response).path("quarantined").asLong())
                    .as(response.body())
                    .isEqualTo(changes.size());
        }
        assertThat(a.texts()).containsExactly("honest");
    }

    @Test
    void siteIdsCanBeBoundToPrincipals() {
        Instance a = instance("a", FirstUse.class).secured(BasicRecipe.class).start(Note.class);
        SiteId mine = SiteId.random();
        assertThat(post(a, bytes(forged(mine, 0, 1)), BETA).statusCode()).isEqualTo(200);
        a.bean(FirstUsePolicy.class).known.put(mine, "somebody else");
        HttpResponse<String> refused = post(a, bytes(forged(mine, 1, 2)), BETA);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .contains("does not admit caller \\\"beta\\\"")
                .contains(mine.toString());
        assertThat(a.get("/changes?peer=" + mine, BETA).statusCode()).isEqualTo(403);
        assertThat(a.get("?peer=" + mine, BETA).statusCode()).isEqualTo(403);
        assertThat(a.get("/changes", BETA).statusCode()).isEqualTo(200);
    }

    @Configuration(proxyBeanMethods = false)
    static class FirstUse {
        @Bean
        FirstUsePolicy firstUse() {
            return new FirstUsePolicy();
        }
    }

    static final class FirstUsePolicy implements ChangePolicy {
        final Map<SiteId, String> known = new HashMap<>();

        @Override
        public synchronized boolean admits(PeerIdentity peer) {
            String principal = peer.principalName();
            return peer.siteId() == null
                    || principal == null
                    || principal.equals(known.computeIfAbsent(peer.siteId(), site -> principal));
        }
    }
}
