package dev.crr.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that is to replicate.
 *
 * @param table its name, unquoted, in any case
 * @param entity the entity it belongs to, for messages and status; null if there is none
 * @param localColumns columns that stay local, unquoted, in any case
 */
public record TableSpec(String table, @Nullable String entity, Set<String> localColumns) {

    public TableSpec {
        localColumns = Set.copyOf(localColumns);
    }
}
