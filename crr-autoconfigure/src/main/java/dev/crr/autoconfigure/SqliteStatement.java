package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4Statement;

/** A statement that lets the connection's SQL surface know how it ended. All ways to execute lead through these. */
final class SqliteStatement extends JDBC4Statement {

    private final StatementEnd end;

    SqliteStatement(SqliteConnection connection, SqlSurface surface) {
        super(connection);
        this.end = new StatementEnd(connection, surface);
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return end.of(() -> super.execute(sql));
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        return end.of(() -> super.executeQuery(sql));
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        return end.of(() -> super.executeLargeUpdate(sql));
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return end.of(super::executeLargeBatch);
    }
}
