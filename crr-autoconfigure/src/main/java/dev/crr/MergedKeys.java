package dev.crr;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a table a merge changed.
 *
 * @param columns the key columns, in PRIMARY KEY clause order
 * @param keys one key per row that was made, edited or deleted, each with a value per column: of the attribute's type where the
 *     column belongs to an identifier or collection and that type is UUID, String, Long, Integer, Short or Byte, else a Long, String
 *     or {@code byte[]} as SQLite stores it; none if they are not {@code complete}
 * @param complete whether these are all; false where the changeset changed so many rows that they were not kept
 */
public record MergedKeys(List<String> columns, List<List<Object>> keys, boolean complete) {

    public MergedKeys {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }

    /**
     * The keys of a table with one key column, which are the identifiers of its entities.
     *
     * @param <T> the type
     * @param type the identifier's type
     * @return the identifiers, none if they are not {@link #complete()}
     * @throws IllegalStateException if the key has several columns
     * @throws ClassCastException if they are of another type
     */
    public <T> List<T> ids(Class<T> type) {
        if (columns.size() != 1) {
            throw new IllegalStateException("the key has several columns: " + columns);
        }
        List<T> ids = new ArrayList<>(keys.size());
        for (List<Object> key : keys) {
            ids.add(type.cast(key.get(0)));
        }
        return ids;
    }
}
