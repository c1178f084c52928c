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

    @Override
    public void close() throws SQLException {
        if (!kept) {
            Queries.execute(connection, "ROLLBACK TO " + name);
        }
        Queries.execute(connection, "RELEASE " + name);
    }
}
