package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SiteId;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were made, deleted or revived after a version, each with all its present cells whatever their versions, so that
 * a receiver can always build the whole row. Two scans side by side: row records with their base rows, and cell records.
 */
final class BornRows extends TableChanges {

    private final CrrTable table;
    private final Sites sites;
    private final AuthorFilter authors;
    private final Map<Integer, Integer> columnsByOrdinal = new HashMap<>();
    private final Scan rows;
    private final Scan cells;

    // The cell records of the row at hand, by column.
    private final boolean[] recorded;
    private final boolean[] present;
    private final long[] colVersions;
    private final long[] versions;
    private final int[] cellSites;

    BornRows(Connection connection, CrrTable table, long since, Sites sites, AuthorFilter authors) throws SQLException {
        this.table = table;
        this.sites = sites;
        this.authors = authors;
        int width = table.columns().size();
        for (int i = 0; i < width; i++) {
            columnsByOrdinal.put(table.columns().get(i).ordinal(), i);
        }
        recorded = new boolean[width];
        present = new boolean[width];
        colVersions = new long[width];
        versions = new long[width];
        cellSites = new int[width];
        rows = new Scan(connection, rowSql(table), since);
        cells = new Scan(
                connection,
                "SELECT row, col, col_version, version, site FROM " + table.cellClocks()
                        + " WHERE row > ? ORDER BY row, col",
                since);
    }

    private static String rowSql(CrrTable table) {
        String values = table.columns().isEmpty() ? "" : ", " + Quoting.names("t.", table.columnNames());
        return "SELECT r.__crr_version, r.__crr_cl, r.__crr_site, t."
                + Quoting.name(table.keyNames().get(0)) + " IS NULL, " + Quoting.names("r.", table.keyNames()) + values
                + " FROM " + table.rowClocks() + " r LEFT JOIN " + table.quoted() + " t ON (r.__crr_cl & 1) AND "
                + Quoting.equal("t.", "r.", table.keyNames())
                + " WHERE r.__crr_version > ? ORDER BY r.__crr_version";
    }

    @Override
    long version() throws SQLException {
        return rows.version();
    }

    @Override
    @Nullable RowChange advance() throws SQLException {
        ResultSet row = rows.row();
        long version = row.getLong(1);
        long cl = row.getLong(2);
        boolean alive = (cl & 1) == 1;
        readCells(version);
        // A live clock without a row is a deletion not accounted for yet; the next start or merge of the row does that.
        RowChange change = alive && row.getBoolean(4) ? null : read(row, version, cl, alive);
        rows.next();
        return change;
    }

    private RowChange read(ResultSet row, long version, long cl, boolean alive) throws SQLException {
        int site = row.getInt(3);
        List<Value> key = Arrays.asList(JdbcValues.read(row, 5, table.keys().size()));
        RowChange.Source source = new RowChange.Source(table, key, cl);
        SiteId author = sites.id(site);
        boolean wanted = authors.accepts(site);
        List<Change> changes = new ArrayList<>(table.columns().size() + 1);
        boolean anyPresent = false;
        for (int i = 0; alive && i < table.columns().size(); i++) {
            CrrTable.Column column = table.columns().get(i);
            boolean isPresent = recorded[i] ? present[i] : column.since() <= version;
            anyPresent |= isPresent;
            if (isPresent && (recorded[i] ? authors.accepts(cellSites[i]) : wanted)) {
                Value value = JdbcValues.read(row, 5 + table.keys().size() + i);
                changes.add(
                        recorded[i]
                                ? source.cell(column, value, colVersions[i], versions[i], sites.id(cellSites[i]))
                                : source.cell(column, value, 1, version, author));
            }
        }
        if (wanted && (cl > 1 || !anyPresent)) {
            changes.add(0, source.row(version, author));
        }
        return new RowChange(version, changes);
    }

    private void readCells(long version) throws SQLException {
        Arrays.fill(recorded, false);
        while (cells.onRow() && cells.row().getLong(1) <= version) {
            ResultSet cell = cells.row();
            Integer column = cell.getLong(1) == version ? columnsByOrdinal.get(cell.getInt(2)) : null;
            if (column != null) {
                recorded[column] = true;
                colVersions[column] = cell.getLong(3);
                present[column] = !cell.wasNull();
                versions[column] = cell.getLong(4);
                cellSites[column] = cell.getInt(5);
            }
            cells.next();
        }
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        cells.close();
    }
}
