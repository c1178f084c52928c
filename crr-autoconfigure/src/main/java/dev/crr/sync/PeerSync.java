package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.Epoch;
import dev.crr.ReplicatedTable;
import dev.crr.SiteId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges changes with one peer, a round at a time, and knows how things stand with it. Rounds must not overlap; the state may
 * be read by any thread.
 */
final class PeerSync {

    private final Peer peer;
    private final PeerClient client;
    private final ChangesetService service;
    private final CursorStore cursors;
    private final int batchSize;
    private final PeerJournal journal;
    private final ExchangeObserver observer;

    /** Which databases gave us, in which scope, all they had since this start, ours included. */
    private final Set<Followed> recovered = new HashSet<>();

    /** Which databases went back to an older state, and have not been given yet what they lost. */
    private final Set<Followed> restored = new HashSet<>();

    /** In which of their epochs databases told last how much they have of us. */
    private final Map<Followed, Epoch> asked = new HashMap<>();

    private record Followed(SiteId peer, @Nullable String scope) {}

    PeerSync(
            Peer peer,
            PeerClient client,
            ChangesetService service,
            CursorStore cursors,
            int batchSize,
            PeerJournal journal,
            ExchangeObserver observer) {
        this.peer = peer;
        this.client = client;
        this.service = service;
        this.cursors = cursors;
        this.batchSize = batchSize;
        this.journal = journal;
        this.observer = observer;
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

    /** Does one round. Never fails: what went wrong is in the outcome and the state. */
    SyncOutcome round() {
        if (journal.state().condition() == PeerState.Condition.PAUSED) {
            return new SyncOutcome(peer.name(), 0, 0, "it is paused");
        }
        Progress progress = new Progress();
        String error = null;
        try {
            exchange(progress);
            journal.succeeded();
        } catch (Throwable e) { // an AssertionError of a listener, for example: it must not end all further rounds
            error = Causes.message(e);
            if (!Thread.currentThread().isInterrupted()) {
                journal.failed(e, error);
            }
        }
        return new SyncOutcome(peer.name(), progress.pulled, progress.pushed, error);
    }

    private void exchange(Progress progress) {
        PeerStatus status = client.status();
        journal.met(status.siteId());
        requireOther(status);
        ChangeQuery scope = commonScope(status.tables());
        try {
            exchange(status, scope, progress);
        } finally {
            note(status, scope);
        }
    }

    private void exchange(PeerStatus status, ChangeQuery scope, Progress progress) {
        RuntimeException failure = null;
        if (peer.pull()) {
            try {
                pull(status.siteId(), scope, progress);
            } catch (RuntimeException e) {
                // A change that cannot be applied here is no reason to keep ours from the peer.
                failure = e;
            }
        }
        if (peer.push()) {
            try {
                push(status, scope, progress);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void pull(SiteId site, ChangeQuery scope, Progress progress) {
        Followed followed = new Followed(site, scope.scope());
        // Before this start our file may have been restored, or have lost its last writes with the power: then the peer
        // has changes of ours that we lack. They come after the cursor, which was lost with them, so this costs next to
        // nothing.
        Pull pull =
                new Pull(client, service, cursors, site, scope, new Batch(batchSize), !recovered.contains(followed));
        try {
            observer.pull(peer.name(), pull::run);
            recovered.add(followed);
        } finally {
            progress.pulled = pull.pulled();
            if (pull.rewound()) {
                restored.add(followed);
            }
        }
    }

    private void push(PeerStatus status, ChangeQuery scope, Progress progress) {
        Followed followed = new Followed(status.siteId(), scope.scope());
        // With every start it may have become an older state of itself, which nobody else may be there to notice.
        boolean ask = !status.epoch().equals(asked.get(followed));
        Push push = new Push(
                client,
                service,
                cursors,
                status.siteId(),
                scope,
                new Batch(batchSize),
                ask,
                restored.contains(followed));
        try {
            observer.push(peer.name(), push::run);
            restored.remove(followed);
            asked.put(followed, status.epoch());
        } catch (RuntimeException e) {
            if (push.everything()) {
                restored.add(followed);
            }
            throw e;
        } finally {
            progress.pushed = push.pushed();
            observer.pushed(peer.name(), push.pushed());
        }
    }

    private void requireOther(PeerStatus status) {
        if (!status.siteId().equals(service.siteId())) {
            return;
        }
        if (status.epoch().equals(service.epoch())) {
            throw new PeerException(Fault.ITSELF, "it is this application itself, and is skipped");
        }
        throw new PeerException(
                Fault.CLONE,
                "it has this database's own site id " + status.siteId()
                        + " in another epoch: one of the two files is a copy of the other, and nothing is exchanged with it");
    }

    private ChangeQuery commonScope(Set<String> theirs) {
        Set<String> ours = service.tables().stream().map(ReplicatedTable::name).collect(Collectors.toSet());
        if (ours.equals(theirs)) {
            return ChangeQuery.ALL;
        }
        Set<String> common = new TreeSet<>(ours);
        common.retainAll(theirs);
        if (common.isEmpty()) {
            throw new PeerException(
                    Fault.NOTHING_IN_COMMON,
                    "there is nothing to exchange: no table replicates on both sides (here " + new TreeSet<>(ours)
                            + ", there " + new TreeSet<>(theirs) + ")");
        }
        return ChangeQuery.ALL.onTables(common);
    }

    private void note(PeerStatus status, ChangeQuery scope) {
        long received = cursors.received(status.siteId(), scope.scope()).version();
        long sent = cursors.sent(status.siteId(), scope.scope());
        journal.at(received, sent, Math.max(0, status.version() - received));
    }

    /** What was done until the end or the failure of a round. */
    private static final class Progress {
        private long pulled;
        private long pushed;
    }
}
