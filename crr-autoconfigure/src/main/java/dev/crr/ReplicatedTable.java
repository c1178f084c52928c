package dev.crr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that replicates.
 *
 * @param name its name
 * @param entity the name of the entity it belongs to, if there is one
 * @param key its key columns, in PRIMARY KEY clause order
 * @param columns its other replicated columns, in the order they joined
 */
public record ReplicatedTable(String name, @Nullable String entity, List<String> key, List<String> columns) {

    public ReplicatedTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }
}
