package dev.crr.sql;

import dev.crr.engine.CrrEngine;
import java.sql.Connection;
import java.sql.SQLException;

/** The write lock, also in a file where nothing replicates yet. */
final class Lock {

    private Lock() {}

    static void take(Connection connection) throws SQLException {
        try {
            CrrEngine.lock(connection);
        } catch (SQLException failure) {
            // Before the first table replicates there is nothing to lock yet.
            if (failure.getMessage() == null || !failure.getMessage().contains("no such table: main.crr_state")) {
                throw failure;
            }
        }
    }
}
