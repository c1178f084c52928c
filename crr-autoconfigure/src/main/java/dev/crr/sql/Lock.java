package dev.crr.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The write lock. Taken first in a transaction, it is waited for; but a transaction that has read cannot write any more once another
 * has.
 */
final class Lock {

    private Lock() {}

    static void take(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE crr_state SET version = version WHERE 0");
        } catch (SQLException failure) {
            // Before the first table replicates there is nothing to lock yet.
            if (failure.getMessage() == null || !failure.getMessage().contains("no such table: crr_state")) {
                throw failure;
            }
        }
    }
}
