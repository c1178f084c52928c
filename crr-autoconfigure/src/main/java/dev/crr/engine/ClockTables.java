package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The clocks of one table: a record per row, keyed by the version that made, deleted or revived it, and a record per cell that
 * was edited since, merged apart from its row, or is absent ({@code col_version} NULL: never written here and never received).
 * A cell without a record has column version 1 and the version and site of its row.
 *
 * <p>No constraints besides the keys: {@link TrackingTriggers} says why.
 */
final class ClockTables {

    private static final String ROWS = "__crr_row";

    private ClockTables() {}

    /** The declared type of a key column in the clocks of a table, if there are clocks. */
    static List<String> keyTypes(Connection connection, String table, String key) throws SQLException {
        return Queries.list(
                connection,
                "SELECT type FROM pragma_table_info(?, 'main') WHERE name = ? COLLATE NOCASE",
                row -> row.getString(1),
                table + ROWS,
                key);
    }

    /** Whether a table has clocks, or had them when it replicated last. */
    static boolean exist(Connection connection, String table) throws SQLException {
        return Queries.exists(
                connection,
                "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
                table + ROWS);
    }

    static void drop(Connection connection, String table) throws SQLException {
        Queries.execute(connection, "DROP TABLE IF EXISTS main." + Quoting.name(table + ROWS));
        Queries.execute(connection, "DROP TABLE IF EXISTS main." + Quoting.name(table + "__crr_cell"));
    }

    static void create(Connection connection, CrrTable table) throws SQLException {
        String keys = table.keys().stream()
                .map(key -> Quoting.name(key.name()) + " " + key.affinity().declaration())
                .collect(Collectors.joining(",\n  "));
        Queries.execute(connection, """
                CREATE TABLE IF NOT EXISTS %1$s (
                  __crr_version INTEGER PRIMARY KEY,
                  %2$s,
                  __crr_cl INTEGER,
                  __crr_site INTEGER,
                  UNIQUE (%3$s))""".formatted(table.rowClocks(), keys, Quoting.names("", table.keyNames())));
        Queries.execute(connection, """
                CREATE TABLE IF NOT EXISTS %1$s (
                  row INTEGER,
                  col INTEGER,
                  col_version INTEGER,
                  version INTEGER,
                  site INTEGER,
                  PRIMARY KEY (row, col)) WITHOUT ROWID""".formatted(table.cellClocks()));
        Queries.execute(
                connection,
                "CREATE INDEX IF NOT EXISTS main." + Quoting.name(table.name() + "__crr_cell_version") + " ON "
                        + table.bareCellClocks() + " (version)");
        // A trigger, because a DELETE that looks the row up itself is several times as dear.
        Queries.execute(connection, """
                CREATE TRIGGER IF NOT EXISTS main.%1$s AFTER UPDATE OF __crr_version ON %2$s
                BEGIN DELETE FROM %3$s WHERE row = OLD.__crr_version; END""".formatted(
                Quoting.name(table.name() + ROWS + "__crr_moved"), table.bareRowClocks(), table.bareCellClocks()));
    }
}
