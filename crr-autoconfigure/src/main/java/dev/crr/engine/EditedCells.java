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

    /**
     * Cells of younger rows are passed by, and nothing is looked up for them, so that they cost a step in the index of versions.
     * The scan comes to as many of them as the rows of the same piece have.
     */
    private static String sql(CrrTable table) {
        String value = table.columns().stream()
                .map(column -> "WHEN " + column.ordinal() + " THEN t." + Quoting.name(column.name()))
                .collect(Collectors.joining(" ", "CASE x.col ", " END"));
        return "SELECT i.version, x.col, x.col_version, x.site, r.__crr_cl, " + value + ", t."
                + Quoting.name(table.keyNames().get(0)) + " IS NOT NULL AND x.col_version IS NOT NULL, "
                + Quoting.names("r.", table.keyNames())
                + " FROM " + table.cellClocks() + " i LEFT JOIN " + table.cellClocks()
                + " x ON i.row <= ?1 AND x.row = i.row AND x.col = i.col LEFT JOIN " + table.rowClocks()
                + " r ON r.__crr_version = x.row LEFT JOIN " + table.quoted() + " t ON "
                + Quoting.equal("t.", "r.", table.keyNames())
                + " WHERE i.version > ?1 ORDER BY i.version";
    }

    @Override
    long version() throws SQLException {
        return cells.version();
    }

    @Override
    @Nullable RowChange advance() throws SQLException {
        ResultSet cell = cells.row();
        long version = cells.version();
        List<Change> changes = new ArrayList<>();
        RowChange.Source source = null;
        do {
            if (cell.getBoolean(7)) {
                CrrTable.Column column = columnsByOrdinal.get(cell.getInt(2));
                int site = cell.getInt(4);
                if (source == null) {
                    List<Value> key =
                            Arrays.asList(JdbcValues.read(cell, 8, table.keys().size()));
                    source = new RowChange.Source(table, key, cell.getLong(5));
                }
                if (column != null && authors.accepts(site)) {
                    Value value = JdbcValues.read(cell, 6);
                    changes.add(source.cell(column, value, cell.getLong(3), version, sites.id(site)));
                }
            }
            cells.next();
        } while (cells.version() == version);
        return source == null ? null : new RowChange(version, changes);
    }

    @Override
    public void close() throws SQLException {
        cells.close();
    }
}
