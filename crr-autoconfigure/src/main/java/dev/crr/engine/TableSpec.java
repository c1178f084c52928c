package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that is to replicate.
 *
 * @param table its name, unquoted, in any case
 * @param entity the entity it belongs to, for messages and status; null if there is none
 * @param localColumns columns that stay local, unquoted, in any case
 * @param versions columns that count the edits of its rows, at most one per table; the table's own stays local too
 */
public record TableSpec(String table, @Nullable String entity, Set<String> localColumns, Set<VersionColumn> versions) {

    public TableSpec {
        localColumns = Set.copyOf(localColumns);
        versions = Set.copyOf(versions);
    }

    /**
     * A table whose edits nothing counts.
     *
     * @param table its name, unquoted, in any case
     * @param entity the entity it belongs to, for messages and status; null if there is none
     * @param localColumns columns that stay local, unquoted, in any case
     */
    public TableSpec(String table, @Nullable String entity, Set<String> localColumns) {
        this(table, entity, localColumns, Set.of());
    }

    /** Whether a column outside the key does not replicate. */
    boolean keepsLocal(String column) {
        return localColumns.stream().anyMatch(local -> SqlNames.same(local, column)) || countsIn(column);
    }

    /** Whether a column of the table counts the edits of its rows. */
    boolean countsIn(String column) {
        return versions.stream().anyMatch(version -> version.isOf(table) && SqlNames.same(version.column(), column));
    }
}
