package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An ordered scan over one table's clocks that stands at one version at a time. It never looks ahead for something to tell: what it
 * would pass by may be all there is, and belong to a later piece.
 */
abstract class TableChanges implements AutoCloseable {

    /** The version where it stands, {@link Long#MAX_VALUE} at the end. */
    abstract long version() throws SQLException;

    /** Reads the change at this version, null if it has none to tell there, and goes on to the next. */
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

        /** The number in the first column. */
        long version() throws SQLException {
            return onRow ? row.getLong(1) : Long.MAX_VALUE;
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
