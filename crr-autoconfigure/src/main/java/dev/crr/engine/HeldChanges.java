package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in quarantine of the rows that are merged, looked up by their keys. The values of columns that the table still lacks are
 * left where they are: such a change can only go, with the life of its row that it belongs to.
 */
final class HeldChanges implements AutoCloseable {

    private static final String OF_ROW =
            "SELECT \"table\", pk, cid, NULL, col_version, db_version, site_id, cl, seq, origin,"
                    + " reason, retry FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ? AND " + Quarantine.TRIED;

    private static final String VALUE =
            "SELECT val FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ? AND cid = ?";

    private final CrrTable table;
    private final Batches statements;
    private final StoredForm stored;
    private final boolean any;

    HeldChanges(Connection connection, CrrTable table) throws SQLException {
        this.table = table;
        this.statements = new Batches(connection);
        this.stored = new StoredForm(connection);
        this.any = Queries.exists(
                connection, "SELECT 1 FROM main.crr_quarantine WHERE \"table\" = ? LIMIT 1", table.name());
    }

    /** Whether anything of the table is held. */
    boolean any() {
        return any;
    }

    /** The row with all changes that are held of it; the same if there are none. */
    IncomingRow join(IncomingRow row) throws SQLException {
        PreparedStatement find = statements.statement(OF_ROW);
        find.setString(1, table.name());
        find.setBytes(2, PackedKey.pack(row.key));
        List<IncomingRow.Item> held = new ArrayList<>();
        try (ResultSet found = find.executeQuery()) {
            while (found.next()) {
                held.add(read(found));
            }
        }
        return held.isEmpty() ? row : row.with(held);
    }

    private IncomingRow.Item read(ResultSet row) throws SQLException {
        Change change = Quarantine.readChange(row);
        Quarantine.Reason reason = Quarantine.Reason.read(row);
        return IncomingRow.Item.of(
                table.indexOf(change.cid()) < 0 ? change : with(value(change), change), table, stored, reason);
    }

    private Value value(Change change) throws SQLException {
        PreparedStatement find = statements.statement(VALUE);
        Quarantine.bindKey(find, 1, change);
        try (ResultSet value = find.executeQuery()) {
            return value.next() ? JdbcValues.read(value, 1) : Value.NULL;
        }
    }

    private static Change with(Value value, Change change) {
        return new Change(
                change.table(),
                change.key(),
                change.cid(),
                value,
                change.colVersion(),
                change.dbVersion(),
                change.siteId(),
                change.cl(),
                change.seq());
    }

    @Override
    public void close() throws SQLException {
        statements.close();
        stored.close();
    }
}
