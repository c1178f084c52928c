package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tells what a column of some affinity would store for a value. Where Java cannot be sure to do as SQLite does (text that looks
 * like a number, a number that becomes text), a scratch table of the connection is asked.
 */
final class StoredForm implements AutoCloseable {

    private final Connection connection;
    private final Map<Affinity, PreparedStatement> scratch = new EnumMap<>(Affinity.class);

    StoredForm(Connection connection) {
        this.connection = connection;
    }

    Value of(Value value, Affinity affinity) throws SQLException {
        return affinity.knows(value) ? affinity.apply(value) : ask(value, affinity);
    }

    private Value ask(Value value, Affinity affinity) throws SQLException {
        PreparedStatement statement = scratch.get(affinity);
        if (statement == null) {
            String table = "temp.crr_scratch_" + affinity.declaration();
            Queries.execute(
                    connection, "CREATE TABLE IF NOT EXISTS " + table + " (value " + affinity.declaration() + ")");
            Queries.execute(
                    connection, "INSERT INTO " + table + " SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM " + table + ")");
            statement = connection.prepareStatement(
                    "UPDATE " + table + " SET value = CASE WHEN ?1 THEN CAST(?2 AS TEXT) ELSE ?2 END RETURNING value");
            scratch.put(affinity, statement);
        }
        statement.setBoolean(1, value instanceof Value.RawText);
        JdbcValues.bind(statement, 2, value);
        try (ResultSet stored = statement.executeQuery()) {
            stored.next();
            return JdbcValues.read(stored, 1);
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : scratch.values()) {
            statement.close();
        }
    }
}
