package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * What is remembered of a peer from one push to the next. Rounds and what was just committed come from different threads; its monitor
 * keeps their pushes apart, and nothing else waits for it.
 */
final class PushSide {

    private final String peerName;
    private final ChangesetService service;
    private final ExchangeObserver observer;

    /** In which of their epochs databases told last how much they have of us. */
    private final Map<Followed, Epoch> asked = new ConcurrentHashMap<>();

    /** What we had when databases were first met in their present epochs: they are given all of that, theirs included. */
    private final Map<Followed, Had> had = new ConcurrentHashMap<>();

    /** Our version up to which the peer has everything, or there is nothing for it. */
    private volatile long nothingUpTo;

    /**
     * @param epoch the peer's epoch
     * @param version our version
     */
    private record Had(Epoch epoch, long version) {}

    PushSide(String peerName, ChangesetService service, ExchangeObserver observer) {
        this.peerName = peerName;
        this.service = service;
        this.observer = observer;
    }

    /** Whether there may be something for the peer in what led to this version of ours. */
    boolean mayLack(long version) {
        return version > nothingUpTo;
    }

    /** Before more comes from the peer: what it tells us from now on it has. */
    void meet(Met now, ChangeQuery scope) {
        had(now, scope);
    }

    /** Whoever is concerned by news of copies begins anew. */
    void beginAnew() {
        asked.clear();
        had.clear();
    }

    /**
     * Sends what the peer lacks.
     *
     * @param clones what we have heard of copies
     * @param lazily whether to leave it to a later push to tell the peer how far it has come, if there is nothing for it
     * @param pushed is told how much was sent, also if this fails
     */
    synchronized void push(Met now, Route route, Map<SiteId, SiteId> clones, boolean lazily, LongConsumer pushed) {
        Followed followed = new Followed(route.peer(), route.scopeName());
        // With every start it may have become an older state of itself, which nobody else may be there to notice. It
        // may
        // also have others to tell what it has not heard of copies.
        PeerStatus status = now.status();
        boolean ask = !status.epoch().equals(asked.get(followed))
                || !status.clones().keySet().containsAll(clones.keySet());
        Push push = new Push(
                route,
                ask,
                status.epoch(),
                clones.containsValue(route.peer()) ? Long.MAX_VALUE : had(now, route.scope()));
        try {
            observer.push(peerName, (lazily ? push.lazily(nothingUpTo) : push)::run);
            asked.put(followed, status.epoch());
            nothingUpTo = push.nothingUpTo();
        } finally {
            pushed.accept(push.pushed());
            observer.pushed(peerName, push.pushed());
        }
    }

    /**
     * Our version when the peer was first met in its present epoch. With every epoch it may have become an older state of itself,
     * and lack what it wrote; what comes to us later it has.
     */
    private long had(Met now, ChangeQuery scope) {
        Epoch epoch = now.status().epoch();
        return had.compute(
                        new Followed(now.site(), scope.scope()),
                        (followed, before) -> before != null && before.epoch().equals(epoch)
                                ? before
                                : new Had(epoch, service.version()))
                .version();
    }
}
