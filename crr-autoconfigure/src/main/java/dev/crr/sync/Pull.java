package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fetches what a peer has and we lack, piece by piece, until there is no more. Of one round; not thread-safe. */
final class Pull {

    private final PeerClient client;
    private final ChangesetService service;
    private final CursorStore cursors;
    private final SiteId peer;
    private final ChangeQuery scope;
    private final Batch batch;
    private final Consumer<String> skipped;
    private final @Nullable PeerRules rules;
    private boolean everything;
    private boolean rewound;
    private long pulled;

    /**
     * @param scope the tables
     * @param batch how much at once
     * @param skipped is told of rows that are too large
     * @param rules what the peer may write here, null for everything
     * @param everything whether to fetch even what we wrote ourselves, because we may have lost it
     */
    Pull(
            PeerClient client,
            ChangesetService service,
            CursorStore cursors,
            SiteId peer,
            ChangeQuery scope,
            Batch batch,
            Consumer<String> skipped,
            @Nullable PeerRules rules,
            boolean everything) {
        this.client = client;
        this.service = service;
        this.cursors = cursors;
        this.peer = peer;
        this.scope = scope;
        this.batch = batch;
        this.skipped = skipped;
        this.rules = rules;
        this.everything = everything;
    }

    void run() {
        boolean more = true;
        while (more) {
            Interruption.check();
            Cursor from = cursors.received(peer, scope.scope());
            Changeset changeset = ask(from);
            more = changeset == null || take(changeset, from);
        }
    }

    /**
     * Has the peer wait until it has something, then fetches all of it. Whatever is unusual is left to the next {@link #run}.
     *
     * @param wait how long the peer may wait
     * @param interruptible runs the request
     * @return whether there was anything
     */
    boolean listen(Duration wait, Request interruptible) {
        Cursor from = cursors.received(peer, scope.scope());
        Changeset changeset = interruptible.run(() -> client.changes(query(from), service.siteId(), wait));
        if (take(changeset, from)) {
            run();
        }
        return !changeset.changes().isEmpty();
    }

    /** Sends a request, in a way that the caller knows. */
    @FunctionalInterface
    interface Request {
        Changeset run(Supplier<Changeset> request);
    }

    /** Applies a piece; true if there is more. */
    private boolean take(Changeset changeset, Cursor from) {
        check(changeset, from);
        if (bringsNews(changeset, from)) {
            // We know what we asked for, whatever name the peer has for it; ours is the one the cursor is kept under.
            apply(changeset.in(scope.scope()));
            pulled += changeset.changes().size();
        }
        if (changeset.more() && cursors.received(peer, scope.scope()).version() <= from.version()) {
            throw new PeerException(
                    Fault.OTHER,
                    "it says there is more after version " + from.version() + ", but does not get past it");
        }
        return changeset.more();
    }

    long pulled() {
        return pulled;
    }

    private void apply(Changeset changeset) {
        long begin = System.nanoTime();
        service.applyTolerantly(changeset, rules);
        batch.applied(changeset.changes().size(), Duration.ofNanos(System.nanoTime() - begin));
    }

    /** The next piece, or null if it has to be asked for differently. */
    private @Nullable Changeset ask(Cursor from) {
        try {
            return client.changes(query(from), service.siteId());
        } catch (ChangesetTooLargeException e) {
            if (batch.isSmallest()) {
                return withoutRow(from, e);
            }
            batch.halve();
        } catch (UnknownVersionException e) {
            if (rewound) {
                throw new PeerException(
                        Fault.OTHER, "it does not know the version either that it told us to resume from", e);
            }
            // It was restored from an older copy, and numbers its changes anew from there. What it lost it gets by our
            // push; what we know of it we ask for without leaving anything out.
            rewound = true;
            everything = true;
            cursors.rewindReceived(peer, scope.scope(), e.resume(), e.resume() == 0 ? null : from.epoch());
        }
        return null;
    }

    private ChangeQuery query(Cursor from) {
        return scope.after(from.version(), from.epoch())
                .excluding(everything ? null : service.siteId())
                .limitedTo(batch.size());
    }

    /** What is left when the row is left out that we cannot take: as good as nothing, but the version to go on from. */
    private Changeset withoutRow(Cursor from, ChangesetTooLargeException failure) {
        Changeset rest = failure.rest();
        if (rest == null || rest.version() <= from.version()) {
            throw new PeerException(
                    Fault.TOO_LARGE,
                    "what comes after its version " + from.version() + " is too large, and cannot be left out: "
                            + failure.getMessage(),
                    failure);
        }
        skipped.accept("its versions " + (from.version() + 1) + " to " + rest.version() + " are not fetched: "
                + failure.getMessage());
        return rest;
    }

    private void check(Changeset changeset, Cursor from) {
        if (!changeset.siteId().equals(peer)) {
            throw new PeerException(
                    Fault.OTHER,
                    "its status is of the database " + peer + ", but its changes are of " + changeset.siteId()
                            + ": is a load balancer in between?");
        }
        if (changeset.since() != from.version()) {
            throw new PeerException(
                    Fault.OTHER,
                    "it was asked for changes since " + from.version() + ", but sent those since " + changeset.since());
        }
        if (changeset.exclude() != null && !changeset.exclude().equals(service.siteId())) {
            throw new PeerException(
                    Fault.OTHER, "it left out the changes of " + changeset.exclude() + ", which nobody asked for");
        }
    }

    private static boolean bringsNews(Changeset changeset, Cursor from) {
        return !changeset.changes().isEmpty()
                || changeset.version() != from.version()
                || !Objects.equals(changeset.epoch(), from.epoch());
    }
}
