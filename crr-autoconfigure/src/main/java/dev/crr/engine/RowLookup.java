package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads what a database has of many rows in a few statements: their clocks with their values, then the cell records. */
final class RowLookup implements AutoCloseable {

    private static final int MAX_ROWS = 512;
    private static final int SIZE_STEP = 8;

    /** SQLite's own limit on the parameters of a statement, which some builds raise. */
    private static final int MAX_PARAMETERS = 32766;

    private final Connection connection;
    private final CrrTable table;
    private final Map<Integer, PreparedStatement> rowStatements = new HashMap<>();
    private final List<PreparedStatement> prepared = new ArrayList<>();
    private final Map<Integer, Integer> columnsByOrdinal = new HashMap<>();
    private final PreparedStatement cells;

    RowLookup(Connection connection, CrrTable table) throws SQLException {
        this.connection = connection;
        this.table = table;
        for (int i = 0; i < table.columns().size(); i++) {
            columnsByOrdinal.put(table.columns().get(i).ordinal(), i);
        }
        cells = connection.prepareStatement("SELECT row, col, col_version FROM " + table.cellClocks()
                + " WHERE row IN (SELECT value FROM json_each(?))");
    }

    /** How many rows one look-up takes. */
    static int rowsAtOnce(CrrTable table) {
        int rows = MAX_ROWS;
        while (rows * table.keys().size() > MAX_PARAMETERS) {
            rows /= SIZE_STEP;
        }
        return rows;
    }

    /** What is here of each row, in the order asked. */
    LocalRow[] find(List<IncomingRow> incoming) throws SQLException {
        LocalRow[] found = new LocalRow[incoming.size()];
        Arrays.fill(found, LocalRow.unknown(table.columns().size()));
        Map<Long, LocalRow> living = new HashMap<>();
        PreparedStatement statement = rowStatement(incoming);
        int parameter = 1;
        for (IncomingRow row : incoming) {
            parameter = JdbcValues.bind(statement, parameter, row.key);
        }
        int parameters = statement.getParameterMetaData().getParameterCount();
        while (parameter <= parameters) {
            JdbcValues.bind(statement, parameter++, Value.NULL);
        }
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                LocalRow local = read(row);
                found[row.getInt(1)] = local;
                if (local.alive()) {
                    living.put(local.version, local);
                }
            }
        }
        readCells(living);
        return found;
    }

    private LocalRow read(ResultSet row) throws SQLException {
        long version = row.getLong(2);
        long cl = row.getLong(3);
        boolean gone = (cl & 1) == 1 && row.getBoolean(4);
        int width = table.columns().size();
        long[] colVersions = new long[width];
        Value[] values = new Value[width];
        if ((cl & 1) == 1 && !gone) {
            for (int i = 0; i < width; i++) {
                colVersions[i] = table.columns().get(i).since() <= version ? 1 : LocalRow.ABSENT;
                values[i] = JdbcValues.read(row, 5 + i);
            }
        }
        return new LocalRow(version, gone ? cl + 1 : cl, gone, values, colVersions);
    }

    private void readCells(Map<Long, LocalRow> living) throws SQLException {
        if (living.isEmpty() || columnsByOrdinal.isEmpty()) {
            return;
        }
        cells.setString(1, living.keySet().toString());
        try (ResultSet cell = cells.executeQuery()) {
            while (cell.next()) {
                LocalRow row = living.get(cell.getLong(1));
                Integer column = columnsByOrdinal.get(cell.getInt(2));
                if (row != null && column != null) {
                    long colVersion = cell.getLong(3);
                    row.colVersions[column] = cell.wasNull() ? LocalRow.ABSENT : colVersion;
                }
            }
        }
    }

    /** Statements come in a few sizes only; what a smaller group leaves over is bound to NULL, which is no key. */
    private PreparedStatement rowStatement(List<IncomingRow> incoming) throws SQLException {
        boolean odd = incoming.stream().anyMatch(row -> JdbcValues.anyRawText(row.key));
        if (odd) {
            return prepare(incoming.stream()
                    .map(row -> row.key.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", ")))
                    .toList());
        }
        int size = sizeFor(incoming.size());
        PreparedStatement statement = rowStatements.get(size);
        if (statement == null) {
            statement = prepare(IntStream.range(0, size)
                    .mapToObj(i -> Quoting.parameters(table.keys().size()))
                    .toList());
            rowStatements.put(size, statement);
        }
        return statement;
    }

    private static int sizeFor(int rows) {
        int size = 1;
        while (size < rows) {
            size *= SIZE_STEP;
        }
        return size;
    }

    private PreparedStatement prepare(List<String> keys) throws SQLException {
        List<String> names =
                IntStream.range(0, table.keys().size()).mapToObj(i -> "k" + i).toList();
        String values = IntStream.range(0, keys.size())
                .mapToObj(i -> "(" + i + ", " + keys.get(i) + ")")
                .collect(Collectors.joining(", "));
        String onKey = IntStream.range(0, names.size())
                .mapToObj(i -> "r." + Quoting.name(table.keyNames().get(i)) + " = q." + names.get(i))
                .collect(Collectors.joining(" AND "));
        String columns = table.columns().isEmpty() ? "" : ", " + Quoting.names("t.", table.columnNames());
        PreparedStatement statement = connection.prepareStatement("WITH q (i, " + String.join(", ", names)
                + ") AS (VALUES " + values
                + ") SELECT q.i, r.__crr_version, r.__crr_cl, t."
                + Quoting.name(table.keyNames().get(0)) + " IS NULL" + columns + " FROM q CROSS JOIN "
                + table.rowClocks() + " r ON " + onKey + " LEFT JOIN " + table.quoted() + " t ON (r.__crr_cl & 1) AND "
                + Quoting.equal("t.", "r.", table.keyNames()));
        prepared.add(statement);
        return statement;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared) {
            statement.close();
        }
        cells.close();
    }
}
