package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.ProgressHandler;

/** How much SQLite does, in instructions of its machine: the same on every computer, however busy. */
final class Steps extends ProgressHandler {

    private static final int EVERY = 10;

    private long steps;

    private Steps() {}

    /** Work whose instructions are counted. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    static long of(Connection connection, Work work) throws SQLException {
        Steps counter = new Steps();
        ProgressHandler.setHandler(connection, EVERY, counter);
        try {
            work.run();
        } finally {
            ProgressHandler.clearHandler(connection);
        }
        return counter.steps;
    }

    @Override
    protected int progress() {
        steps += EVERY;
        return 0;
    }
}
