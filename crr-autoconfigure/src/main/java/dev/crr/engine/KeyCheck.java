package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a key can be one of a table's, and whether a table still has the key it had. */
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

    /** Whether a table's key columns are those that are recorded of it. */
    static boolean isRecorded(Connection connection, TableShape shape) throws SQLException {
        String keys = Catalogue.keys(connection, shape);
        return Catalogue.entries(connection).stream()
                .anyMatch(entry -> SqlNames.same(entry.name(), shape.name()) && SqlNames.same(entry.keys(), keys));
    }

    /** Refuses a table whose key is not the one its clocks were made for. */
    static void requireSame(Connection connection, TableSpec spec, TableShape shape) throws SQLException {
        String keys = Catalogue.keys(connection, shape);
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (SqlNames.same(entry.name(), shape.name()) && !SqlNames.same(entry.keys(), keys)) {
                throw new InvalidTableException(List.of(new TableProblem(
                        shape.name(),
                        spec.entity(),
                        null,
                        "Its key was " + entry.keys() + " and is now " + keys + ".",
                        "Keep the key; to change it, create a table of another name and copy the rows.")));
            }
        }
        for (TableShape.ShapeColumn key : shape.keys()) {
            Affinity now = shape.affinity(key);
            for (String before : ClockTables.keyTypes(connection, shape.name(), key.name())) {
                if (now.isNumeric() != Affinity.of(before, false).isNumeric()
                        || (!now.isNumeric() && !before.equals(now.declaration()))) {
                    throw new InvalidTableException(List.of(new TableProblem(
                            shape.name(),
                            spec.entity(),
                            key.name(),
                            "Its key column held " + before + " values and now holds " + now.declaration()
                                    + " values, so that its keys are others than before.",
                            "Keep the type; to change it, create a table of another name and copy the rows.")));
                }
            }
        }
    }
}
