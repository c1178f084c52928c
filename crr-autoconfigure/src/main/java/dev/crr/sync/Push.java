package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import org.jspecify.annotations.Nullable;

/** Sends a peer what we have and it lacks, piece by piece, until there is no more. Of one round; not thread-safe. */
final class Push {

    private final PeerClient client;
    private final ChangesetService service;
    private final CursorStore cursors;
    private final SiteId peer;
    private final ChangeQuery scope;
    private final Batch batch;
    private boolean ask;
    private boolean everything;
    private boolean wentBack;
    private long pushed;

    /**
     * @param scope the tables
     * @param ask whether to have the peer tell what it has even if there is nothing to send
     * @param everything whether to send even what the peer wrote itself, because it has lost it
     */
    Push(
            PeerClient client,
            ChangesetService service,
            CursorStore cursors,
            SiteId peer,
            ChangeQuery scope,
            Batch batch,
            boolean ask,
            boolean everything) {
        this.client = client;
        this.service = service;
        this.cursors = cursors;
        this.peer = peer;
        this.scope = scope;
        this.batch = batch;
        this.ask = ask;
        this.everything = everything;
    }

    void run() {
        boolean more = true;
        while (more) {
            Interruption.check();
            long sent = cursors.sent(peer, scope.scope());
            Changeset changeset = read(sent);
            if (changeset == null) {
                continue;
            }
            boolean news = !changeset.changes().isEmpty() || changeset.version() > sent;
            // Who has nothing of us cannot have lost it.
            if (!news && (!ask || sent == 0)) {
                return;
            }
            // Even without changes, when all of them were the peer's own: else it would be read again every time.
            MergeReport report = send(changeset);
            if (report != null) {
                ask = false;
                more = record(sent, changeset, report) || changeset.more();
            }
        }
    }

    long pushed() {
        return pushed;
    }

    /** Whether the peer was to get, or turned out to need, even what it wrote itself. */
    boolean everything() {
        return everything;
    }

    private @Nullable Changeset read(long sent) {
        try {
            return service.changes(
                    scope.after(sent, null).excluding(everything ? null : peer).limitedTo(batch.size()));
        } catch (UnknownVersionException e) {
            // Our own file is older than the cursor says.
            goBack(e.resume(), sent);
            return null;
        }
    }

    private @Nullable MergeReport send(Changeset changeset) {
        try {
            MergeReport report = client.push(changeset);
            if (!report.siteId().equals(peer)) {
                throw new PeerException(
                        Fault.OTHER,
                        "its status is of the database " + peer + ", but the changes went to " + report.siteId()
                                + ": is a load balancer in between?");
            }
            pushed += changeset.changes().size();
            return report;
        } catch (ChangesetTooLargeException e) {
            batch.shrink(e);
            return null;
        } catch (UnknownVersionException e) {
            throw new PeerException(Fault.OTHER, "it answered a push with a conflict", e);
        }
    }

    /** Keeps what the peer says it has; true if that is less than we thought, so that more has to be sent. */
    private boolean record(long sent, Changeset changeset, MergeReport report) {
        // It may have seen more of us than we have, if our file was restored; what we have now it has not seen then.
        long has = Math.min(changeset.version(), report.received());
        if (has > sent) {
            cursors.recordSent(peer, scope.scope(), has);
            return has < changeset.version();
        }
        if (has == sent && changeset.version() == sent) {
            return false;
        }
        goBack(has, sent);
        // It was restored from an older copy. What it wrote itself since then it has lost as well.
        everything = true;
        return true;
    }

    private void goBack(long version, long sent) {
        if (wentBack || version == sent || version < 0) {
            throw new PeerException(
                    Fault.OTHER, "it stays at our version " + version + ", although it was sent what comes after");
        }
        wentBack = true;
        cursors.recordSent(peer, scope.scope(), version);
    }
}
