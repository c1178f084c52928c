package dev.crr.wire;

import dev.crr.Value;
import java.util.List;

/**
 * Which row something is about, for people: its string form is bounded.
 *
 * @param table its table
 * @param key its key values
 */
public record RowName(String table, List<Value> key) {

    private static final int MAX_LENGTH = 200;

    public RowName {
        key = List.copyOf(key);
    }

    @Override
    public String toString() {
        String text = "table \"" + table + "\", key " + key;
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    }
}
