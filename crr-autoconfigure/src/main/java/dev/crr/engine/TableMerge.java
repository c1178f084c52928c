package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges rows of one table, many at a time: looks up what is here, decides, writes.
 *
 * <p>A row that cannot be applied is only found by writing each row in a savepoint of its own. As savepoints double the cost of
 * a merge, that is left to a second attempt, but where a user's triggers make them the cheaper way.
 */
final class TableMerge implements AutoCloseable {

    /** Result codes of SQLite that blame the row and not the database: ERROR (as from a user's trigger), TOOBIG, CONSTRAINT, MISMATCH. */
    private static final List<Integer> ROW_FAULTS = List.of(1, 18, 19, 20);

    /** How to find out which rows cannot be applied. */
    enum Attempt {
        /** All at once, within the caller's savepoint. */
        TOGETHER,
        /** A group of rows at once, each within a savepoint, and row by row what fails. */
        IN_GROUPS,
        /** Each row within a savepoint. */
        ROW_BY_ROW
    }

    /**
     * Where a user's triggers make SQLite copy pages for each statement, it also walks all copies made since the oldest savepoint, so
     * this must be few rows.
     */
    private static final int GROUP = 64;

    /** Some row cannot be applied; what was written meanwhile has to be undone, and done again row by row. */
    static final class RowFault extends Exception {
        private static final long serialVersionUID = 1L;

        RowFault() {}

        RowFault(SQLException cause) {
            super(cause);
        }
    }

    private final Connection connection;
    private final CrrTable table;
    private final Attempt attempt;
    private final HeldChanges held;
    private final RowLookup lookup;
    private final Burial burial;
    private final RowWriter rows;
    private final ClockWriter clocks;
    private final TriggerEdits triggerEdits;
    private final Bystanders bystanders;

    private final MergeTally tally;
    private final Settlement settlement;

    TableMerge(Context context, CrrTable table, Attempt attempt) throws SQLException {
        this.connection = context.connection();
        this.table = table;
        this.attempt = attempt;
        this.tally = context.tally();
        this.settlement = new Settlement(context, table);
        this.held = new HeldChanges(connection, table);
        this.lookup = new RowLookup(connection, table);
        this.burial = new Burial(connection, table);
        this.rows = new RowWriter(connection, table);
        this.clocks = new ClockWriter(connection, table, context.sites());
        this.triggerEdits = new TriggerEdits(connection, table, tally);
        this.bystanders = new Bystanders(connection, table);
    }

    /**
     * What the tables of one merge share.
     *
     * @param connection inside the merge's transaction
     * @param sites known sites
     * @param quarantine where changes go that cannot be applied
     * @param refused where changes go that their sender may not write
     * @param origin who sent the changes
     * @param tally what becomes of them
     */
    record Context(
            Connection connection,
            Sites sites,
            Quarantine quarantine,
            Refused refused,
            SiteId origin,
            MergeTally tally) {}

    /**
     * Merges the rows.
     *
     * @throws RowFault if some row cannot be written and the attempt is {@link Attempt#TOGETHER}
     */
    void merge(List<IncomingRow> incoming) throws SQLException, RowFault {
        int size = attempt == Attempt.TOGETHER ? RowLookup.rowsAtOnce(table) : GROUP;
        int from = 0;
        while (from < incoming.size()) {
            List<IncomingRow> group = joined(incoming.subList(from, Math.min(from + size, incoming.size())));
            switch (attempt) {
                case TOGETHER -> mergeTogether(group);
                case IN_GROUPS -> mergeGroup(group);
                case ROW_BY_ROW -> mergeOneByOne(group);
            }
            from += group.size();
        }
    }

    /** The rows, together with what is held of them; only the first if that would be too much at a time. */
    private List<IncomingRow> joined(List<IncomingRow> rows) throws SQLException {
        if (!held.any()) {
            return rows;
        }
        List<IncomingRow> joined = new ArrayList<>(rows.size());
        long bytes = 0;
        for (IncomingRow row : rows) {
            IncomingRow all = held.join(row);
            joined.add(all);
            bytes += all == row ? 0 : all.bytes();
            if (bytes >= Pieces.MAX_BYTES) {
                break;
            }
        }
        return joined;
    }

    private void mergeTogether(List<IncomingRow> group) throws SQLException, RowFault {
        List<MergePlan> plans = decide(group);
        write(changing(plans));
        for (MergePlan plan : plans) {
            settlement.settle(plan, List.of());
        }
    }

    private void mergeGroup(List<IncomingRow> group) throws SQLException {
        List<MergePlan> plans = decide(group);
        if (attempt(changing(plans), false) != null) {
            mergeOneByOne(group);
            return;
        }
        for (MergePlan plan : plans) {
            settlement.settle(plan, List.of());
        }
    }

    private void mergeOneByOne(List<IncomingRow> group) throws SQLException {
        for (IncomingRow row : group) {
            mergeAlone(row);
        }
    }

    private List<MergePlan> decide(List<IncomingRow> group) throws SQLException {
        LocalRow[] local = burial.recorded(lookup.find(group));
        List<MergePlan> plans = new ArrayList<>(group.size());
        for (int i = 0; i < local.length; i++) {
            plans.add(MergePlan.decide(table, group.get(i), local[i]));
        }
        return plans;
    }

    private static List<MergePlan> changing(List<MergePlan> plans) {
        return plans.stream()
                .filter(plan -> plan.action != MergePlan.Action.KEEP)
                .toList();
    }

    private void write(List<MergePlan> plans) throws SQLException, RowFault {
        if (plans.isEmpty()) {
            return;
        }
        bystanders.track();
        try {
            if (!writeNow(plans, false)) {
                throw new RowFault();
            }
        } catch (SQLException fault) {
            requireRowFault(fault);
            throw new RowFault(fault);
        }
    }

    /** Writes what can be written of one row, and sets the rest aside. */
    private void mergeAlone(IncomingRow incoming) throws SQLException {
        // Decided only now, because triggers and cascades of the rows before it may have changed it.
        MergePlan plan = decide(List.of(incoming)).get(0);
        if (attempt(changing(List.of(plan)), false) == null) {
            settlement.settle(plan, List.of());
            return;
        }
        // A row that nobody tracked may be in the way: it is taken in as it would be at the next start, and meets the
        // change.
        Adoption.adoptRow(connection, table, incoming.key);
        plan = decide(List.of(incoming)).get(0);
        SQLException fault = attempt(changing(List.of(plan)), true);
        if (fault == null) {
            settlement.settle(plan, List.of());
        } else {
            settlement.settle(
                    plan,
                    plan.action == MergePlan.Action.EDIT ? writeCells(plan) : Settlement.reject(plan.latest, fault));
        }
    }

    /** The cells of a living row do not need each other: one that cannot be written does not hold up the others. */
    private List<Rejection> writeCells(MergePlan edit) throws SQLException {
        List<Rejection> rejections = new ArrayList<>();
        for (IncomingRow.Item winner : edit.winners) {
            SQLException fault = winner == null ? null : attempt(List.of(edit.only(winner.column())), true);
            if (winner != null && fault != null) {
                rejections.addAll(Settlement.reject(List.of(winner), fault));
            }
        }
        return rejections;
    }

    /** Writes the rows or, returning the reason, nothing. */
    private @Nullable SQLException attempt(List<MergePlan> plans, boolean exactly) throws SQLException {
        if (plans.isEmpty()) {
            return null;
        }
        // Before the savepoint, or else rolling back would take away what later rows of this merge go on to use.
        for (MergePlan plan : plans) {
            clocks.recordAuthors(plan);
        }
        bystanders.track();
        try (Savepoint savepoint = new Savepoint(connection, "crr_row")) {
            if (!writeNow(plans, exactly)) {
                return new SQLException("a trigger of the table ignored the write");
            }
            savepoint.keep();
            return null;
        } catch (SQLException fault) {
            requireRowFault(fault);
            if (fault.getSuppressed().length > 0) {
                throw fault; // RAISE(ROLLBACK) and ON CONFLICT ROLLBACK end the caller's transaction, and the savepoint
                // with it
            }
            return fault;
        } finally {
            rows.clear();
            clocks.clear();
        }
    }

    private boolean writeNow(List<MergePlan> plans, boolean exactly) throws SQLException {
        bystanders.expect(plans);
        long version = begin(plans.size());
        for (MergePlan plan : plans) {
            rows.add(plan, exactly);
            clocks.add(plan, ++version);
        }
        boolean written = rows.write();
        rows.countInOwners();
        boolean deletes =
                table.userTriggers() && plans.stream().anyMatch(plan -> plan.action == MergePlan.Action.DELETE);
        guard(deletes ? "''" : "NULL");
        if (!written) {
            return false;
        }
        clocks.write();
        // The tombstones stand before the rows go, and the guard names no table, so that what a delete cascades to is
        // tracked, and a trigger that heeds the guard keeps still.
        rows.delete();
        if (deletes) {
            guard("NULL");
        }
        triggerEdits.record(plans, version - plans.size());
        plans.forEach(plan -> tally.applied(table, plan));
        return true;
    }

    private void guard(String value) throws SQLException {
        Queries.execute(connection, "UPDATE main.crr_state SET merging = " + value);
    }

    /** Takes so many versions, puts up the guard, and returns the version before the first taken. */
    private long begin(int versions) throws SQLException {
        Queries.update(
                connection, "UPDATE main.crr_state SET version = version + ?, merging = ?", versions, table.name());
        return Queries.number(connection, "SELECT version FROM main.crr_state") - versions;
    }

    private static void requireRowFault(SQLException fault) throws SQLException {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && ROW_FAULTS.contains(sql.getErrorCode() & 0xFF)) {
                return;
            }
        }
        throw fault;
    }

    @Override
    public void close() throws SQLException {
        held.close();
        lookup.close();
        rows.close();
        clocks.close();
        bystanders.close();
    }
}
