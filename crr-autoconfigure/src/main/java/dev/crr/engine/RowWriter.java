package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes merged rows into the application's table, batched by statement. */
final class RowWriter implements AutoCloseable {

    private final CrrTable table;
    private final Batches writes;
    private final Batches deletes;

    /**
     * With OR FAIL SQLite need not be ready to take a half done statement back, which saves it a copy of every page: after any
     * failure we go back to a savepoint. Not where it would replace the conflict clauses in a user's triggers.
     */
    private final String onConflict;

    RowWriter(Connection connection, CrrTable table) {
        this.table = table;
        this.writes = new Batches(connection);
        this.deletes = new Batches(connection);
        this.onConflict = table.userTriggers() ? "" : " OR FAIL";
    }

    /** Queues what becomes of the row. */
    void add(MergePlan plan) throws SQLException {
        switch (plan.action) {
            case CREATE -> insert(plan);
            case EDIT -> update(plan, false);
            case REVIVE -> update(plan, true);
            case DELETE -> delete(plan);
            case KEEP -> {}
        }
    }

    /** Runs the queued inserts and updates; false if one of them did nothing, as when a user's trigger says RAISE(IGNORE). */
    boolean write() throws SQLException {
        return writes.run();
    }

    /** Runs the queued deletes. */
    void delete() throws SQLException {
        deletes.run();
    }

    void clear() throws SQLException {
        writes.clear();
        deletes.clear();
    }

    private void insert(MergePlan plan) throws SQLException {
        List<String> names = new ArrayList<>(table.keyNames());
        List<Value> values = new ArrayList<>(plan.incoming.key);
        for (IncomingRow.Item cell : plan.winners) {
            if (cell != null) {
                names.add(table.columns().get(cell.column()).name());
                values.add(cell.value());
            }
        }
        add(
                writes,
                "INSERT" + onConflict + " INTO " + table.quoted() + " (" + Quoting.names("", names) + ") VALUES ("
                        + values.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", ")) + ")",
                values);
    }

    private void update(MergePlan plan, boolean resetOthers) throws SQLException {
        List<String> assignments = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < plan.winners.length; i++) {
            IncomingRow.Item cell = plan.winners[i];
            CrrTable.Column column = table.columns().get(i);
            if (cell != null) {
                assignments.add(Quoting.name(column.name()) + " = " + JdbcValues.placeholder(cell.value()));
                values.add(cell.value());
            } else if (resetOthers && (column.defaultSql() != null || !column.notNull())) {
                // A NOT NULL column without a default keeps its value until its cell comes.
                assignments.add(Quoting.name(column.name()) + " = ("
                        + (column.defaultSql() == null ? "NULL" : column.defaultSql()) + ")");
            }
        }
        if (!assignments.isEmpty()) {
            values.addAll(plan.incoming.key);
            add(
                    writes,
                    "UPDATE" + onConflict + " " + table.quoted() + " SET " + String.join(", ", assignments)
                            + where(plan),
                    values);
        }
    }

    private void delete(MergePlan plan) throws SQLException {
        add(deletes, "DELETE FROM " + table.quoted() + where(plan), plan.incoming.key);
    }

    private String where(MergePlan plan) {
        return " WHERE " + JdbcValues.equal(table.keyNames(), plan.incoming.key);
    }

    private static void add(Batches batches, String sql, List<Value> values) throws SQLException {
        PreparedStatement statement = batches.statement(sql);
        JdbcValues.bind(statement, 1, values);
        batches.added(sql, statement);
    }

    @Override
    public void close() throws SQLException {
        writes.close();
        deletes.close();
    }
}
