package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Which of two changes wins, wherever two meet: in a merge, and where one of them was set aside. The larger causal length does, then
 * the larger column version, then the larger value. Of two that are equal the one that is there stays.
 */
final class Winner {

    private Winner() {}

    /** Whether a cell wins over another of the same life of its row. Values are as the column stores them. */
    static boolean wins(long colVersion, Value value, long otherColVersion, Value otherValue) {
        return colVersion > otherColVersion
                || (colVersion == otherColVersion && ValueOrder.INSTANCE.compare(value, otherValue) > 0);
    }

    /**
     * What was set aside, as far as it counts.
     *
     * @param cl its causal length
     * @param colVersion its column version
     * @param val its value as it came
     */
    record SetAside(long cl, long colVersion, Value val) {

        /**
         * Whether a change wins over this one.
         *
         * @param affinity what their column does to values, null if it is not known here
         */
        boolean losesTo(Change change, @Nullable Affinity affinity, StoredForm stored) throws SQLException {
            if (change.cl() != cl) {
                return change.cl() > cl;
            }
            return affinity == null
                    ? wins(change.colVersion(), change.val(), colVersion, val)
                    : wins(
                            change.colVersion(),
                            stored.of(change.val(), affinity),
                            colVersion,
                            stored.of(val, affinity));
        }
    }
}
