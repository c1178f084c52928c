package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cells edited after a version in rows that are older than it. Cells of younger rows travel with {@link BornRows}. */
final class EditedCells extends TableChanges {

    private final CrrTable table;
    private final Sites sites;
    private final AuthorFilter authors;
    private final Map<Integer, CrrTable.Column> columnsByOrdinal = new HashMap<>();
    private final Scan cells;

    EditedCells(Connection connection, CrrTable table, long since, Sites sites, AuthorFilter authors)
            throws SQLException {
        this.table = table;
        this.sites = sites;
        this.authors = authors;
        table.columns().forEach(column -> columnsByOrdinal.put(column.ordinal(), column));
        cells = new Scan(connection, sql(table), since);
    }

    private static String sql(CrrTable table) {
        String value = table.columns().stream()
                .map(column -> "WHEN " + column.ordinal() + " THEN t." + Quoting.name(column.name()))
                .collect(Collectors.joining(" ", "CASE x.col ", " END"));
        // The unary plus keeps the planner from the primary key: the version index is the selective one.
        return "SELECT x.version, x.col, x.col_version, x.site, r.__crr_cl, " + value + ", "
                + Quoting.names("r.", table.keyNames())
                + " FROM " + table.cellClocks() + " x CROSS JOIN " + table.rowClocks()
                + " r ON r.__crr_version = x.row CROSS JOIN " + table.quoted() + " t ON "
                + Quoting.equal("t.", "r.", table.keyNames())
                + " WHERE x.version > ?1 AND +x.row <= ?1 AND x.col_version IS NOT NULL ORDER BY x.version";
    }

    @Override
    @Nullable RowChange advance() throws SQLException {
        if (!cells.onRow()) {
            return null;
        }
        ResultSet cell = cells.row();
        long version = cell.getLong(1);
        RowChange.Source source = new RowChange.Source(
                table, Arrays.asList(JdbcValues.read(cell, 7, table.keys().size())), cell.getLong(5));
        List<Change> changes = new ArrayList<>();
        do {
            CrrTable.Column column = columnsByOrdinal.get(cell.getInt(2));
            int site = cell.getInt(4);
            if (column != null && authors.accepts(site)) {
                Value value = JdbcValues.read(cell, 6);
                changes.add(source.cell(column, value, cell.getLong(3), version, sites.id(site)));
            }
            cells.next();
        } while (cells.onRow() && cells.row().getLong(1) == version);
        return new RowChange(version, changes);
    }

    @Override
    public void close() throws SQLException {
        cells.close();
    }
}
