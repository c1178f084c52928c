package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes clocks and rows agree again after writes that no trigger of ours saw. */
final class Adoption {

    private Adoption() {}

    /** Gives every row that has no live clock one, as if it had been inserted now. */
    static void adoptRows(Connection connection, CrrTable table) throws SQLException {
        adoptRows(connection, table, table.quoted() + " t");
    }

    /** Gives one row a clock, if it is there and has no live one. */
    static void adoptRow(Connection connection, CrrTable table, List<Value> key) throws SQLException {
        String where = IntStream.range(0, key.size())
                .mapToObj(
                        i -> "t." + Quoting.name(table.keyNames().get(i)) + " = " + JdbcValues.placeholder(key.get(i)))
                .collect(Collectors.joining(" AND ", " AND ", ""));
        try (PreparedStatement adopt = connection.prepareStatement(adoptSql(table, table.quoted() + " t", where))) {
            JdbcValues.bind(adopt, 1, key);
            advance(connection, adopt.executeUpdate());
        }
    }

    /** Marks every row as deleted whose live clock has no row any more. */
    static void buryMissingRows(Connection connection, CrrTable table) throws SQLException {
        buryMissingRows(connection, table, table.rowClocks() + " r");
    }

    /**
     * Accounts for what was noted while coarse triggers stood in. What cells held before is not known, so a cell that was
     * assigned counts as edited; in a new column, what is not its default.
     *
     * @param before the version before this start: columns that joined since have no triggers of their own
     * @param madeAnew whether the table was made anew since: then a row that is not there need not have been deleted
     */
    static void accountForTouchedRows(Connection connection, CrrTable table, long before, boolean madeAnew)
            throws SQLException {
        // From the notes to the rows, never the other way round: there may be a few of one and millions of the other.
        String rows = touched(table, "r", table.rowClocks());
        edit(
                connection,
                table,
                rows,
                " AND c.since <= " + before + " AND EXISTS (SELECT 1 FROM " + table.touchedKeys() + " n WHERE "
                        + Quoting.equal("n.", "r.", table.keyNames()) + " AND n." + CoarseTriggers.COLUMN
                        + " IN (c.ordinal, " + CoarseTriggers.WHOLE_ROW + "))");
        for (CrrTable.Column column : table.columns()) {
            if (column.since() > before) {
                // It is not known which new columns an UPDATE meant, and a default must not compete with edits of
                // peers.
                edit(
                        connection,
                        table,
                        rows,
                        " AND c.ordinal = " + column.ordinal() + " AND EXISTS (SELECT 1 FROM " + table.quoted()
                                + " n WHERE " + Quoting.equal("n.", "r.", table.keyNames()) + " AND n."
                                + Quoting.name(column.name()) + " IS NOT " + column.standard() + ")");
            }
        }
        adoptRows(connection, table, touched(table, "t", table.quoted()));
        String deleted = madeAnew ? touched(table, "r", table.rowClocks(), CoarseTriggers.DELETED) : rows;
        buryMissingRows(connection, table, deleted);
    }

    private static String touched(CrrTable table, String alias, String rows) {
        return touched(table, alias, rows, null);
    }

    private static String touched(CrrTable table, String alias, String rows, @Nullable Integer column) {
        String which = column == null ? "" : " WHERE " + CoarseTriggers.COLUMN + " = " + column;
        return "(SELECT DISTINCT " + Quoting.names("", table.keyNames()) + " FROM " + table.touchedKeys() + which
                + ") d CROSS JOIN " + rows + " " + alias + " ON "
                + Quoting.equal("d.", alias + ".", table.keyNames());
    }

    /** Counts cells of living rows as edited; the source and the condition name the row clock {@code r} and the column {@code c}. */
    private static void edit(Connection connection, CrrTable table, String rows, String further) throws SQLException {
        if (table.columns().isEmpty()) {
            return;
        }
        Queries.update(connection, """
                INSERT INTO %1$s (row, col, col_version, version, site)
                  SELECT r.__crr_version, c.ordinal, CASE WHEN c.since <= r.__crr_version THEN 2 ELSE 1 END,
                    s.version + dense_rank() OVER (ORDER BY r.__crr_version), 0
                  FROM %2$s CROSS JOIN main.crr_state s CROSS JOIN main.crr_column c
                  WHERE r.__crr_cl & 1 AND c."table" = %3$s AND c.dropped IS NULL
                    AND EXISTS (SELECT 1 FROM %4$s t WHERE %5$s)%6$s
                  ON CONFLICT (row, col) DO UPDATE
                    SET col_version = coalesce(col_version, 0) + 1, version = excluded.version, site = 0""".formatted(
                        table.cellClocks(),
                        rows,
                        Quoting.text(table.name()),
                        table.quoted(),
                        Quoting.equal("t.", "r.", table.keyNames()),
                        further));
        takeVersions(connection, table);
    }

    /** Announces all cells of a table again, as {@link #announceAgain(Connection, CrrTable, Set)} does. */
    static void announceAgain(Connection connection, CrrTable table) throws SQLException {
        announceAgain(
                connection,
                table,
                table.columns().stream().map(CrrTable.Column::ordinal).collect(Collectors.toSet()));
    }

    /**
     * Announces what some columns hold again, as ours and under the column versions that the cells have: whoever has the same is
     * told nothing new, and whoever has another value of equal version decides once more.
     *
     * @param columns their ordinals
     */
    static void announceAgain(Connection connection, CrrTable table, Set<Integer> columns) throws SQLException {
        if (columns.isEmpty()) {
            return;
        }
        Queries.update(connection, """
                INSERT INTO %1$s (row, col, col_version, version, site)
                  SELECT r.__crr_version, c.ordinal, 1, s.version + dense_rank() OVER (ORDER BY r.__crr_version), 0
                  FROM %2$s r CROSS JOIN main.crr_state s CROSS JOIN main.crr_column c
                  WHERE r.__crr_cl & 1 AND c."table" = %3$s AND c.ordinal IN (%4$s)
                    AND (c.since <= r.__crr_version OR EXISTS (
                      SELECT 1 FROM %1$s x WHERE x.row = r.__crr_version AND x.col = c.ordinal AND x.col_version IS NOT NULL))
                    AND EXISTS (SELECT 1 FROM %5$s t WHERE %6$s)
                  ON CONFLICT (row, col) DO UPDATE SET version = excluded.version, site = 0 WHERE col_version IS NOT NULL""".formatted(
                        table.cellClocks(),
                        table.rowClocks(),
                        Quoting.text(table.name()),
                        columns.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        table.quoted(),
                        Quoting.equal("t.", "r.", table.keyNames())));
        takeVersions(connection, table);
    }

    private static void takeVersions(Connection connection, CrrTable table) throws SQLException {
        long last = Queries.number(connection, "SELECT coalesce(max(version), 0) FROM " + table.cellClocks());
        Queries.update(connection, "UPDATE main.crr_state SET version = max(version, ?)", last);
    }

    /**
     * Takes up a table again that went and returned. Nobody watched it meanwhile: its rows count as written now, and of rows
     * that are not there nothing is known.
     */
    static void takeUpAgain(Connection connection, CrrTable table) throws SQLException {
        edit(connection, table, table.rowClocks() + " r", "");
        adoptRows(connection, table);
        forgetMissingRows(connection, table);
    }

    /** Forgets the clocks of rows that are not there. They count as rows that never came, and return from any peer. */
    static int forgetMissingRows(Connection connection, CrrTable table) throws SQLException {
        String missing = "SELECT r.__crr_version FROM " + table.rowClocks() + " r WHERE " + missing(table);
        Queries.update(connection, "DELETE FROM " + table.cellClocks() + " WHERE row IN (" + missing + ")");
        return Queries.update(
                connection, "DELETE FROM " + table.rowClocks() + " WHERE __crr_version IN (" + missing + ")");
    }

    /**
     * Gives all that is known of a table's rows new versions, and leaves everything else as it is. While the table did not
     * replicate others have come past the present ones, and count as having what they were not told.
     */
    static void tellAgain(Connection connection, CrrTable table) throws SQLException {
        // What follows from the version of a row's record for its cells is to follow still.
        Queries.update(connection, """
                INSERT INTO %1$s (row, col, col_version, version, site)
                  SELECT r.__crr_version, c.ordinal, CASE WHEN c.since <= r.__crr_version THEN 1 END, r.__crr_version,
                    CASE WHEN c.since <= r.__crr_version THEN r.__crr_site ELSE 0 END
                  FROM %2$s r CROSS JOIN main.crr_column c
                  WHERE r.__crr_cl & 1 AND c."table" = ?
                    AND (c.since > r.__crr_version AND c.dropped IS NULL OR r.__crr_version BETWEEN c.since AND c.dropped)
                  ON CONFLICT DO NOTHING""".formatted(table.cellClocks(), table.rowClocks()), table.name());
        String next = """
                (SELECT __crr_version AS old,
                    (SELECT version FROM main.crr_state) + row_number() OVER (ORDER BY __crr_version) AS next
                  FROM %s) n""".formatted(table.rowClocks());
        Queries.update(
                connection,
                "UPDATE " + table.cellClocks() + " SET row = n.next, version = n.next FROM " + next
                        + " WHERE row = n.old");
        advance(
                connection,
                Queries.update(
                        connection,
                        "UPDATE " + table.rowClocks() + " SET __crr_version = n.next FROM " + next
                                + " WHERE __crr_version = n.old"));
        Relayed.noteAll(connection);
    }

    private static void adoptRows(Connection connection, CrrTable table, String rows) throws SQLException {
        advance(connection, Queries.update(connection, adoptSql(table, rows, "")));
    }

    private static String adoptSql(CrrTable table, String rows, String further) {
        return """
                INSERT INTO %1$s (__crr_version, %2$s, __crr_cl, __crr_site)
                  SELECT (SELECT version FROM main.crr_state) + row_number() OVER (ORDER BY %3$s), %3$s, %7$d, 0
                  FROM %4$s
                  WHERE NOT EXISTS (SELECT 1 FROM %1$s r WHERE %5$s AND r.__crr_cl & 1)%6$s
                  ON CONFLICT (%2$s) DO UPDATE
                    SET __crr_version = excluded.__crr_version, __crr_cl = __crr_cl + 1, __crr_site = 0""".formatted(
                        table.rowClocks(),
                        Quoting.names("", table.keyNames()),
                        Quoting.names("t.", table.keyNames()),
                        rows,
                        Quoting.equal("r.", "t.", table.keyNames()),
                        further,
                        table.firstCl());
    }

    private static void buryMissingRows(Connection connection, CrrTable table, String rows) throws SQLException {
        String missing = missing(table);
        if (!table.columns().isEmpty()) {
            Queries.update(
                    connection,
                    "DELETE FROM " + table.cellClocks() + " WHERE row IN (SELECT r.__crr_version FROM " + rows
                            + " WHERE " + missing + ")");
        }
        int buried = Queries.update(connection, """
                UPDATE %1$s SET __crr_version = n.next, __crr_cl = __crr_cl + 1, __crr_site = 0
                  FROM (SELECT r.__crr_version AS old,
                      (SELECT version FROM main.crr_state) + row_number() OVER (ORDER BY r.__crr_version) AS next
                    FROM %2$s WHERE %3$s) n
                  WHERE __crr_version = n.old""".formatted(table.rowClocks(), rows, missing));
        advance(connection, buried);
    }

    private static String missing(CrrTable table) {
        return "r.__crr_cl & 1 AND NOT EXISTS (SELECT 1 FROM " + table.quoted() + " t WHERE "
                + Quoting.equal("t.", "r.", table.keyNames()) + ")";
    }

    private static void advance(Connection connection, long versions) throws SQLException {
        if (versions > 0) {
            Queries.update(connection, "UPDATE main.crr_state SET version = version + ?", versions);
        }
    }
}
