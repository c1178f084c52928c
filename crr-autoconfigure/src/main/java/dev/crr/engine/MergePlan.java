package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeNotApplicableException;
import org.jspecify.annotations.Nullable;

/**
 * What merging one row comes to: the whole of the decision table (semantics, "Writing crsql_changes"), with no SQL in it.
 *
 * <p>The larger causal length wins. At equal, odd length each cell is decided alone: the larger column version wins, then the
 * larger value; what is equal stays as it is.
 */
final class MergePlan {

    /** How far a version may be ahead of what a row known here has. */
    private static final long MAX_JUMP = 1L << 32;

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

    /** The winning change by column, null where none won. */
    final IncomingRow.@Nullable Cell[] winners;

    private final int applied;

    private MergePlan(
            IncomingRow incoming,
            LocalRow local,
            Action action,
            IncomingRow.@Nullable Cell[] winners,
            boolean rowApplied) {
        this.incoming = incoming;
        this.local = local;
        this.action = action;
        this.winners = winners;
        int count = rowApplied ? 1 : 0;
        for (IncomingRow.Cell winner : winners) {
            count += winner == null ? 0 : 1;
        }
        this.applied = count;
    }

    /** How many of the incoming changes won. */
    int applied() {
        return applied;
    }

    /**
     * Decides.
     *
     * @throws ChangeNotApplicableException if a change that counts cannot be applied to this table
     */
    static MergePlan decide(CrrTable table, IncomingRow incoming, LocalRow local) {
        IncomingRow.@Nullable Cell[] none = new IncomingRow.Cell[table.columns().size()];
        if (incoming.cl() < local.cl || (incoming.cl() == local.cl && !local.alive())) {
            return new MergePlan(incoming, local, Action.KEEP, none, false);
        }
        checkJump(incoming.sample(), incoming.cl(), local, local.cl, "causal length");
        if (!incoming.alive()) {
            return new MergePlan(incoming, local, Action.DELETE, none, true);
        }
        Change unknown = incoming.unknownColumn();
        if (unknown != null) {
            throw new ChangeNotApplicableException(
                    unknown,
                    "the table has no replicated column of that name. Is this instance on an older schema?",
                    null);
        }
        boolean anew = incoming.cl() > local.cl;
        IncomingRow.@Nullable Cell[] winners = winners(table, incoming, local, anew);
        if (anew) {
            Action action = local.alive() ? Action.REVIVE : Action.CREATE;
            return new MergePlan(incoming, local, action, winners, incoming.hasRowRecord());
        }
        MergePlan edit = new MergePlan(incoming, local, Action.EDIT, winners, false);
        return edit.applied == 0 ? new MergePlan(incoming, local, Action.KEEP, none, false) : edit;
    }

    private static IncomingRow.@Nullable Cell[] winners(
            CrrTable table, IncomingRow incoming, LocalRow local, boolean anew) {
        IncomingRow.@Nullable Cell[] winners =
                new IncomingRow.Cell[table.columns().size()];
        for (IncomingRow.Cell cell : incoming.cells) {
            int column = cell.column();
            IncomingRow.Cell best = winners[column];
            long version = cell.change().colVersion();
            boolean wins;
            if (best != null) {
                long bestVersion = best.change().colVersion();
                wins = version > bestVersion
                        || (version == bestVersion && ValueOrder.INSTANCE.compare(cell.value(), best.value()) > 0);
            } else if (anew) {
                wins = true;
            } else {
                long present = local.colVersions[column];
                checkJump(cell.change(), version, local, Math.max(present, 0), "column version");
                wins = version > present
                        || (version == present && ValueOrder.INSTANCE.compare(cell.value(), local.values[column]) > 0);
            }
            winners[column] = wins ? cell : best;
        }
        return winners;
    }

    private static void checkJump(Change change, long incoming, LocalRow local, long present, String what) {
        if (local.version > 0 && incoming - present > MAX_JUMP) {
            throw new ChangeNotApplicableException(
                    change, "its " + what + " " + incoming + " is too far ahead of " + present + " to be honest", null);
        }
    }
}
