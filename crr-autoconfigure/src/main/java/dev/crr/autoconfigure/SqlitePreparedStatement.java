package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/** A prepared statement that lets the connection's SQL surface know how it ended. All ways to execute lead through these. */
final class SqlitePreparedStatement extends JDBC4PreparedStatement {

    private final StatementEnd end;

    SqlitePreparedStatement(SqliteConnection connection, String sql, SqlSurface surface) throws SQLException {
        super(connection, sql);
        this.end = new StatementEnd(connection, surface);
    }

    @Override
    public boolean execute() throws SQLException {
        return end.of(() -> super.execute());
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return end.of(() -> super.executeQuery());
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return end.of(() -> super.executeLargeUpdate());
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return end.of(super::executeLargeBatch);
    }
}
