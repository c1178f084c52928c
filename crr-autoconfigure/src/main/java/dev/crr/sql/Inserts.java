package dev.crr.sql;

import dev.crr.Change;
import dev.crr.CrrException;
import dev.crr.MalformedChangesetException;
import dev.crr.Value;
import dev.crr.engine.CrrEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the rows that one statement inserts into {@code crsql_changes}, and merges them when it is done, as one changeset. So the
 * cells of a row come together, NOT NULL columns and all; and SQLite lets nobody use savepoints before.
 */
final class Inserts {

    /** What {@code crr.sync.max-quarantined} is where no application has set it. */
    private static final int MAX_QUARANTINED = 10_000;

    private final Connection connection;
    private final CrrEngine engine = new CrrEngine(Integer.MAX_VALUE, MAX_QUARANTINED);
    private List<Change> waiting = new ArrayList<>();
    private long applied;

    Inserts(Connection connection) {
        this.connection = connection;
    }

    Value take(List<Value> row) {
        waiting.add(InsertedChange.of(row));
        return Value.NULL;
    }

    boolean waiting() {
        return !waiting.isEmpty();
    }

    void drop() {
        if (!waiting.isEmpty()) {
            waiting = new ArrayList<>();
        }
    }

    /** How many changes won since {@link #countAnew}. */
    long applied() {
        return applied;
    }

    void countAnew() {
        applied = 0;
    }

    void merge(boolean autoCommit) throws SQLException {
        List<Change> changes = waiting;
        waiting = new ArrayList<>();
        boolean done = false;
        try {
            CrrEngine.Merge merge = AllOrNothing.run(connection, autoCommit, "crsql_insert", () -> {
                Lock.take(connection);
                return engine.mergeInserted(connection, changes);
            });
            applied += merge.report().applied();
            done = true;
        } catch (MalformedChangesetException refused) {
            // All else was seen to when the rows were taken; how many values a key has, only its table tells.
            throw new SQLException(
                    "INSERT INTO crsql_changes: column pk of crsql_changes, " + refused.getMessage(), refused);
        } catch (CrrException refused) {
            throw new SQLException("INSERT INTO crsql_changes: " + refused.getMessage(), refused);
        } finally {
            if (!done) {
                drop();
            }
        }
    }
}
