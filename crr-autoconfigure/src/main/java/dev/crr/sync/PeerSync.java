package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.ReplicatedTable;
import dev.crr.SiteId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges changes with one peer, a round at a time, and knows how things stand with it. Rounds must not overlap; the state may
 * be read by any thread.
 */
final class PeerSync {

    private static final int MAX_ATTEMPTS = 4;

    private final Peer peer;
    private final PeerClient client;
    private final ChangesetService service;
    private final CursorStore cursors;
    private final SyncSettings settings;
    private final PeerJournal journal;
    private final Listeners listeners;
    private final ExchangeObserver observer;
    private final PushSide pushes;

    /** Which databases gave us, in which scope, all they had since this start, ours included. */
    private final Set<Followed> recovered = ConcurrentHashMap.newKeySet();

    /** Whom the last round met, if it succeeded. */
    private volatile @Nullable Met met;

    private final CloneHealing healing;
    private final ReplicaIdentity identity;

    /** What we had heard of copies when the round began. Whoever is concerned begins anew. */
    private volatile Map<SiteId, SiteId> clones = Map.of();

    PeerSync(
            Peer peer,
            PeerClient client,
            ChangesetService service,
            CursorStore cursors,
            CloneWatch watch,
            SyncSettings settings,
            PeerJournal journal,
            Listeners listeners,
            ExchangeObserver observer) {
        this.peer = peer;
        this.client = client;
        this.service = service;
        this.cursors = cursors;
        this.settings = settings;
        this.journal = journal;
        this.identity = watch.identity();
        this.healing = new CloneHealing(watch, service, client);
        client.introduce(healing::whenAsking, healing::whenSending);
        client.holdWhile(this::isPaused);
        this.listeners = listeners;
        this.observer = observer;
        this.pushes = new PushSide(peer.name(), service, observer);
    }

    Peer peer() {
        return peer;
    }

    PeerState state() {
        return journal.state();
    }

    void pause(boolean paused) {
        journal.paused(paused);
    }

    boolean isPaused() {
        return journal.state().condition() == PeerState.Condition.PAUSED;
    }

    /** Notes when the next round is due. */
    void due(Duration pause) {
        journal.due(pause);
    }

    /** Does one round. Never fails: what went wrong is in the outcome and the state. */
    SyncOutcome round() {
        if (isPaused()) {
            return new SyncOutcome(peer.name(), 0, 0, PeerClient.PAUSED);
        }
        Progress progress = new Progress();
        String error = null;
        try {
            exchangeHealed(progress);
            journal.succeeded();
        } catch (Throwable e) { // an AssertionError of a listener, for example: it must not end all further rounds
            error = isPaused() ? PeerClient.PAUSED : Causes.message(e);
            met = null;
            if (!isPaused() && !Thread.currentThread().isInterrupted()) {
                journal.failed(e, error);
            }
        }
        return new SyncOutcome(peer.name(), progress.pulled, progress.pushed, error);
    }

    private void exchangeHealed(Progress progress) {
        for (int attempt = 1; ; attempt++) {
            try {
                exchange(progress);
                return;
            } catch (IdentityChangedException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void exchange(Progress progress) {
        SiteId own = service.siteId();
        try {
            exchange(client.status(own), progress);
        } catch (SharedSiteIdException e) {
            healing.obey(own, e);
        }
    }

    private void exchange(PeerStatus status, Progress progress) {
        journal.met(status.siteId());
        healing.meet(status);
        heedClones();
        Met now = meet(status);
        Met before = met;
        if (before != null && !before.isSame(now)) {
            met = null;
        }
        try {
            exchange(now, progress);
            met = now;
        } finally {
            note(now, status.version());
        }
    }

    private Met meet(PeerStatus status) {
        PeerRules rules = service.rules(PeerIdentity.called(peer.name(), status.siteId()));
        Set<String> ours = service.tables().stream().map(ReplicatedTable::name).collect(Collectors.toSet());
        Directions directions = Directions.between(ours, rules, status);
        if (directions.pull() == null && directions.push() == null) {
            throw new PeerException(
                    Fault.NOTHING_IN_COMMON,
                    "there is nothing to exchange: no table replicates on both sides (here " + new TreeSet<>(ours)
                            + ", there " + new TreeSet<>(status.tables()) + ")");
        }
        return new Met(status, peer.pull() ? directions.pull() : null, peer.push() ? directions.push() : null, rules);
    }

    private void exchange(Met now, Progress progress) {
        RuntimeException failure = null;
        if (now.push() != null) {
            pushes.meet(now, now.push());
        }
        try {
            service.retryChanged();
            if (now.pull() != null) {
                pull(now, now.pull(), progress);
            }
        } catch (RuntimeException e) {
            // A change that cannot be applied here is no reason to keep ours from the peer.
            failure = e;
        }
        if (now.push() != null) {
            try {
                push(now, now.push(), progress, false);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether the peer may have something new for us, so that it is worth waiting for. */
    boolean hears() {
        Met known = met;
        return known != null && known.pull() != null;
    }

    /**
     * Has the peer tell what is new to it. After a round that succeeded.
     *
     * @param wait how long the peer may wait for something
     * @param interruptible runs the request
     * @return whether there was anything
     * @throws RuntimeException if anything fails; the next round finds out what that means
     */
    boolean listen(Duration wait, Pull.Request interruptible) {
        Met known = met;
        if (known == null || known.pull() == null) {
            throw new IllegalStateException("nobody was met who tells us anything");
        }
        boolean news = pull(known, known.pull(), 0).listen(wait, interruptible);
        note(known, 0);
        journal.succeeded();
        return news;
    }

    /** Whether the peer should be sent what led to this version of ours, and cannot be expected to fetch it. */
    boolean lacks(long version) {
        Met known = met;
        return known != null
                && known.push() != null
                && pushes.mayLack(version)
                && !isPaused()
                && !listeners.contains(known.site(), known.push().scope());
    }

    /** Whether the peer was answered a moment ago, so that it is probably about to ask for more. */
    boolean asksAgainSoon() {
        Met known = met;
        return known != null
                && known.push() != null
                && listeners.wasThereLately(known.site(), known.push().scope());
    }

    /**
     * Sends what is new here, if there is anything for the peer.
     *
     * @throws RuntimeException if anything fails; the next round finds out what that means
     */
    void pushNow() {
        synchronized (pushes) { // a round that is sending may be about to meet somebody else
            Met known = met;
            if (known != null && known.push() != null && !isPaused()) {
                push(known, known.push(), new Progress(), true);
                note(known, known.status().version());
            }
        }
    }

    /** Who begins anew has as much to recover as after a start. */
    private void heedClones() {
        Map<SiteId, SiteId> now = identity.clones();
        if (!now.equals(clones)) {
            recovered.clear();
            pushes.beginAnew();
            clones = now;
        }
    }

    private void pull(Met now, ChangeQuery scope, Progress progress) {
        long lag = now.status().version()
                - cursors.received(now.site(), scope.scope()).version();
        Pull pull = pull(now, scope, lag);
        try {
            observer.pull(peer.name(), pull::run);
            recovered.add(new Followed(now.site(), scope.scope()));
        } finally {
            progress.pulled = pull.pulled();
        }
    }

    private Pull pull(Met now, ChangeQuery scope, long lag) {
        // Before this start our file may have been restored, or have lost its last writes with the power: then the peer
        // has changes of ours that we lack. They come after the cursor, which was lost with them, so this costs next to
        // nothing.
        // What a copy wrote under our site id goes by it wherever it was before the copy took another, and may still be
        // on its way.
        boolean everything =
                !recovered.contains(new Followed(now.site(), scope.scope())) || clones.containsValue(service.siteId());
        return new Pull(route(now, scope, lag), everything);
    }

    private void push(Met now, ChangeQuery scope, Progress progress, boolean lazily) {
        synchronized (pushes) { // before the cursor is read
            long lag =
                    service.version() - cursors.sent(now.site(), scope.scope()).version();
            pushes.push(now, route(now, scope, lag), clones, lazily, pushed -> progress.pushed = pushed);
        }
    }

    /**
     * @param lag how many versions there are to go
     */
    private Route route(Met now, ChangeQuery scope, long lag) {
        return new Route(
                client, service, cursors, now.site(), scope, now.rules(), Batch.of(lag, settings), journal::skipped);
    }

    /**
     * @param version the peer's version, as far as known
     */
    private void note(Met now, long version) {
        long received = now.pull() == null
                ? 0
                : cursors.received(now.site(), now.pull().scope()).version();
        long sent = now.push() == null
                ? 0
                : cursors.sent(now.site(), now.push().scope()).version();
        journal.at(received, sent, now.pull() == null ? 0 : Math.max(0, version - received));
    }

    /** What was done until the end or the failure of a round. */
    private static final class Progress {
        private long pulled;
        private long pushed;
    }
}
