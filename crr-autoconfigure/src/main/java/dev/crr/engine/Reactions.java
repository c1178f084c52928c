package dev.crr.engine;

import dev.crr.Value;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user's triggers do to a table, and so which of their writes into merged rows count.
 *
 * <p>The values that a merge decided on stand. What triggers write into other columns of the rows is an edit made here, as it
 * would be after a local write, if it follows from a column that the merge changed, and that column does not follow from it in
 * turn. So reactions only go downwards, and come to an end after the last local write: see {@code docs/consistency.md}.
 *
 * @param triggers the triggers on the table, by name
 * @param written the columns that triggers assign, by index
 * @param consequences for each column those of {@code written} that follow from it and that it does not follow from
 * @param others what else triggers assign there: columns that do not replicate, parts of the key
 * @param lives whether triggers make, delete or rename rows there
 */
record Reactions(List<String> triggers, BitSet written, List<BitSet> consequences, Set<String> others, boolean lives) {

    static final Reactions NONE = new Reactions(List.of(), new BitSet(), List.of(), Set.of(), false);

    /** The columns into which triggers may write while these rows are merged, where the rows bring nothing for them. */
    BitSet open(Collection<MergePlan> plans) {
        BitSet open = new BitSet();
        for (MergePlan plan : plans) {
            if (plan.action == MergePlan.Action.EDIT) {
                for (int i = 0; i < plan.decided.length; i++) {
                    if (plan.decided[i] != null) {
                        open.or(consequences.get(i));
                    }
                }
            } else if (plan.action != MergePlan.Action.DELETE) {
                open.or(written);
            }
        }
        return open;
    }

    /** Whether the column of a merged row keeps its value, whatever a trigger writes. */
    static boolean stands(MergePlan plan, int column, BitSet open) {
        return plan.decided[column] != null || !open.get(column);
    }

    /** The value of a column that stands. */
    static Value standing(MergePlan plan, int column) {
        IncomingRow.@Nullable Item winner = plan.winners[column];
        return winner != null ? winner.value() : plan.local.values[column];
    }

    /** Whether the merge brings something that triggers do not write here, as far as is known. */
    boolean isNews(MergePlan plan) {
        if (plan.action != MergePlan.Action.EDIT) {
            return !lives;
        }
        for (int i = 0; i < plan.decided.length; i++) {
            if (plan.decided[i] != null && !written.get(i)) {
                return true;
            }
        }
        return false;
    }
}
