package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The versions of rows that merged rows belong to: a collection's owner, the root's row of a subclass. As Hibernate does with its own
 * writes, they count what happens to what is theirs. Once per owner and group of rows; costs nothing for tables without.
 */
final class OwnerVersions implements AutoCloseable {

    private final Connection connection;
    private final CrrTable table;
    private final List<VersionColumn> versions;
    private final Batches writes;
    private final Set<List<Object>> added = new HashSet<>();

    OwnerVersions(Connection connection, CrrTable table) {
        this.connection = connection;
        this.table = table;
        this.versions = table.versions().stream()
                .filter(version -> !version.isOf(table.name()))
                .toList();
        this.writes = new Batches(connection);
    }

    /** Queues what a merged row counts for. */
    void add(MergePlan plan) throws SQLException {
        for (VersionColumn version : versions) {
            List<String> columns = new ArrayList<>();
            List<Value> values = new ArrayList<>();
            for (Map.Entry<String, String> key : version.keys().entrySet()) {
                columns.add(key.getValue());
                values.add(plan.incoming.key.get(indexOf(key.getKey())));
            }
            if (added.add(List.of(version, values))) {
                String sql = "UPDATE main." + Quoting.name(version.table()) + " SET " + version.increment() + " WHERE "
                        + JdbcValues.equal(columns, values);
                PreparedStatement statement = writes.statement(sql);
                JdbcValues.bind(statement, 1, values);
                writes.added(sql, statement);
            }
        }
    }

    /**
     * There may be no owner yet, or none any more. The guard names no table meanwhile: what a user's trigger on the owners does to
     * others is tracked, and one that heeds the guard does nothing.
     */
    void write() throws SQLException {
        if (!added.isEmpty()) {
            Queries.execute(connection, "UPDATE main.crr_state SET merging = ''");
            writes.run();
            added.clear();
        }
    }

    void clear() throws SQLException {
        writes.clear();
        added.clear();
    }

    private int indexOf(String key) {
        for (int i = 0; i < table.keys().size(); i++) {
            if (SqlNames.same(table.keys().get(i).name(), key)) {
                return i;
            }
        }
        throw new IllegalStateException("no key column " + key);
    }

    @Override
    public void close() throws SQLException {
        writes.close();
    }
}
