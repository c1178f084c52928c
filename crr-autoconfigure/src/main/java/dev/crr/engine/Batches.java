package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prepared statements by their SQL, each with the rows waiting to be run through it. */
final class Batches implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
    private final Map<String, Integer> waiting = new LinkedHashMap<>();

    Batches(Connection connection) {
        this.connection = connection;
    }

    /** The statement to bind the next row to; {@link #added} must follow. */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    void added(String sql, PreparedStatement bound) throws SQLException {
        bound.addBatch();
        waiting.merge(sql, 1, Integer::sum);
    }

    /** Runs all waiting rows, statement by statement. Tells whether every one of them changed something. */
    boolean run() throws SQLException {
        boolean allChanged = true;
        try {
            for (String sql : waiting.keySet()) {
                for (int changed : statement(sql).executeBatch()) {
                    allChanged &= changed != 0;
                }
            }
        } finally {
            waiting.clear();
        }
        return allChanged;
    }

    /** Drops what waits, after a failure. */
    void clear() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.clearBatch();
        }
        waiting.clear();
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
    }
}
