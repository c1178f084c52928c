package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
        List<Of> news = new ArrayList<>();
        for (int from = 0; from < tables.size(); from += MAX_TERMS) {
            List<CrrTable> some = tables.subList(from, Math.min(from + MAX_TERMS, tables.size()));
            try (PreparedStatement statement = connection.prepareStatement(sql(some))) {
                statement.setLong(1, version);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        news.add(new Of(some.get(row.getInt(1)), row.getBoolean(2), row.getBoolean(3)));
                    }
                }
            }
        }
        return news;
    }

    private static String sql(List<CrrTable> tables) {
        return IntStream.range(0, tables.size())
                .mapToObj(i -> "SELECT " + i + ", EXISTS (SELECT 1 FROM "
                        + tables.get(i).rowClocks() + " WHERE __crr_version > ?1), EXISTS (SELECT 1 FROM "
                        + tables.get(i).cellClocks() + " WHERE version > ?1)")
                .collect(Collectors.joining(" UNION ALL "));
    }
}
