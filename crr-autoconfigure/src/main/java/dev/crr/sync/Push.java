package dev.crr.sync;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.Receipt;
import dev.crr.wire.RowName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a peer what we have and it lacks, piece by piece, until there is no more. Of one round; not thread-safe. */
final class Push {

    private final Route route;
    private final Epoch receiver;
    private final long everythingUpTo;
    private boolean ask;
    private boolean everything;
    private boolean owes;
    private boolean wentBack;
    private boolean cameTogether;
    private long pushed;
    private boolean lazy;
    private long nothingUpTo;

    /**
     * @param ask whether to have the peer tell what it has even if there is nothing to send
     * @param receiver the epoch in which the peer was met
     * @param everythingUpTo our version up to which to send even what the peer wrote itself, because it may have lost that, or
     *     others may have written under its name
     */
    Push(Route route, boolean ask, Epoch receiver, long everythingUpTo) {
        this.route = route;
        this.ask = ask;
        this.receiver = receiver;
        this.everythingUpTo = everythingUpTo;
    }

    /**
     * Leaves it to a later push to tell the peer how far it has come, as long as there is nothing for it.
     *
     * @param version our version up to which there is known to be nothing for the peer since it was last sent something
     */
    Push lazily(long version) {
        lazy = true;
        nothingUpTo = version;
        return this;
    }

    void run() {
        Long owed = route.cursors().owed(route.peer(), route.scopeName());
        if (owed != null) {
            // It was restored, or was taken for another. What it wrote itself it may lack as well.
            everything = true;
            owes = true;
            route.cursors().recordSent(route.peer(), route.scopeName(), new Cursor(owed, sent().epoch()));
        }
        send();
        if (owes) {
            route.cursors().settle(route.peer(), route.scopeName());
        }
    }

    private void send() {
        boolean more = true;
        while (more) {
            Interruption.check();
            Cursor sent = sent();
            Changeset changeset = read(sent);
            if (changeset == null) {
                continue;
            }
            boolean news = !changeset.changes().isEmpty() || changeset.version() > sent.version();
            // Who has nothing of us cannot have lost it.
            if (!news && (!ask || sent.version() == 0)) {
                nothingUpTo = sent.version();
                return;
            }
            // The news of a clean-up of tombstones goes out at once.
            boolean tells = changeset.horizons().stream()
                    .anyMatch(horizon -> !horizon.members().isEmpty());
            if (changeset.changes().isEmpty() && lazy && !tells) {
                nothingUpTo = changeset.version();
                return;
            }
            // Even without changes, when all of them were the peer's own: else it would be read again every time.
            MergeReport report = send(changeset);
            if (report != null) {
                ask = false;
                more = record(sent.version(), changeset, report) || changeset.more();
            }
        }
    }

    /** Our version up to which there is nothing left for the peer. */
    long nothingUpTo() {
        return nothingUpTo;
    }

    long pushed() {
        return pushed;
    }

    private Cursor sent() {
        return route.cursors().sent(route.peer(), route.scopeName());
    }

    private @Nullable Changeset read(Cursor from) {
        long sent = from.version();
        boolean all = everything || sent < everythingUpTo;
        try {
            return since(
                    from,
                    route.service()
                            .changes(
                                    route.scope()
                                            .after(all ? sent : Math.max(sent, nothingUpTo), null)
                                            .excluding(all ? null : route.peer())
                                            .limitedTo(route.batch().size()),
                                    route.rules()));
        } catch (UnknownVersionException e) {
            // Our own file is older than the cursor says.
            goBack(new Cursor(e.resume(), null), sent);
            route.cursors().recordSent(route.peer(), route.scopeName(), new Cursor(e.resume(), null));
            return null;
        }
    }

    /**
     * What was not read because nothing is there counts as read. As long as the peer has not told in which epoch it has what we sent,
     * that is our present one: if it is not, it says so.
     */
    private Changeset since(Cursor sent, Changeset changeset) {
        Epoch epoch =
                sent.epoch() == null && sent.version() > 0 ? route.service().epoch() : sent.epoch();
        return changeset.between(sent.version(), changeset.version()).continuing(epoch);
    }

    private @Nullable MergeReport send(Changeset changeset) {
        try {
            Receipt receipt = route.client().push(withinBounds(changeset), receiver);
            MergeReport report = receipt.report();
            if (!report.siteId().equals(route.peer())) {
                throw new PeerException(
                        Fault.OTHER,
                        "its status is of the database " + route.peer() + ", but the changes went to " + report.siteId()
                                + ": is a load balancer in between?");
            }
            pushed += changeset.changes().size();
            if (receipt.appliedIn() != null) {
                route.batch().applied(changeset.changes().size(), receipt.appliedIn());
            }
            return report;
        } catch (ChangesetTooLargeException e) {
            if (route.batch().isSmallest()) {
                return sendWithoutRow(changeset, e);
            }
            route.batch().halve();
            return null;
        } catch (UnknownVersionException e) {
            throw new PeerException(Fault.OTHER, "it answered a push with a conflict", e);
        }
    }

    /** A receiver refuses the whole of a changeset with a change that is out of bounds, again and again. */
    private Changeset withinBounds(Changeset changeset) {
        List<Change> within = new ArrayList<>(changeset.changes().size());
        for (Change change : changeset.changes()) {
            String fault = ChangesetBounds.fault(change);
            if (fault == null) {
                within.add(change);
            } else {
                route.skipped()
                        .accept("our version " + change.dbVersion() + ", "
                                + new RowName(change.table(), change.key()) + ", is not sent: " + fault
                                + ". Write the row under another key.");
            }
        }
        return within.size() == changeset.changes().size() ? changeset : changeset.with(within);
    }

    /** So that the peer's cursor moves past the row that it cannot take, and everything after that goes on. */
    private @Nullable MergeReport sendWithoutRow(Changeset changeset, ChangesetTooLargeException failure) {
        if (changeset.changes().isEmpty()) {
            throw new PeerException(
                    Fault.TOO_LARGE, "it finds even nothing too large: " + failure.getMessage(), failure);
        }
        MergeReport report = send(changeset.emptied());
        Change change = changeset.changes().get(0);
        route.skipped()
                .accept("our version " + changeset.version() + ", " + new RowName(change.table(), change.key())
                        + ", is not sent: " + failure.getMessage());
        return report;
    }

    /** Keeps what the peer says it has; true if that is less than we thought, so that more has to be sent. */
    private boolean record(long sent, Changeset changeset, MergeReport report) {
        // If our file was restored, the peer may have seen more of us than we have, or other changes of the same
        // numbers.
        Epoch epoch = report.receivedEpoch();
        long reached =
                epoch == null ? report.received() : route.cursors().reached(new Cursor(report.received(), epoch));
        Cursor has = new Cursor(Math.min(changeset.version(), reached), epoch);
        if (has.version() > sent) {
            route.cursors().recordSent(route.peer(), route.scopeName(), has);
            nothingUpTo = has.version();
            return has.version() < changeset.version();
        }
        if (has.version() == sent && (changeset.version() == sent || staysForAReason(has, changeset))) {
            return changeset.version() > sent;
        }
        goBack(has, sent);
        // It was restored from an older copy. What it wrote itself since then it has lost as well.
        route.cursors().owe(route.peer(), route.scopeName(), has);
        owes = true;
        everything = true;
        return true;
    }

    /** Whether the peer could not tell that the changeset continues what it has, and will if it is sent differently. */
    private boolean staysForAReason(Cursor has, Changeset changeset) {
        boolean otherEpoch = has.epoch() != null && !has.epoch().equals(changeset.sinceEpoch());
        if (otherEpoch && !cameTogether) {
            cameTogether = true;
            route.cursors().recordSent(route.peer(), route.scopeName(), has);
            return true;
        }
        if (changeset.exclude() != null) {
            // It began another epoch since we met it, and may lack what was left out.
            everything = true;
            return true;
        }
        return false;
    }

    private void goBack(Cursor to, long sent) {
        if (wentBack || to.version() == sent || to.version() < 0) {
            throw new PeerException(
                    Fault.OTHER, "it stays at our version " + to.version() + ", although it was sent what comes after");
        }
        wentBack = true;
        nothingUpTo = 0;
    }
}
