package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;

/** Undoes what follows unless it is told to keep it. */
final class Savepoint implements AutoCloseable {

    private final Connection connection;
    private final String name;
    private boolean kept;

    Savepoint(Connection connection, String name) throws SQLException {
        this.connection = connection;
        this.name = name;
        Queries.execute(connection, "SAVEPOINT " + name);
    }

    void keep() {
        kept = true;
    }

    /** Undoes what was done since, and goes on from there. */
    void rollback() throws SQLException {
        Queries.execute(connection, "ROLLBACK TO " + name);
    }

    @Override
    public void close() throws SQLException {
        if (!kept) {
            rollback();
        }
        Queries.execute(connection, "RELEASE " + name);
    }
}
