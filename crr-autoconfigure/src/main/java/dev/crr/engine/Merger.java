package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import dev.crr.TrackedPeer;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Merges one changeset: groups its changes by table and row, merges each table, moves the cursor. */
final class Merger {

    private final Connection connection;
    private final Changeset changeset;
    private final Map<String, CrrTable> catalogue;
    private final boolean tolerant;
    private final int maxQuarantined;
    private final @Nullable PeerRules rules;

    /** What cannot take part in any merge, with the reason, whether that may change, and whether a policy let it pass. */
    private record Misfit(Change change, String reason, boolean retry, boolean judged) {}

    private final List<Misfit> misfits = new ArrayList<>();

    /** What the sender may not write to tables that are not here. */
    private final List<Change> refusals = new ArrayList<>();

    private @Nullable Set<String> dormantTables;

    private RestlessWatch.@Nullable Trace trace;

    // The row of the change before, as the changes of a row come together.
    private @Nullable String lastTable;
    private @Nullable List<Value> lastKey;
    private @Nullable IncomingRow lastRow;

    /**
     * @param tolerant whether a change that is out of bounds is set aside, or else refuses the whole changeset
     * @param maxQuarantined how many changes of one sender may be set aside
     * @param rules what the sender may write, null for everything
     */
    Merger(
            Connection connection,
            Changeset changeset,
            Map<String, CrrTable> catalogue,
            boolean tolerant,
            int maxQuarantined,
            @Nullable PeerRules rules) {
        this.connection = connection;
        this.changeset = changeset;
        this.catalogue = catalogue;
        this.tolerant = tolerant;
        this.maxQuarantined = maxQuarantined;
        this.rules = rules;
    }

    /** Merges inside the caller's transaction, which is to be rolled back if this throws. */
    CrrEngine.Merge merge() throws SQLException {
        Map<CrrTable, Map<List<Value>, IncomingRow>> rows = group();
        if (rows.keySet().stream().anyMatch(Merger::hasTriggers)) {
            return mergeSurely(rows, TableMerge.Attempt.IN_GROUPS);
        }
        try (Savepoint savepoint = new Savepoint(connection, "crr_merge")) {
            CrrEngine.Merge merge;
            try {
                merge = merge(rows, TableMerge.Attempt.TOGETHER);
            } catch (TableMerge.RowFault fault) {
                undo(savepoint, fault);
                merge = mergeSurely(rows, TableMerge.Attempt.ROW_BY_ROW);
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

    private CrrEngine.Merge mergeSurely(Map<CrrTable, Map<List<Value>, IncomingRow>> rows, TableMerge.Attempt attempt)
            throws SQLException {
        try {
            return merge(rows, attempt);
        } catch (TableMerge.RowFault impossible) {
            throw new IllegalStateException("this attempt sets faults aside", impossible);
        }
    }

    private CrrEngine.Merge merge(Map<CrrTable, Map<List<Value>, IncomingRow>> rows, TableMerge.Attempt attempt)
            throws SQLException, TableMerge.RowFault {
        boolean watched = rows.keySet().stream().anyMatch(Merger::hasTriggers);
        long before = watched ? version() : 0;
        TableMerge.Context context = new TableMerge.Context(
                connection,
                Sites.load(connection),
                new Quarantine(connection, maxQuarantined),
                new Refused(connection, maxQuarantined, rules == null ? null : rules.peer()),
                changeset.siteId(),
                new MergeTally());
        for (Misfit misfit : misfits) {
            if (misfit.judged()) {
                context.quarantine().putAsSpelled(misfit.change(), misfit.reason(), changeset.siteId());
            } else {
                context.quarantine().put(misfit.change(), misfit.reason(), misfit.retry(), changeset.siteId());
            }
            context.tally().quarantined();
        }
        for (Change refusal : refusals) {
            context.refused().put(refusal, changeset.siteId());
            context.tally().quarantined();
        }
        for (Map.Entry<CrrTable, Map<List<Value>, IncomingRow>> table : rows.entrySet()) {
            try (TableMerge merge = new TableMerge(context, table.getKey(), attempt)) {
                List<IncomingRow> incoming = new ArrayList<>(table.getValue().values());
                incoming.sort(IncomingRow.BY_KEY);
                merge.merge(incoming);
            }
        }
        TrackedPeer sender =
                Cursors.advance(connection, changeset, context.sites().own());
        noteRelayed(context, sender);
        long after = version();
        trace = context.tally().trace(watched ? before : after - context.tally().versions(), after);
        return new CrrEngine.Merge(
                report(context, sender, after), context.tally().rows());
    }

    /** What the merge left behind, once it is done. */
    RestlessWatch.Trace trace() {
        return Objects.requireNonNull(trace);
    }

    private static boolean hasTriggers(CrrTable table) {
        return table.userTriggers() || table.ownersTriggers();
    }

    private long version() throws SQLException {
        return Queries.number(connection, "SELECT version FROM crr_state");
    }

    /** Only of what continues what the sender told before is it certain that the sender still has it. */
    private void noteRelayed(TableMerge.Context context, TrackedPeer sender) throws SQLException {
        boolean continued = changeset.since() < changeset.version()
                && sender.received() == changeset.version()
                && Objects.equals(sender.receivedEpoch(), changeset.epoch());
        Set<Integer> ordinals = new TreeSet<>();
        for (SiteId author : context.tally().relayed(continued ? changeset.siteId() : null)) {
            ordinals.add(context.sites().ordinal(author));
        }
        ordinals.remove(Sites.OWN);
        Relayed.note(connection, ordinals);
    }

    private MergeReport report(TableMerge.Context context, TrackedPeer sender, long version) throws SQLException {
        MergeTally tally = context.tally();
        return new MergeReport(
                context.sites().own(),
                Epochs.current(connection),
                sender.received(),
                sender.receivedEpoch(),
                tally.appliedCount(),
                changeset.changes().size() - tally.appliedCount() - tally.quarantinedCount(),
                tally.quarantinedCount(),
                version);
    }

    /** Rows in order of first appearance, with keys and values as the table would store them. */
    private Map<CrrTable, Map<List<Value>, IncomingRow>> group() throws SQLException {
        if (!tolerant) {
            ChangesetBounds.check(changeset);
        }
        Map<CrrTable, Map<List<Value>, IncomingRow>> tables = new LinkedHashMap<>();
        try (StoredForm stored = new StoredForm(connection)) {
            for (int i = 0; i < changeset.changes().size(); i++) {
                Change change = changeset.changes().get(i);
                CrrTable table = catalogue.get(change.table());
                String fault = tolerant ? ChangesetBounds.fault(change) : null;
                if (fault != null) {
                    misfits.add(new Misfit(change, fault, false, false));
                } else if (table == null) {
                    // If a dormant table returns, all of it is asked for again.
                    if (dormantTables().contains(change.table())) {
                        continue;
                    }
                    if (rules != null && !rules.writing(change.table()).allows(change)) {
                        refusals.add(change);
                    } else {
                        misfits.add(new Misfit(change, "no replicated table is called so here", true, rules != null));
                    }
                } else {
                    add(tables.computeIfAbsent(table, t -> new LinkedHashMap<>()), i, change, table, stored);
                }
            }
            addHeld(tables, stored);
        }
        return tables;
    }

    private Set<String> dormantTables() throws SQLException {
        if (dormantTables == null) {
            dormantTables = Catalogue.dormantTables(connection);
        }
        return dormantTables;
    }

    private void add(Map<List<Value>, IncomingRow> rows, int index, Change change, CrrTable table, StoredForm stored)
            throws SQLException {
        if (lastRow == null || !table.name().equals(lastTable) || !change.key().equals(lastKey)) {
            List<Value> key = key(change, table, stored);
            String fault = KeyCheck.fault(table, key);
            if (fault != null) {
                misfit(index, change, fault);
                return;
            }
            lastRow = rows.computeIfAbsent(key, IncomingRow::new);
            lastTable = table.name();
            lastKey = change.key();
        }
        IncomingRow.Item item = item(change, table, stored, false);
        lastRow.items.add(rules == null ? item : judged(item, lastRow.key, table, rules.writing(table.name())));
    }

    private static IncomingRow.Item judged(IncomingRow.Item item, List<Value> key, CrrTable table, TableAccess access) {
        IncomingRow.Verdict verdict = IncomingRow.Verdict.ALLOWED;
        if (access == TableAccess.NONE) {
            verdict = IncomingRow.Verdict.REFUSED;
        } else if (access.isPartial()) {
            Change change = asStored(item, key, table);
            Change row = asRowRecord(change);
            boolean allowed = access.allows(change);
            boolean rowAllowed = change.isRow() ? allowed : access.allows(row);
            verdict = !allowed
                    ? IncomingRow.Verdict.REFUSED
                    : rowAllowed ? IncomingRow.Verdict.ALLOWED : IncomingRow.Verdict.IN_ROWS_THAT_ARE;
        }
        return new IncomingRow.Item(
                item.change(), item.column(), item.value(), item.held(), access.isPartial(), verdict);
    }

    /** What the change would do here, so that no other spelling of a key, column or deletion gets around a policy. */
    private static Change asStored(IncomingRow.Item item, List<Value> key, CrrTable table) {
        Change change = item.change();
        String cid = item.column() < 0
                ? change.cid()
                : table.columns().get(item.column()).name();
        Change stored = new Change(
                table.name(),
                key,
                cid,
                item.value(),
                change.colVersion(),
                change.dbVersion(),
                change.siteId(),
                change.cl(),
                change.seq());
        return item.isAlive() ? stored : asRowRecord(stored);
    }

    private static Change asRowRecord(Change change) {
        return new Change(
                change.table(),
                change.key(),
                Change.ROW,
                Value.NULL,
                change.cl(),
                change.dbVersion(),
                change.siteId(),
                change.cl(),
                0);
    }

    private void misfit(int index, Change change, String fault) {
        if (!tolerant) {
            throw new MalformedChangesetException(index, fault);
        }
        misfits.add(new Misfit(change, fault, false, false));
    }

    /** What was set aside of these rows before takes part. */
    private void addHeld(Map<CrrTable, Map<List<Value>, IncomingRow>> tables, StoredForm stored) throws SQLException {
        Quarantine quarantine = new Quarantine(connection, maxQuarantined);
        for (Map.Entry<CrrTable, Map<List<Value>, IncomingRow>> table : tables.entrySet()) {
            for (Map.Entry<List<Value>, List<Change>> held :
                    quarantine.of(table.getKey()).entrySet()) {
                IncomingRow row = table.getValue().get(held.getKey());
                if (row != null) {
                    for (Change change : held.getValue()) {
                        row.items.add(item(change, table.getKey(), stored, true));
                    }
                }
            }
        }
    }

    private static IncomingRow.Item item(Change change, CrrTable table, StoredForm stored, boolean held)
            throws SQLException {
        int column = change.isRow() ? -1 : table.indexOf(change.cid());
        Value value = column < 0
                ? Value.NULL
                : stored.of(change.val(), table.columns().get(column).affinity());
        return new IncomingRow.Item(
                spelledAsHere(change, table, column), column, value, held, false, IncomingRow.Verdict.ALLOWED);
    }

    /** Under the names as the file has them. */
    private static Change spelledAsHere(Change change, CrrTable table, int column) {
        String cid = column < 0 ? change.cid() : table.spelled(column, change.cid());
        return table.name().equals(change.table()) && cid.equals(change.cid())
                ? change
                : change.called(table.name(), cid);
    }

    /** The key as the table would store it; as it came if it has another number of columns. */
    private static List<Value> key(Change change, CrrTable table, StoredForm stored) throws SQLException {
        if (change.key().size() != table.keys().size()) {
            return change.key();
        }
        List<Value> key = new ArrayList<>(change.key().size());
        for (int i = 0; i < change.key().size(); i++) {
            key.add(stored.of(change.key().get(i), table.keys().get(i).affinity()));
        }
        return List.copyOf(key);
    }
}
