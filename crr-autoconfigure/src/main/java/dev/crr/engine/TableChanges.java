package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An ordered scan over one table's clocks that yields one {@link RowChange} at a time. */
abstract class TableChanges implements AutoCloseable {

    /** Reads the next change in order of version, null at the end. */
    abstract @Nullable RowChange advance() throws SQLException;

    @Override
    public abstract void close() throws SQLException;

    /** A statement that is executed with one number for all its parameters, and its result. */
    static final class Scan implements AutoCloseable {

        private final PreparedStatement statement;
        private final ResultSet row;
        private boolean onRow;

        Scan(Connection connection, String sql, long since) throws SQLException {
            statement = connection.prepareStatement(sql);
            statement.setLong(1, since);
            row = statement.executeQuery();
            onRow = row.next();
        }

        boolean onRow() {
            return onRow;
        }

        ResultSet row() {
            return row;
        }

        void next() throws SQLException {
            onRow = row.next();
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
