package dev.crr.autoconfigure;

import dev.crr.sql.SqlSurface;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/** A prepared statement that lets the connection and its SQL surface know of its run. All ways to execute lead through these. */
final class SqlitePreparedStatement extends JDBC4PreparedStatement {

    private final StatementEnd end;
    private final String text;
    private final @Nullable SqlKind kind;

    SqlitePreparedStatement(SqliteConnection connection, String sql, SqlSurface surface) throws SQLException {
        super(connection, sql);
        this.end = new StatementEnd(connection, surface);
        this.text = sql;
        this.kind = connection.kindOf(sql);
    }

    @Override
    public boolean execute() throws SQLException {
        return end.of(kind, text, getQueryTimeout(), () -> super.execute());
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return end.of(kind, text, getQueryTimeout(), () -> super.executeQuery());
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return end.of(kind, text, getQueryTimeout(), () -> super.executeLargeUpdate());
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return end.of(kind, text, getQueryTimeout(), super::executeLargeBatch);
    }
}
