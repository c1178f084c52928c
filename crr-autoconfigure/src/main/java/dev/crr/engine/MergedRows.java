package dev.crr.engine;

import dev.crr.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a table that a merge made, edited or deleted.
 *
 * @param columns the key columns, in PRIMARY KEY clause order
 * @param keys their keys; none if there were too many to keep
 * @param complete whether these are all
 * @param triggers whether triggers that are not crr's were called, which may have changed other rows anywhere
 */
public record MergedRows(List<String> columns, List<List<Value>> keys, boolean complete, boolean triggers) {

    public MergedRows {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }

    /** These and those of a later merge into the same table. */
    MergedRows plus(MergedRows later) {
        boolean all = complete && later.complete && keys.size() + later.keys.size() <= MergeTally.MAX_KEYS;
        List<List<Value>> both = new ArrayList<>();
        if (all) {
            both.addAll(keys);
            both.addAll(later.keys);
        }
        return new MergedRows(columns, both, all, triggers || later.triggers);
    }
}
