package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rows beside those being merged. The guard keeps a table's triggers still for all of its rows, so what a user's own trigger
 * writes to other rows of the table meanwhile is tracked by temporary triggers. Costs nothing for tables without such triggers.
 */
final class Bystanders implements AutoCloseable {

    private static final String MERGED_KEYS = "temp.crr_merged_keys";

    private final Connection connection;
    private final CrrTable table;
    private Map<String, String> triggers = Map.of();

    Bystanders(Connection connection, CrrTable table) {
        this.connection = connection;
        this.table = table;
    }

    /** Has other rows tracked from now on. */
    void track() throws SQLException {
        if (!table.userTriggers() || !triggers.isEmpty()) {
            return;
        }
        String keys = table.keys().stream()
                .map(key -> Quoting.name(key.name()) + " " + key.affinity().declaration())
                .collect(Collectors.joining(", "));
        Queries.execute(connection, "DROP TABLE IF EXISTS " + MERGED_KEYS);
        Queries.execute(
                connection,
                "CREATE TABLE " + MERGED_KEYS + " (" + keys + ", PRIMARY KEY (" + Quoting.names("", table.keyNames())
                        + "))");
        triggers = new LinkedHashMap<>(TrackingTriggers.ofBystanders(table, MERGED_KEYS));
        for (String sql : triggers.values()) {
            Queries.execute(connection, sql);
        }
    }

    /** Leaves the rows that are merged next to the merge. */
    void except(Collection<MergePlan> plans) throws SQLException {
        if (triggers.isEmpty()) {
            return;
        }
        Queries.execute(connection, "DELETE FROM " + MERGED_KEYS);
        try (Batches inserts = new Batches(connection)) {
            for (MergePlan plan : plans) {
                List<Value> key = plan.incoming.key;
                String sql = "INSERT INTO " + MERGED_KEYS + " VALUES ("
                        + key.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", ")) + ")";
                PreparedStatement insert = inserts.statement(sql);
                JdbcValues.bind(insert, 1, key);
                inserts.added(sql, insert);
            }
            inserts.run();
        }
    }

    @Override
    public void close() throws SQLException {
        for (String trigger : new ArrayList<>(triggers.keySet())) {
            Queries.execute(connection, "DROP TRIGGER IF EXISTS temp." + Quoting.name(trigger));
        }
        triggers = Map.of();
    }
}
