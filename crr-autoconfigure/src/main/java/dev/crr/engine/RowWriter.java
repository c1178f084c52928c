package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes merged rows into the application's table, batched by statement. */
final class RowWriter implements AutoCloseable {

    /** So many sets of columns have statements of their own: SQLite prepares each with all triggers of the table. */
    private static final int MAX_SETS = 16;

    private static final int NOT_GIVEN = 0;
    private static final int GIVEN = 1;
    private static final int GIVEN_AS_RAW_TEXT = 2;

    private final CrrTable table;
    private final Batches writes;
    private final Batches deletes;

    /** Stays local: every merge into a row counts as one edit here, in the statement that writes it. */
    private final @Nullable VersionColumn version;

    private final OwnerVersions owners;
    private final Map<BitSet, String> inserts = new HashMap<>();
    private final Map<BitSet, String> updates = new HashMap<>();
    private final Map<BitSet, String> revivals = new HashMap<>();

    /**
     * With OR FAIL SQLite need not be ready to take a half done statement back, which saves it a copy of every page: after any
     * failure we go back to a savepoint. Not where it would replace the conflict clauses in a user's triggers.
     */
    private final String onConflict;

    RowWriter(Connection connection, CrrTable table) {
        this.table = table;
        this.writes = new Batches(connection);
        this.deletes = new Batches(connection);
        this.version = table.ownVersion();
        this.owners = new OwnerVersions(connection, table);
        this.onConflict = table.userTriggers() ? "" : " OR FAIL";
    }

    /**
     * Queues what becomes of the row.
     *
     * @param exactly whether to name no other columns than those that are written: a constraint or a user's trigger may make a
     *     difference between a column that is not written and one that stays as it is
     */
    void add(MergePlan plan, boolean exactly) throws SQLException {
        switch (plan.action) {
            case CREATE -> insert(plan, exactly);
            case EDIT -> update(plan, false, exactly);
            case REVIVE -> update(plan, true, exactly);
            case DELETE -> delete(plan);
            case KEEP -> {}
        }
        owners.add(plan);
    }

    /** Runs the queued inserts and updates; false if one of them did nothing, as when a user's trigger says RAISE(IGNORE). */
    boolean write() throws SQLException {
        return writes.run();
    }

    /** Lets the owners of the rows count them, if there are any. */
    void countInOwners() throws SQLException {
        owners.write();
    }

    /** Runs the queued deletes. */
    void delete() throws SQLException {
        deletes.run();
    }

    void clear() throws SQLException {
        writes.clear();
        deletes.clear();
        owners.clear();
    }

    private void insert(MergePlan plan, boolean exactly) throws SQLException {
        List<Value> values = new ArrayList<>(plan.incoming.key);
        BitSet columns = addWinners(plan, values);
        if (exactly || isWrittenExactly(inserts, columns, values)) {
            add(writes, sql(inserts, columns, values, () -> insertSql(columns, values)), values);
        } else {
            addAny(anyInsertSql(plan.incoming.key), plan);
        }
    }

    private boolean isWrittenExactly(Map<BitSet, String> known, BitSet columns, List<Value> values) {
        return table.userTriggers()
                || table.columns().isEmpty()
                || (!JdbcValues.anyRawText(values) && (known.size() < MAX_SETS || known.containsKey(columns)));
    }

    /** Whatever columns are given: each has a number that tells, and a value. The key comes last. */
    private void addAny(String sql, MergePlan plan) throws SQLException {
        PreparedStatement statement = writes.statement(sql);
        int parameter = 1;
        for (IncomingRow.Item winner : plan.winners) {
            Value value = winner == null ? Value.NULL : winner.value();
            statement.setInt(
                    parameter++,
                    winner == null ? NOT_GIVEN : value instanceof Value.RawText ? GIVEN_AS_RAW_TEXT : GIVEN);
            JdbcValues.bind(statement, parameter++, value);
        }
        JdbcValues.bind(statement, parameter, plan.incoming.key);
        writes.added(sql, statement);
    }

    private static String givenOr(int index, String otherwise) {
        int flag = 2 * index + 1;
        return "CASE ?" + flag + " WHEN " + GIVEN + " THEN ?" + (flag + 1) + " WHEN " + GIVEN_AS_RAW_TEXT
                + " THEN CAST(?" + (flag + 1) + " AS TEXT) ELSE " + otherwise + " END";
    }

    private String anyInsertSql(List<Value> key) {
        List<String> names = new ArrayList<>(table.columnNames());
        List<String> values = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            values.add(givenOr(i, table.columns().get(i).standard()));
        }
        names.addAll(table.keyNames());
        key.forEach(value -> values.add(JdbcValues.placeholder(value)));
        if (version != null) {
            names.add(version.column());
            values.add("0");
        }
        return "INSERT" + onConflict + " INTO " + table.quoted() + " (" + Quoting.names("", names) + ") VALUES ("
                + String.join(", ", values) + ")";
    }

    private String anyUpdateSql(List<Value> key, boolean resetOthers) {
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            CrrTable.Column column = table.columns().get(i);
            String name = Quoting.name(column.name());
            boolean resets = resetOthers && isReset(column);
            assignments.add(name + " = " + givenOr(i, resets ? column.standard() : name));
        }
        if (version != null) {
            assignments.add(version.increment());
        }
        return "UPDATE" + onConflict + " " + table.quoted() + " SET " + String.join(", ", assignments) + where(key);
    }

    /** A NOT NULL column without a default keeps its value until its cell comes. */
    private static boolean isReset(CrrTable.Column column) {
        return column.defaultSql() != null || !column.notNull();
    }

    private String insertSql(BitSet columns, List<Value> values) {
        List<String> names = new ArrayList<>(table.keyNames());
        columns.stream().forEach(i -> names.add(table.columns().get(i).name()));
        if (version != null) {
            names.add(version.column());
        }
        return "INSERT" + onConflict + " INTO " + table.quoted() + " (" + Quoting.names("", names) + ") VALUES ("
                + values.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", "))
                + (version == null ? ")" : ", 0)");
    }

    private void update(MergePlan plan, boolean resetOthers, boolean exactly) throws SQLException {
        List<Value> values = new ArrayList<>();
        BitSet columns = addWinners(plan, values);
        values.addAll(plan.incoming.key);
        Map<BitSet, String> known = resetOthers ? revivals : updates;
        if (!exactly && !isWrittenExactly(known, columns, values)) {
            addAny(anyUpdateSql(plan.incoming.key, resetOthers), plan);
            return;
        }
        String sql = sql(known, columns, values, () -> updateSql(columns, values, resetOthers));
        if (!sql.isEmpty()) {
            add(writes, sql, values);
        }
    }

    /** Empty if there is nothing to set. */
    private String updateSql(BitSet columns, List<Value> values, boolean resetOthers) {
        List<String> assignments = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < table.columns().size(); i++) {
            CrrTable.Column column = table.columns().get(i);
            if (columns.get(i)) {
                assignments.add(Quoting.name(column.name()) + " = " + JdbcValues.placeholder(values.get(next++)));
            } else if (resetOthers && isReset(column)) {
                assignments.add(Quoting.name(column.name()) + " = " + column.standard());
            }
        }
        if (version != null) {
            assignments.add(version.increment());
        }
        return assignments.isEmpty()
                ? ""
                : "UPDATE" + onConflict + " " + table.quoted() + " SET " + String.join(", ", assignments)
                        + where(values.subList(next, values.size()));
    }

    /** Adds the values that won, in order of their columns, and tells which they are. */
    private static BitSet addWinners(MergePlan plan, List<Value> values) {
        BitSet columns = new BitSet(plan.winners.length);
        for (IncomingRow.Item cell : plan.winners) {
            if (cell != null) {
                columns.set(cell.column());
                values.add(cell.value());
            }
        }
        return columns;
    }

    /** Rows mostly come with the same columns, and then with the same statement. */
    private static String sql(Map<BitSet, String> known, BitSet columns, List<Value> values, Supplier<String> make) {
        if (JdbcValues.anyRawText(values)) {
            return make.get();
        }
        String sql = known.get(columns);
        if (sql == null) {
            sql = make.get();
            known.put(columns, sql);
        }
        return sql;
    }

    private void delete(MergePlan plan) throws SQLException {
        add(deletes, "DELETE FROM " + table.quoted() + where(plan.incoming.key), plan.incoming.key);
    }

    private String where(List<Value> key) {
        return " WHERE " + JdbcValues.equal(table.keyNames(), key);
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
        owners.close();
    }
}
