package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4Statement;

/** A statement that lets the connection and its SQL surface know of its run. All ways to execute lead through these. */
final class SqliteStatement extends JDBC4Statement {

    private final SqliteConnection connection;
    private final StatementEnd end;

    SqliteStatement(SqliteConnection connection, SqlSurface surface) {
        super(connection);
        this.connection = connection;
        this.end = new StatementEnd(connection, surface);
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return end.of(connection.kindOf(sql), sql, getQueryTimeout(), () -> super.execute(sql));
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        return end.of(connection.kindOf(sql), sql, getQueryTimeout(), () -> super.executeQuery(sql));
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        // This one runs several statements, too, if they are given.
        return SqlKind.isSingle(sql)
                ? end.of(connection.kindOf(sql), sql, getQueryTimeout(), () -> super.executeLargeUpdate(sql))
                : end.of(connection.kindOf(null), null, getQueryTimeout(), () -> super.executeLargeUpdate(sql));
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return end.of(connection.kindOf(null), null, getQueryTimeout(), super::executeLargeBatch);
    }
}
