package dev.crr.engine;

import dev.crr.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a key can be one of a table's. */
final class KeyCheck {

    private KeyCheck() {}

    /** Why the key, as the table would store it, cannot be; null if it can. */
    static @Nullable String fault(CrrTable table, List<Value> key) {
        if (key.size() != table.keys().size()) {
            return "the key of table \"" + table.name() + "\" has "
                    + table.keys().size() + " columns, " + table.keyNames() + ", not " + key.size();
        }
        for (int i = 0; i < key.size(); i++) {
            CrrTable.Key column = table.keys().get(i);
            Value value = key.get(i);
            if (value instanceof Value.Real || value instanceof Value.Null) {
                return "key column \"" + column.name() + "\" of table \"" + table.name() + "\" cannot be " + value;
            }
            if (column.rowid() && !(value instanceof Value.Int)) {
                return "key column \"" + column.name() + "\" of table \"" + table.name() + "\" takes integers, not "
                        + value;
            }
        }
        return null;
    }
}
