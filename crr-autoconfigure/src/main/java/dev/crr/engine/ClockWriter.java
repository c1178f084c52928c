package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the clocks of merged rows, batched by statement. */
final class ClockWriter implements AutoCloseable {

    private final CrrTable table;
    private final Sites sites;
    private final Batches batches;
    private final String insertRow;
    private final String insertPlainRow;
    private final String moveRow;
    private final String putCell;

    ClockWriter(Connection connection, CrrTable table, Sites sites) {
        this.table = table;
        this.sites = sites;
        this.batches = new Batches(connection);
        String keys = Quoting.names("", table.keyNames());
        this.insertRow = "INSERT INTO " + table.rowClocks() + " (__crr_version, __crr_cl, __crr_site, " + keys
                + ") VALUES (?, ?, ?, ";
        this.insertPlainRow = insertRow + Quoting.parameters(table.keys().size()) + ")";
        this.moveRow = "UPDATE OR FAIL " + table.rowClocks()
                + " SET __crr_version = ?, __crr_cl = ?, __crr_site = ? WHERE __crr_version = ?";
        this.putCell = "INSERT INTO " + table.cellClocks()
                + " (row, col, col_version, version, site) VALUES (?, ?, ?, ?, ?) ON CONFLICT (row, col) DO UPDATE"
                + " SET col_version = excluded.col_version, version = excluded.version, site = excluded.site";
    }

    /** Queues the clocks of a row that changed, under a version of ours. */
    void add(MergePlan plan, long version) throws SQLException {
        switch (plan.action) {
            case CREATE, REVIVE -> newLife(plan, version);
            case EDIT -> edit(plan, version);
            case DELETE -> row(plan, version);
            case KEEP -> {}
        }
    }

    /** Makes sure that all authors of the row have an ordinal. */
    void recordAuthors(MergePlan plan) throws SQLException {
        if (plan.action == MergePlan.Action.KEEP) {
            return;
        }
        sites.ordinal(plan.author());
        for (IncomingRow.Item item : plan.applied()) {
            sites.ordinal(item.change().siteId());
        }
    }

    void write() throws SQLException {
        batches.run();
    }

    void clear() throws SQLException {
        batches.clear();
    }

    private void newLife(MergePlan plan, long version) throws SQLException {
        row(plan, version);
        int author = sites.ordinal(plan.author());
        for (int i = 0; i < plan.winners.length; i++) {
            IncomingRow.Item cell = plan.winners[i];
            if (cell == null) {
                cell(version, i, null, version, author);
            } else {
                int site = sites.ordinal(cell.change().siteId());
                if (cell.change().colVersion() != 1 || site != author) {
                    cell(version, i, cell.change().colVersion(), version, site);
                }
            }
        }
    }

    private void edit(MergePlan plan, long version) throws SQLException {
        for (int i = 0; i < plan.winners.length; i++) {
            IncomingRow.Item cell = plan.winners[i];
            if (cell != null) {
                cell(
                        plan.local.version,
                        i,
                        cell.change().colVersion(),
                        version,
                        sites.ordinal(cell.change().siteId()));
            }
        }
    }

    private void row(MergePlan plan, long version) throws SQLException {
        boolean known = plan.local.version > 0;
        String sql = known ? moveRow : insert(plan.incoming.key);
        PreparedStatement put = batches.statement(sql);
        put.setLong(1, version);
        put.setLong(2, plan.cl);
        put.setInt(3, sites.ordinal(plan.author()));
        if (known) {
            put.setLong(4, plan.local.version);
        } else {
            JdbcValues.bind(put, 4, plan.incoming.key);
        }
        batches.added(sql, put);
    }

    private void cell(long row, int column, @Nullable Long colVersion, long version, int site) throws SQLException {
        PreparedStatement put = batches.statement(putCell);
        put.setLong(1, row);
        put.setInt(2, table.columns().get(column).ordinal());
        if (colVersion == null) {
            put.setNull(3, Types.INTEGER);
        } else {
            put.setLong(3, colVersion);
        }
        put.setLong(4, version);
        put.setInt(5, site);
        batches.added(putCell, put);
    }

    private String insert(List<Value> key) {
        return JdbcValues.anyRawText(key)
                ? insertRow + key.stream().map(JdbcValues::placeholder).collect(Collectors.joining(", ")) + ")"
                : insertPlainRow;
    }

    @Override
    public void close() throws SQLException {
        batches.close();
    }
}
