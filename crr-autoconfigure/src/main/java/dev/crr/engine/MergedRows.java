package dev.crr.engine;

import dev.crr.Value;
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
}
