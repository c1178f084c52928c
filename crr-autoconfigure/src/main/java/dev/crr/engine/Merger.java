package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeNotApplicableException;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.TrackedPeer;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges one changeset: groups its changes by table and row, merges each table, moves the cursor. */
final class Merger {

    private final Connection connection;
    private final Changeset changeset;
    private final Map<String, CrrTable> catalogue;

    Merger(Connection connection, Changeset changeset, Map<String, CrrTable> catalogue) {
        this.connection = connection;
        this.changeset = changeset;
        this.catalogue = catalogue;
    }

    /** Merges inside the caller's transaction: all of the changeset or, if this throws, none of it. */
    CrrEngine.Merge merge() throws SQLException {
        ChangesetBounds.check(changeset);
        Map<CrrTable, List<IncomingRow>> rows = group();
        try (Savepoint savepoint = new Savepoint(connection, "crr_merge")) {
            CrrEngine.Merge merge;
            try {
                merge = merge(rows, false);
            } catch (TableMerge.RowFault fault) {
                undo(savepoint, fault);
                merge = mergeCarefully(rows);
            }
            savepoint.keep();
            return merge;
        }
    }

    private static void undo(Savepoint savepoint, TableMerge.RowFault fault) throws SQLException {
        try {
            savepoint.rollback();
        } catch (SQLException gone) {
            // RAISE(ROLLBACK) and ON CONFLICT ROLLBACK end the caller's transaction; all there is left to do is say so.
            if (fault.getCause() instanceof SQLException cause) {
                cause.addSuppressed(gone);
                throw cause;
            }
            throw gone;
        }
    }

    private CrrEngine.Merge mergeCarefully(Map<CrrTable, List<IncomingRow>> rows) throws SQLException {
        try {
            return merge(rows, true);
        } catch (TableMerge.RowFault impossible) {
            throw new IllegalStateException("a careful merge names its faults", impossible);
        }
    }

    private CrrEngine.Merge merge(Map<CrrTable, List<IncomingRow>> rows, boolean carefully)
            throws SQLException, TableMerge.RowFault {
        Sites sites = Sites.load(connection);
        Set<String> changed = new HashSet<>();
        long applied = 0;
        for (Map.Entry<CrrTable, List<IncomingRow>> table : rows.entrySet()) {
            try (TableMerge merge = new TableMerge(connection, table.getKey(), sites, carefully)) {
                long won = merge.merge(table.getValue());
                applied += won;
                if (won > 0) {
                    changed.add(table.getKey().name());
                }
            }
        }
        TrackedPeer sender = Cursors.advance(connection, changeset, sites.own());
        return new CrrEngine.Merge(report(sites, sender, applied), changed);
    }

    private MergeReport report(Sites sites, TrackedPeer sender, long applied) throws SQLException {
        return new MergeReport(
                sites.own(),
                Epochs.current(connection),
                sender.received(),
                sender.receivedEpoch(),
                applied,
                changeset.changes().size() - applied,
                0,
                Queries.number(connection, "SELECT version FROM crr_state"));
    }

    /** Rows in order of first appearance, with keys and values as the table would store them. */
    private Map<CrrTable, List<IncomingRow>> group() throws SQLException {
        Map<CrrTable, Map<List<Value>, IncomingRow>> tables = new LinkedHashMap<>();
        try (StoredForm stored = new StoredForm(connection)) {
            for (int i = 0; i < changeset.changes().size(); i++) {
                Change change = changeset.changes().get(i);
                CrrTable table = catalogue.get(change.table());
                if (table == null) {
                    throw new ChangeNotApplicableException(
                            change, "no replicated table is called so here. There are " + catalogue.keySet(), null);
                }
                List<Value> key = key(i, change, table, stored);
                int column = change.isRow() ? -1 : table.indexOf(change.cid());
                Value value = column < 0
                        ? Value.NULL
                        : stored.of(change.val(), table.columns().get(column).affinity());
                tables.computeIfAbsent(table, t -> new LinkedHashMap<>())
                        .computeIfAbsent(key, k -> new IncomingRow(k, change))
                        .add(change, column, value);
            }
        }
        Map<CrrTable, List<IncomingRow>> rows = new LinkedHashMap<>();
        tables.forEach((table, byKey) -> rows.put(table, new ArrayList<>(byKey.values())));
        return rows;
    }

    private static List<Value> key(int index, Change change, CrrTable table, StoredForm stored) throws SQLException {
        int arity = table.keys().size();
        if (change.key().size() != arity) {
            throw new MalformedChangesetException(
                    index,
                    "the key of table \"" + table.name() + "\" has " + arity + " columns, " + table.keyNames()
                            + ", not " + change.key().size());
        }
        List<Value> key = new ArrayList<>(arity);
        for (int i = 0; i < arity; i++) {
            CrrTable.Key column = table.keys().get(i);
            Value value = stored.of(change.key().get(i), column.affinity());
            if (value instanceof Value.Real || value instanceof Value.Null) {
                throw new MalformedChangesetException(
                        index,
                        "key column \"" + column.name() + "\" of table \"" + table.name() + "\" cannot be " + value);
            }
            if (column.rowid() && !(value instanceof Value.Int)) {
                throw new MalformedChangesetException(
                        index,
                        "key column \"" + column.name() + "\" of table \"" + table.name() + "\" takes integers, not "
                                + value);
            }
            key.add(value);
        }
        return List.copyOf(key);
    }
}
