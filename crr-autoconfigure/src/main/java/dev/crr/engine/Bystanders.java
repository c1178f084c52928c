package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What becomes of what a user's own triggers write into the merged table meanwhile. The guard keeps the table's triggers still for all
 * of its rows, so for the rows beside those merged temporary triggers track it; in the merged rows themselves {@link StandingValues}
 * stand. Costs nothing for tables without such triggers.
 */
final class Bystanders implements AutoCloseable {

    private static final String MERGED_ROWS = "temp.crr_merged_rows";

    private final Connection connection;
    private final CrrTable table;
    private final StandingValues standing;
    private Map<String, String> triggers = Map.of();

    Bystanders(Connection connection, CrrTable table) {
        this.connection = connection;
        this.table = table;
        this.standing = new StandingValues(table, MERGED_ROWS);
    }

    /** Has writes of triggers watched from now on. */
    void track() throws SQLException {
        if (!table.userTriggers() || !triggers.isEmpty()) {
            return;
        }
        List<String> columns = new ArrayList<>();
        for (CrrTable.Key key : table.keys()) {
            columns.add(Quoting.name(key.name()) + " " + key.affinity().declaration());
        }
        columns.addAll(standing.declarations());
        Queries.execute(connection, "DROP TABLE IF EXISTS " + MERGED_ROWS);
        Queries.execute(
                connection,
                "CREATE TABLE " + MERGED_ROWS + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                        + Quoting.names("", table.keyNames()) + "))");
        triggers = new LinkedHashMap<>(TrackingTriggers.ofBystanders(table, MERGED_ROWS));
        triggers.putAll(standing.triggers(Queries.list(
                connection, "SELECT name FROM pragma_table_info(?, 'main')", row -> row.getString(1), table.name())));
        for (String sql : triggers.values()) {
            Queries.execute(connection, sql);
        }
    }

    /** Tells which rows are merged next. */
    void expect(Collection<MergePlan> plans) throws SQLException {
        if (triggers.isEmpty()) {
            return;
        }
        Queries.execute(connection, "DELETE FROM " + MERGED_ROWS);
        BitSet open = table.reactions().open(plans);
        try (Batches inserts = new Batches(connection)) {
            for (MergePlan plan : plans) {
                List<Value> row = new ArrayList<>(plan.incoming.key);
                row.addAll(standing.of(plan, open));
                String sql = "INSERT INTO " + MERGED_ROWS + " VALUES ("
                        + row.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", ")) + ")";
                PreparedStatement insert = inserts.statement(sql);
                JdbcValues.bind(insert, 1, row);
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
