package dev.crr.benchmark;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32;

/** The benchmark's table and what is done to it: uuid text key, three texts, two reals, three integers. */
final class Rows {

    static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, a TEXT, b TEXT, c TEXT, d REAL, e REAL,"
            + " f INTEGER, g INTEGER, h INTEGER)";
    static final int COLUMNS = 8;

    /** What a tracker has to remember at the least, in the form crr has found cheapest. */
    static final List<String> CLOCKS = List.of(
            "CREATE TABLE row_clock (version INTEGER PRIMARY KEY, id TEXT, cl INTEGER, site INTEGER, UNIQUE (id))",
            "CREATE TABLE cell_clock (row INTEGER, col INTEGER, col_version INTEGER, version INTEGER, site INTEGER,"
                    + " PRIMARY KEY (row, col)) WITHOUT ROWID",
            "CREATE INDEX cell_version ON cell_clock (version)");

    private static final String INSERT = "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final int BATCH = 1_000;

    private final List<String> ids = new ArrayList<>();
    private final List<Integer> shuffled = new ArrayList<>();

    Rows(int count) {
        Random random = new Random(42);
        for (int i = 0; i < count; i++) {
            ids.add(new UUID(random.nextLong(), random.nextLong()).toString());
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, random);
    }

    /** Binds row i of n to a prepared statement. */
    private interface Binder {
        void bind(PreparedStatement statement, int i) throws SQLException;
    }

    void insert(Connection connection) throws SQLException {
        batches(connection, INSERT, ids.size(), this::bindAll);
    }

    /** So many rows in one transaction. */
    void insert(Connection connection, int rowsAtOnce) throws SQLException {
        for (int from = 0; from < ids.size(); from += rowsAtOnce) {
            int first = from;
            int count = Math.min(rowsAtOnce, ids.size() - from);
            batches(connection, INSERT, count, (insert, i) -> bindAll(insert, first + i));
        }
    }

    /** Writes the clocks of {@link #insert}. */
    void insertClocks(Connection connection) throws SQLException {
        batches(connection, "INSERT INTO row_clock VALUES (?, ?, 1, 0)", ids.size(), (insert, i) -> {
            insert.setLong(1, i + 1);
            insert.setString(2, ids.get(i));
        });
    }

    /** Writes the clocks of {@link #updateOneColumn}. */
    void editClocks(Connection connection) throws SQLException {
        String sql = "INSERT INTO cell_clock SELECT version, 1, 2, ?, 0 FROM row_clock WHERE id = ?";
        batches(connection, sql, ids.size(), (edit, i) -> bindVersion(edit, ids.size() + i));
    }

    /** Writes the clocks of {@link #delete}. */
    void moveClocks(Connection connection) throws SQLException {
        String sql = "UPDATE row_clock SET version = ?, cl = 2 WHERE id = ?";
        batches(connection, sql, ids.size(), (move, i) -> bindVersion(move, 2 * ids.size() + i));
    }

    private void bindVersion(PreparedStatement statement, int before) throws SQLException {
        statement.setLong(1, before + 1);
        statement.setString(2, ids.get(shuffled.get(before % ids.size())));
    }

    /** One transaction per row, for so many rows. */
    void insertOneByOne(Connection connection, int rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int i = 0; i < rows; i++) {
                bindAll(insert, i);
                insert.executeUpdate();
            }
        }
    }

    void updateOneColumn(Connection connection) throws SQLException {
        batches(connection, "UPDATE t SET a = ? WHERE id = ?", ids.size(), (update, i) -> {
            update.setString(1, "edited " + i);
            update.setString(2, ids.get(shuffled.get(i)));
        });
    }

    /** As Hibernate does: every column is set, one of them to something new. */
    void updateAllColumns(Connection connection) throws SQLException {
        String sql = "UPDATE t SET a = ?, b = ?, c = ?, d = ?, e = ?, f = ?, g = ?, h = ? WHERE id = ?";
        batches(connection, sql, ids.size(), (update, i) -> {
            int row = shuffled.get(i);
            update.setString(1, "edited " + i);
            bindValues(update, 1, row);
            update.setString(1, "edited " + i);
            update.setString(2, "changed " + i);
            update.setString(COLUMNS + 1, ids.get(row));
        });
    }

    void delete(Connection connection) throws SQLException {
        batches(
                connection,
                "DELETE FROM t WHERE id = ?",
                ids.size(),
                (delete, i) -> delete.setString(1, ids.get(shuffled.get(i))));
    }

    /** Reads rows by key, then all of them in one scan. */
    void read(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t WHERE id = ?")) {
            for (int i = 0; i < ids.size() / 2; i++) {
                select.setString(1, ids.get(shuffled.get(i)));
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    row.getString(2);
                }
            }
        }
        contents(connection);
    }

    /** A checksum over all rows in order of their keys. */
    static long contents(Connection connection) throws SQLException {
        CRC32 sum = new CRC32();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM t ORDER BY id")) {
            while (row.next()) {
                for (int i = 1; i <= COLUMNS + 1; i++) {
                    sum.update(String.valueOf(row.getString(i)).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return sum.getValue();
    }

    private void bindAll(PreparedStatement insert, int i) throws SQLException {
        insert.setString(1, ids.get(i));
        bindValues(insert, 2, i);
    }

    private static void bindValues(PreparedStatement statement, int first, int i) throws SQLException {
        statement.setString(first, "slide " + i);
        statement.setString(first + 1, "some text of row " + i);
        statement.setString(first + 2, "kind " + i % 7);
        statement.setDouble(first + 3, i * 1.5);
        statement.setDouble(first + 4, i * 0.25);
        statement.setLong(first + 5, i);
        statement.setLong(first + 6, i % 100);
        statement.setLong(first + 7, i * 31L);
    }

    private static void batches(Connection connection, String sql, int count, Binder binder) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < count; i++) {
                binder.bind(statement, i);
                statement.addBatch();
                if (i % BATCH == BATCH - 1) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }
}
