package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SiteId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What merging one row comes to: the whole of the decision table (cr-sqlite's "Writing crsql_changes"), with no SQL in it.
 *
 * <p>The larger causal length wins. At equal, odd length each cell is decided alone by the {@link Winner}. Changes that cannot be
 * applied here take no part.
 */
final class MergePlan {

    /** How far a version may be ahead of what is here, of a row that is not known here of 0. */
    private static final long MAX_JUMP = 1L << 32;

    /** So far below the bound that no number of local edits gets there, and what is stored here can always be sent. */
    private static final long MAX_VERSION = Change.VERSION_BOUND >> 1;

    /** What becomes of the row. */
    enum Action {
        /** Nothing won. */
        KEEP,
        /** Some cells of a living row won. */
        EDIT,
        /** The row comes to life. */
        CREATE,
        /** The row lives in another life than the one here: its cells start anew. */
        REVIVE,
        /** The row is deleted. */
        DELETE
    }

    final IncomingRow incoming;
    final LocalRow local;
    final Action action;

    /** The causal length that wins; that of the local row if nothing does. */
    final long cl;

    /** The winning change by column, null where none won. */
    final IncomingRow.@Nullable Item[] winners;

    /** The same before the row was taken apart to be written cell by cell. */
    final IncomingRow.@Nullable Item[] decided;

    /** What cannot be applied whatever becomes of the rest. */
    final List<Rejection> rejections;

    /** What its sender may not write, and would change something. */
    final List<IncomingRow.Item> refusals;

    /** All changes that tell of the life or death that wins. */
    final List<IncomingRow.Item> latest;

    private MergePlan(
            IncomingRow incoming,
            LocalRow local,
            Action action,
            long cl,
            IncomingRow.@Nullable Item[] winners,
            IncomingRow.@Nullable Item[] decided,
            List<IncomingRow.Item> latest,
            List<Rejection> rejections,
            List<IncomingRow.Item> refusals) {
        this.incoming = incoming;
        this.local = local;
        this.action = action;
        this.cl = cl;
        this.winners = winners;
        this.decided = decided;
        this.latest = latest;
        this.rejections = rejections;
        this.refusals = refusals;
    }

    /** Who made, revived or deleted the row: by its record, or else by the first change that tells of it. */
    SiteId author() {
        return rowRecord().orElseGet(() -> latest.get(0)).change().siteId();
    }

    /** The incoming changes that won. */
    List<IncomingRow.Item> applied() {
        List<IncomingRow.Item> applied = new ArrayList<>();
        if (action == Action.DELETE) {
            applied.add(rowRecord().orElseGet(() -> latest.get(0)));
        } else if (action != Action.EDIT) {
            rowRecord().ifPresent(applied::add);
        }
        for (IncomingRow.Item winner : winners) {
            if (winner != null) {
                applied.add(winner);
            }
        }
        return applied;
    }

    /** This edit with one of its cells only. */
    MergePlan only(int column) {
        IncomingRow.@Nullable Item[] one = new IncomingRow.Item[winners.length];
        one[column] = winners[column];
        return new MergePlan(incoming, local, action, cl, one, decided, latest, List.of(), List.of());
    }

    private Optional<IncomingRow.Item> rowRecord() {
        for (IncomingRow.Item item : latest) {
            if (item.change().isRow()) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    /** Decides. */
    static MergePlan decide(CrrTable table, IncomingRow incoming, LocalRow local) {
        List<Rejection> rejections = new ArrayList<>();
        List<IncomingRow.Item> refusals = new ArrayList<>();
        List<IncomingRow.Item> latest = new ArrayList<>();
        long cl = local.cl;
        for (IncomingRow.Item item : incoming.items) {
            if (item.change().cl() < local.cl) {
                continue;
            }
            if (isRefused(item, local)) {
                if (isNews(item, local)) {
                    refusals.add(item);
                }
                continue;
            }
            String fault = fault(table, item, local);
            if (fault != null) {
                rejections.add(new Rejection(item, fault));
                continue;
            }
            if (item.change().cl() > cl) {
                cl = item.change().cl();
                latest.clear();
            }
            if (item.change().cl() == cl) {
                latest.add(item);
            }
        }
        return decide(table, incoming, local, cl, latest, rejections, refusals);
    }

    private static MergePlan decide(
            CrrTable table,
            IncomingRow incoming,
            LocalRow local,
            long cl,
            List<IncomingRow.Item> latest,
            List<Rejection> rejections,
            List<IncomingRow.Item> refusals) {
        IncomingRow.@Nullable Item[] winners =
                new IncomingRow.Item[table.columns().size()];
        boolean anew = cl > local.cl;
        boolean alive = (cl & 1) == 1;
        if (alive) {
            for (IncomingRow.Item item : latest) {
                if (item.column() >= 0) {
                    compete(winners, item, local, anew);
                }
            }
        }
        Action action;
        if (anew) {
            action = alive ? (local.alive() ? Action.REVIVE : Action.CREATE) : Action.DELETE;
        } else {
            action = Arrays.stream(winners).anyMatch(Objects::nonNull) ? Action.EDIT : Action.KEEP;
        }
        return new MergePlan(incoming, local, action, cl, winners, winners, latest, rejections, refusals);
    }

    private static boolean isRefused(IncomingRow.Item item, LocalRow local) {
        return switch (item.verdict()) {
            case ALLOWED -> false;
            case IN_ROWS_THAT_ARE -> item.change().cl() > local.cl;
            case REFUSED -> true;
        };
    }

    /** Peers send back what they got from others: what is here already is nothing to make a case of. */
    private static boolean isNews(IncomingRow.Item item, LocalRow local) {
        Change change = item.change();
        if (change.cl() != local.cl) {
            return change.cl() > local.cl;
        }
        if (!item.isAlive() || change.isRow() || item.column() == CrrTable.DORMANT) {
            return false;
        }
        return item.column() < 0
                || Winner.wins(
                        change.colVersion(),
                        item.value(),
                        local.colVersions[item.column()],
                        local.values[item.column()]);
    }

    private static void compete(
            IncomingRow.@Nullable Item[] winners, IncomingRow.Item item, LocalRow local, boolean anew) {
        int column = item.column();
        IncomingRow.Item best = winners[column];
        long version = item.change().colVersion();
        boolean wins;
        if (best != null) {
            wins = Winner.wins(version, item.value(), best.change().colVersion(), best.value());
        } else {
            wins = anew || Winner.wins(version, item.value(), local.colVersions[column], local.values[column]);
        }
        if (wins) {
            winners[column] = item;
        }
    }

    /** Why a change cannot take part, null if it can. */
    private static @Nullable String fault(CrrTable table, IncomingRow.Item item, LocalRow local) {
        Change change = item.change();
        // New keys begin above the tombstones that were cleaned up.
        long before = local.version > 0 ? local.cl : table.firstCl() - 1;
        if (change.cl() - before > MAX_JUMP || change.cl() >= MAX_VERSION) {
            return "its causal length " + change.cl() + " is too far ahead of " + before + " to be honest";
        }
        if (change.isRow() || !item.isAlive()) {
            return null; // whichever column tells of a deletion does not matter
        }
        if (item.column() == CrrTable.DORMANT) {
            return null; // the row lives all the same
        }
        if (item.column() < 0) {
            return "the table has no replicated column of that name; is this instance on an older schema?";
        }
        long present = change.cl() == local.cl ? Math.max(local.colVersions[item.column()], 0) : 0;
        if (change.colVersion() - present > MAX_JUMP || change.colVersion() >= MAX_VERSION) {
            return "its column version " + change.colVersion() + " is too far ahead of " + present + " to be honest";
        }
        return null;
    }
}
