package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fetches what a peer has and we lack, piece by piece, until there is no more. Of one round; not thread-safe. */
final class Pull {

    private final Route route;
    private boolean everything;
    private boolean rewound;
    private long pulled;

    /**
     * @param everything whether to fetch even what we wrote ourselves, because we may have lost it
     */
    Pull(Route route, boolean everything) {
        this.route = route;
        this.everything = everything;
    }

    void run() {
        boolean more = true;
        while (more) {
            Interruption.check();
            Cursor from = route.cursors().received(route.peer(), route.scopeName());
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
        Cursor from = route.cursors().received(route.peer(), route.scopeName());
        Changeset changeset = interruptible.run(
                () -> route.client().changes(query(from), route.service().siteId(), wait));
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
            apply(changeset.in(route.scopeName()).continuing(from.epoch()));
            pulled += changeset.changes().size();
        }
        if (changeset.more()
                && route.cursors().received(route.peer(), route.scopeName()).version() <= from.version()) {
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
        route.service().applyTolerantly(changeset, route.rules());
        route.batch().applied(changeset.changes().size(), Duration.ofNanos(System.nanoTime() - begin));
    }

    /** The next piece, or null if it has to be asked for differently. */
    private @Nullable Changeset ask(Cursor from) {
        try {
            return route.client().changes(query(from), route.service().siteId());
        } catch (ChangesetTooLargeException e) {
            if (route.batch().isSmallest()) {
                return withoutRow(from, e);
            }
            route.batch().halve();
        } catch (UnknownVersionException e) {
            if (rewound) {
                throw new PeerException(
                        Fault.OTHER, "it does not know the version either that it told us to resume from", e);
            }
            // It was restored from an older copy, and numbers its changes anew from there. What it lost it gets by our
            // push; what we know of it we ask for without leaving anything out.
            rewound = true;
            everything = true;
            route.cursors()
                    .rewindReceived(route.peer(), route.scopeName(), e.resume(), e.resume() == 0 ? null : from.epoch());
        }
        return null;
    }

    private ChangeQuery query(Cursor from) {
        return route.scope()
                .after(from.version(), from.epoch())
                .excluding(everything ? null : route.service().siteId())
                .limitedTo(route.batch().size());
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
        route.skipped()
                .accept("its versions " + (from.version() + 1) + " to " + rest.version() + " are not fetched: "
                        + failure.getMessage());
        return rest;
    }

    private void check(Changeset changeset, Cursor from) {
        if (!changeset.siteId().equals(route.peer())) {
            throw new PeerException(
                    Fault.OTHER,
                    "its status is of the database " + route.peer() + ", but its changes are of " + changeset.siteId()
                            + ": is a load balancer in between?");
        }
        if (changeset.since() != from.version()) {
            throw new PeerException(
                    Fault.OTHER,
                    "it was asked for changes since " + from.version() + ", but sent those since " + changeset.since());
        }
        if (changeset.exclude() != null
                && !changeset.exclude().equals(route.service().siteId())) {
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
