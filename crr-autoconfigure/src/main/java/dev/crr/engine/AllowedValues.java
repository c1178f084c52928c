package dev.crr.engine;

import java.util.List;

/**
 * The values that the application may write to a column.
 *
 * @param table name of the table, in any case
 * @param column name of the column, in any case
 * @param values the values as SQL literals
 */
public record AllowedValues(String table, String column, List<String> values) {

    public AllowedValues {
        values = List.copyOf(values);
    }
}
