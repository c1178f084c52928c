package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fetches what a peer has and we lack, piece by piece, until there is no more. Of one round; not thread-safe. */
final class Pull {

    private final PeerClient client;
    private final ChangesetService service;
    private final CursorStore cursors;
    private final SiteId peer;
    private final ChangeQuery scope;
    private final Batch batch;
    private boolean everything;
    private boolean rewound;
    private long pulled;

    /**
     * @param scope the tables
     * @param everything whether to fetch even what we wrote ourselves, because we may have lost it
     */
    Pull(
            PeerClient client,
            ChangesetService service,
            CursorStore cursors,
            SiteId peer,
            ChangeQuery scope,
            Batch batch,
            boolean everything) {
        this.client = client;
        this.service = service;
        this.cursors = cursors;
        this.peer = peer;
        this.scope = scope;
        this.batch = batch;
        this.everything = everything;
    }

    void run() {
        boolean more = true;
        while (more) {
            Interruption.check();
            Cursor from = cursors.received(peer, scope.scope());
            Changeset changeset = ask(from);
            if (changeset == null) {
                continue;
            }
            check(changeset, from);
            if (bringsNews(changeset, from)) {
                service.applyTolerantly(inOurScope(changeset));
                pulled += changeset.changes().size();
            }
            more = changeset.more();
            if (more && cursors.received(peer, scope.scope()).version() <= from.version()) {
                throw new PeerException(
                        Fault.OTHER,
                        "it says there is more after version " + from.version() + ", but does not get past it");
            }
        }
    }

    long pulled() {
        return pulled;
    }

    /** Whether the peer turned out to have been restored from an older copy. */
    boolean rewound() {
        return rewound;
    }

    /** The next piece, or null if it has to be asked for differently. */
    private @Nullable Changeset ask(Cursor from) {
        ChangeQuery query = scope.after(from.version(), from.epoch())
                .excluding(everything ? null : service.siteId())
                .limitedTo(batch.size());
        try {
            return client.changes(query, service.siteId());
        } catch (ChangesetTooLargeException e) {
            batch.shrink(e);
        } catch (UnknownVersionException e) {
            if (rewound) {
                throw new PeerException(
                        Fault.OTHER, "it does not know the version either that it told us to resume from", e);
            }
            // It was restored from an older copy, and numbers its changes anew from there. What it lost it gets by our
            // push; what we know of it we ask for without leaving anything out.
            rewound = true;
            everything = true;
            cursors.rewindReceived(peer, scope.scope(), e.resume());
        }
        return null;
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

    /** We know what we asked for, whatever name the peer has for it; ours is the one the cursor is kept under. */
    private Changeset inOurScope(Changeset changeset) {
        return new Changeset(
                changeset.siteId(),
                changeset.epoch(),
                changeset.since(),
                changeset.version(),
                changeset.exclude(),
                scope.scope(),
                changeset.more(),
                changeset.changes(),
                changeset.horizons());
    }
}
