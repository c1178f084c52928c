package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The clocks of one table: a record per row, keyed by the version that made, deleted or revived it, and a record per cell that
 * was edited since, merged apart from its row, or is absent ({@code col_version} NULL: never written here and never received).
 * A cell without a record has column version 1 and the version and site of its row.
 */
final class ClockTables {

    private static final String ROWS = "__crr_row";

    private ClockTables() {}

    /** The declared type of a key column in the clocks of a table, if there are clocks. */
    static List<String> keyTypes(Connection connection, String table, String key) throws SQLException {
        return Queries.list(
                connection,
                "SELECT type FROM pragma_table_info(?) WHERE name = ? COLLATE NOCASE",
                row -> row.getString(1),
                table + ROWS,
                key);
    }

    static void drop(Connection connection, String table) throws SQLException {
        Queries.execute(connection, "DROP TABLE IF EXISTS " + Quoting.name(table + ROWS));
        Queries.execute(connection, "DROP TABLE IF EXISTS " + Quoting.name(table + "__crr_cell"));
    }

    static void create(Connection connection, CrrTable table) throws SQLException {
        String keys = table.keys().stream()
                .map(key -> Quoting.name(key.name()) + " " + key.affinity().declaration() + " NOT NULL")
                .collect(Collectors.joining(",\n  "));
        Queries.execute(connection, """
                CREATE TABLE IF NOT EXISTS %1$s (
                  __crr_version INTEGER PRIMARY KEY,
                  %2$s,
                  __crr_cl INTEGER NOT NULL,
                  __crr_site INTEGER NOT NULL,
                  UNIQUE (%3$s))""".formatted(table.rowClocks(), keys, Quoting.names("", table.keyNames())));
        Queries.execute(connection, """
                CREATE TABLE IF NOT EXISTS %1$s (
                  row INTEGER NOT NULL,
                  col INTEGER NOT NULL,
                  col_version INTEGER,
                  version INTEGER NOT NULL,
                  site INTEGER NOT NULL,
                  PRIMARY KEY (row, col)) WITHOUT ROWID""".formatted(table.cellClocks()));
        Queries.execute(
                connection,
                "CREATE INDEX IF NOT EXISTS " + Quoting.name(table.name() + "__crr_cell_version") + " ON "
                        + table.cellClocks() + " (version)");
    }
}
