package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds the clocks with anything after a version by one statement for many tables. As hardly any has, that saves most of what
 * asking again and again costs, which is to prepare statements.
 */
final class News {

    /** SQLite's limit on the terms of a compound SELECT. */
    private static final int MAX_TERMS = 500;

    private News() {}

    /**
     * What is new in a table.
     *
     * @param table the table
     * @param rows whether rows were made, deleted or revived
     * @param cells whether cells were edited
     */
    record Of(CrrTable table, boolean rows, boolean cells) {}

    static List<Of> after(long version, List<CrrTable> tables, Connection connection) throws SQLException {
        return ask(version, tables, connection, i -> sql(i, tables.get(i), "", ""));
    }

    /** The same of what was written here, in tables of which something is in quarantine. */
    static List<Of> ofHeld(long version, List<CrrTable> tables, Connection connection) throws SQLException {
        return ask(
                version,
                tables,
                connection,
                i -> sql(i, tables.get(i), " AND __crr_site = " + Sites.OWN, " AND site = " + Sites.OWN)
                        + " WHERE EXISTS (SELECT 1 FROM main.crr_quarantine WHERE \"table\" = "
                        + Quoting.text(tables.get(i).name()) + ")");
    }

    private static List<Of> ask(long version, List<CrrTable> tables, Connection connection, IntFunction<String> sql)
            throws SQLException {
        List<Of> news = new ArrayList<>();
        for (int from = 0; from < tables.size(); from += MAX_TERMS) {
            String some = IntStream.range(from, Math.min(from + MAX_TERMS, tables.size()))
                    .mapToObj(sql)
                    .collect(Collectors.joining(" UNION ALL "));
            try (PreparedStatement statement = connection.prepareStatement(some)) {
                statement.setLong(1, version);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        news.add(new Of(tables.get(row.getInt(1)), row.getBoolean(2), row.getBoolean(3)));
                    }
                }
            }
        }
        return news;
    }

    private static String sql(int index, CrrTable table, String whichRows, String whichCells) {
        return "SELECT " + index + ", EXISTS (SELECT 1 FROM " + table.rowClocks() + " WHERE __crr_version > ?1"
                + whichRows + "), EXISTS (SELECT 1 FROM " + table.cellClocks() + " WHERE version > ?1" + whichCells
                + ")";
    }
}
