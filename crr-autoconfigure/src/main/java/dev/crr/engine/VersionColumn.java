package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A column that counts the edits of a row for optimistic locking. It does not replicate: each database counts its own writes as
 * they come, and one more for each merge into the row.
 *
 * @param table the table it is in, unquoted, in any case: that of the rows that count, or one with rows they belong to, as those of
 *     a collection belong to its owner's
 * @param column its name, unquoted, in any case
 * @param max the largest number it takes; after that it begins at 0 again
 * @param keys by key column of the table whose rows count, the column of {@code table} that has the same value
 */
public record VersionColumn(String table, String column, long max, Map<String, String> keys) {

    public VersionColumn {
        table = SqlNames.fold(table);
        column = SqlNames.fold(column);
        Map<String, String> names = new TreeMap<>();
        keys.forEach((from, to) -> names.put(SqlNames.fold(from), SqlNames.fold(to)));
        keys = Collections.unmodifiableMap(names);
    }

    /** Whether the rows of a table count in that table itself. */
    boolean isOf(String counted) {
        return SqlNames.same(table, counted);
    }

    /** The assignment that counts one more. */
    String increment() {
        String name = Quoting.name(column);
        return name + " = CASE WHEN " + name + " < " + max + " THEN " + name + " + 1 ELSE 0 END";
    }
}
