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
import java.util.Collection;
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
    private final QuarantineLimit limit;
    private final @Nullable PeerRules rules;

    /** What cannot take part in any merge, with the reason, and whether that may change. */
    private record Misfit(Change change, String reason, Quarantine.Retry retry) {}

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
     * @param limit how much of one sender may be set aside
     * @param rules what the sender may write, null for everything
     */
    Merger(
            Connection connection,
            Changeset changeset,
            Map<String, CrrTable> catalogue,
            boolean tolerant,
            QuarantineLimit limit,
            @Nullable PeerRules rules) {
        this.connection = connection;
        this.changeset = changeset;
        this.catalogue = catalogue;
        this.tolerant = tolerant;
        this.limit = limit;
        this.rules = rules;
    }

    /** Merges inside the caller's transaction, which is to be rolled back if this throws. */
    CrrEngine.Merge merge() throws SQLException {
        Map<CrrTable, Map<List<Value>, IncomingRow>> rows = group();
        boolean watched = rows.keySet().stream().anyMatch(Merger::hasTriggers);
        long before = watched ? version() : 0;
        MergeTally tally = merge(rows);
        SiteId own = Sites.own(connection);
        TrackedPeer sender = Cursors.advance(connection, changeset, own);
        noteRelayed(tally, continues(sender) ? changeset.siteId() : null);
        long after = version();
        trace = tally.trace(watched ? before : after - tally.versions(), after);
        return new CrrEngine.Merge(report(tally, own, sender, after), tally.rows());
    }

    /** What the merge left behind, once it is done. */
    RestlessWatch.Trace trace() {
        return Objects.requireNonNull(trace);
    }

    /** Merges nothing into rows of a table, so that what is held of them is tried again. */
    MergeTally mergeHeld(CrrTable table, Collection<List<Value>> keys) throws SQLException {
        Map<List<Value>, IncomingRow> rows = new LinkedHashMap<>();
        keys.forEach(key -> rows.put(key, new IncomingRow(key)));
        MergeTally tally = merge(Map.of(table, rows));
        noteRelayed(tally, null);
        return tally;
    }

    private static boolean hasTriggers(CrrTable table) {
        return table.userTriggers() || table.ownersTriggers();
    }

    private long version() throws SQLException {
        return Queries.number(connection, "SELECT version FROM main.crr_state");
    }

    /** Only of what continues what the sender told before is it certain that the sender still has it. */
    private boolean continues(TrackedPeer sender) {
        return changeset.since() < changeset.version()
                && sender.received() == changeset.version()
                && Objects.equals(sender.receivedEpoch(), changeset.epoch());
    }

    private void noteRelayed(MergeTally tally, @Nullable SiteId sender) throws SQLException {
        Set<SiteId> authors = tally.relayed(sender);
        if (authors.isEmpty()) {
            return;
        }
        Set<Integer> ordinals = new TreeSet<>();
        try (Sites sites = Sites.of(connection)) {
            for (SiteId author : authors) {
                ordinals.add(sites.ordinal(author));
            }
        }
        ordinals.remove(Sites.OWN);
        Relayed.note(connection, ordinals);
    }

    private MergeTally merge(Map<CrrTable, Map<List<Value>, IncomingRow>> rows) throws SQLException {
        if (rows.keySet().stream().anyMatch(Merger::hasTriggers)) {
            return mergeSurely(rows, TableMerge.Attempt.IN_GROUPS);
        }
        try (Savepoint savepoint = new Savepoint(connection, "crr_merge")) {
            MergeTally tally;
            try {
                tally = merge(rows, TableMerge.Attempt.TOGETHER);
            } catch (TableMerge.RowFault fault) {
                undo(savepoint, fault);
                tally = mergeSurely(rows, TableMerge.Attempt.ROW_BY_ROW);
            }
            savepoint.keep();
            return tally;
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

    private MergeTally mergeSurely(Map<CrrTable, Map<List<Value>, IncomingRow>> rows, TableMerge.Attempt attempt)
            throws SQLException {
        try {
            return merge(rows, attempt);
        } catch (TableMerge.RowFault impossible) {
            throw new IllegalStateException("this attempt sets faults aside", impossible);
        }
    }

    private MergeTally merge(Map<CrrTable, Map<List<Value>, IncomingRow>> rows, TableMerge.Attempt attempt)
            throws SQLException, TableMerge.RowFault {
        MergeTally tally = new MergeTally();
        try (Sites sites = Sites.of(connection);
                Quarantine quarantine = new Quarantine(connection, limit);
                Refused refused = new Refused(connection, limit, rules == null ? null : rules.peer())) {
            for (Misfit misfit : misfits) {
                quarantine.put(
                        misfit.change(),
                        new Quarantine.Reason(misfit.reason(), misfit.retry(), changeset.siteId()),
                        null);
                tally.quarantined();
            }
            for (Change refusal : refusals) {
                refused.put(refusal, changeset.siteId(), null);
                tally.quarantined();
            }
            TableMerge.Context context =
                    new TableMerge.Context(connection, sites, quarantine, refused, changeset.siteId(), tally);
            for (Map.Entry<CrrTable, Map<List<Value>, IncomingRow>> table : rows.entrySet()) {
                try (TableMerge merge = new TableMerge(context, table.getKey(), attempt)) {
                    List<IncomingRow> incoming =
                            new ArrayList<>(table.getValue().values());
                    incoming.sort(IncomingRow.BY_KEY);
                    merge.merge(incoming);
                }
            }
        }
        return tally;
    }

    private MergeReport report(MergeTally tally, SiteId own, TrackedPeer sender, long version) throws SQLException {
        return new MergeReport(
                own,
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
                    misfits.add(new Misfit(change, fault, Quarantine.Retry.NEVER));
                } else if (table == null) {
                    // If a dormant table returns, all of it is asked for again.
                    if (dormantTables().contains(change.table())) {
                        continue;
                    }
                    if (rules != null && !rules.writing(change.table()).allows(change)) {
                        refusals.add(change);
                    } else {
                        misfits.add(new Misfit(
                                change,
                                "no replicated table is called so here",
                                rules == null ? Quarantine.Retry.ALWAYS : Quarantine.Retry.AS_SPELLED));
                    }
                } else {
                    add(tables.computeIfAbsent(table, t -> new LinkedHashMap<>()), i, change, table, stored);
                }
            }
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
            List<Value> key = key(change.key(), table, stored);
            String fault = KeyCheck.fault(table, key);
            if (fault != null) {
                misfit(index, change, fault);
                return;
            }
            lastRow = rows.computeIfAbsent(key, IncomingRow::new);
            lastTable = table.name();
            lastKey = change.key();
        }
        IncomingRow.Item item = IncomingRow.Item.of(change, table, stored, null);
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
        misfits.add(new Misfit(change, fault, Quarantine.Retry.NEVER));
    }

    /** The key as the table would store it; as it came if it has another number of columns. */
    static List<Value> key(List<Value> key, CrrTable table, StoredForm stored) throws SQLException {
        if (key.size() != table.keys().size()) {
            return key;
        }
        List<Value> storedKey = new ArrayList<>(key.size());
        for (int i = 0; i < key.size(); i++) {
            storedKey.add(stored.of(key.get(i), table.keys().get(i).affinity()));
        }
        return List.copyOf(storedKey);
    }
}
