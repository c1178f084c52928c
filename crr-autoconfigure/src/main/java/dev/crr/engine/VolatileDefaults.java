package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds defaults that are not the same every time. A merge falls back on the default of a column whose cell does not come, and then every
 * instance would make a value of its own.
 */
final class VolatileDefaults {

    private static final String PROBE = "temp.crr_default_probe";

    private VolatileDefaults() {}

    /** The replicated columns that have such a default. */
    static List<CrrTable.Column> of(Connection connection, CrrTable table) throws SQLException {
        List<CrrTable.Column> found = new ArrayList<>();
        for (CrrTable.Column column : table.columns()) {
            String expression = column.defaultSql();
            if (expression != null
                    && !TriggerEdits.LITERAL.matcher(expression).matches()
                    && isVolatile(connection, expression)) {
                found.add(column);
            }
        }
        return found;
    }

    /** SQLite itself refuses such an expression in a generated column: when it is made, or when it is read. */
    private static boolean isVolatile(Connection connection, String expression) throws SQLException {
        if (expression.toLowerCase(Locale.ROOT).contains("crsql_")) {
            return true; // The same within a statement, and another in each database.
        }
        Queries.execute(connection, "DROP TABLE IF EXISTS " + PROBE);
        try {
            Queries.execute(connection, "CREATE TABLE " + PROBE + " (one, made AS (" + expression + "))");
            Queries.execute(connection, "INSERT INTO " + PROBE + " (one) VALUES (1)");
            Queries.list(connection, "SELECT made FROM " + PROBE, row -> row.getObject(1));
            return false;
        } catch (SQLException refused) {
            // Any other failure is one of the default itself, which SQLite tells whoever needs it.
            return String.valueOf(refused.getMessage()).contains("non-deterministic");
        } finally {
            Queries.execute(connection, "DROP TABLE IF EXISTS " + PROBE);
        }
    }
}
