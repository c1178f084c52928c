package dev.crr.engine;

import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records what a user's own trigger changed in a row while it was merged: an edit made here, which the merge itself did not
 * bring. Costs nothing for tables without such triggers.
 */
final class TriggerEdits {

    static final Pattern LITERAL =
            Pattern.compile("(?i)[xX]?'(?:[^']|'')*'|[+-]?\\s*[0-9.]+(?:E[+-]?[0-9]+)?|0x[0-9A-F]+|NULL|TRUE|FALSE");

    private final Connection connection;
    private final CrrTable table;
    private final MergeTally tally;
    private Value @Nullable [] defaults;

    TriggerEdits(Connection connection, CrrTable table, MergeTally tally) {
        this.connection = connection;
        this.table = table;
        this.tally = tally;
    }

    /** Compares the rows just written with what was meant; the first of them has the version after the one given. */
    void record(List<MergePlan> plans, long version) throws SQLException {
        if (!table.userTriggers()) {
            return;
        }
        String columns = table.columns().isEmpty() ? "1" : Quoting.names("", table.columnNames());
        try (Batches selects = new Batches(connection);
                PreparedStatement edit = connection.prepareStatement("INSERT INTO " + table.cellClocks()
                        + " (row, col, col_version, version, site) VALUES (?, ?, ?, ?, 0) ON CONFLICT (row, col)"
                        + " DO UPDATE SET col_version = excluded.col_version, version = excluded.version, site = 0")) {
            for (MergePlan plan : plans) {
                version++;
                if (plan.action == MergePlan.Action.DELETE) {
                    // A trigger that ignored the deletion, or made the row again unseen, keeps the row alive for
                    // everybody.
                    Adoption.adoptRow(connection, table, plan.incoming.key);
                } else {
                    PreparedStatement select = selects.statement("SELECT " + columns + " FROM " + table.quoted()
                            + " WHERE " + JdbcValues.equal(table.keyNames(), plan.incoming.key));
                    JdbcValues.bind(select, 1, plan.incoming.key);
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            record(plan, version, JdbcValues.read(row, 1, plan.winners.length), edit);
                        } else {
                            bury(plan, version);
                        }
                    }
                }
            }
        }
    }

    private void record(MergePlan plan, long version, Value[] actual, PreparedStatement edit) throws SQLException {
        boolean sameLife = plan.action == MergePlan.Action.EDIT;
        for (int i = 0; i < actual.length; i++) {
            IncomingRow.Item winner = plan.winners[i];
            @Nullable Value meant = winner != null ? winner.value() : sameLife ? plan.local.values[i] : reset(plan, i);
            if (meant != null && !actual[i].equals(meant)) {
                long colVersion = winner != null
                        ? winner.change().colVersion()
                        : sameLife ? Math.max(plan.local.colVersions[i], 0) : 0;
                edit.setLong(1, sameLife ? plan.local.version : version);
                edit.setInt(2, table.columns().get(i).ordinal());
                edit.setLong(3, colVersion + 1);
                edit.setLong(4, version);
                edit.executeUpdate();
                tally.edited(table, plan);
            }
        }
    }

    /** What a column has in a new life of its row until its cell comes; null if its default is not the same every time. */
    private @Nullable Value reset(MergePlan plan, int column) throws SQLException {
        CrrTable.Column definition = table.columns().get(column);
        if (plan.action == MergePlan.Action.REVIVE && definition.notNull() && definition.defaultSql() == null) {
            return plan.local.values[column];
        }
        if (definition.defaultSql() != null
                && !LITERAL.matcher(definition.defaultSql()).matches()) {
            return null;
        }
        if (defaults == null) {
            String expressions = table.columns().stream()
                    .map(each -> each.defaultSql() == null
                                    || !LITERAL.matcher(each.defaultSql()).matches()
                            ? "NULL"
                            : each.defaultSql())
                    .collect(Collectors.joining(", "));
            Value[] evaluated = Queries.list(
                            connection,
                            "SELECT " + expressions,
                            row -> JdbcValues.read(row, 1, table.columns().size()))
                    .get(0);
            try (StoredForm stored = new StoredForm(connection)) {
                for (int i = 0; i < evaluated.length; i++) {
                    evaluated[i] =
                            stored.of(evaluated[i], table.columns().get(i).affinity());
                }
            }
            defaults = evaluated;
        }
        return defaults[column];
    }

    /** The trigger deleted the row it was called for. */
    private void bury(MergePlan plan, long version) throws SQLException {
        tally.edited(table, plan);
        long row = plan.action == MergePlan.Action.EDIT ? plan.local.version : version;
        if (!table.columns().isEmpty()) {
            Queries.update(connection, "DELETE FROM " + table.cellClocks() + " WHERE row = ?", row);
        }
        Queries.update(
                connection,
                "UPDATE " + table.rowClocks()
                        + " SET __crr_version = ?, __crr_cl = __crr_cl + 1, __crr_site = 0 WHERE __crr_version = ?",
                version,
                row);
    }
}
