package dev.crr.engine;

import dev.crr.ChangeNotApplicableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges rows of one table, many at a time: looks up what is here, decides, writes.
 *
 * <p>A row that cannot be applied is only found by writing each row in a savepoint of its own. As savepoints double the cost of
 * a merge, that is left to a second, careful attempt.
 */
final class TableMerge implements AutoCloseable {

    /** Result codes of SQLite that blame the row and not the database: ERROR (as from a user's trigger), TOOBIG, CONSTRAINT, MISMATCH. */
    private static final List<Integer> ROW_FAULTS = List.of(1, 18, 19, 20);

    /** Some row cannot be applied; what was written meanwhile has to be undone, and done again carefully. */
    static final class RowFault extends Exception {
        private static final long serialVersionUID = 1L;

        RowFault() {}

        RowFault(SQLException cause) {
            super(cause);
        }
    }

    private final Connection connection;
    private final CrrTable table;
    private final Sites sites;
    private final boolean careful;
    private final RowLookup lookup;
    private final RowWriter rows;
    private final ClockWriter clocks;
    private final TriggerEdits triggerEdits;
    private final Bystanders bystanders;

    private long applied;

    TableMerge(Connection connection, CrrTable table, Sites sites, boolean careful) throws SQLException {
        this.connection = connection;
        this.table = table;
        this.sites = sites;
        this.careful = careful;
        this.lookup = new RowLookup(connection, table);
        this.rows = new RowWriter(connection, table);
        this.clocks = new ClockWriter(connection, table, sites);
        this.triggerEdits = new TriggerEdits(connection, table);
        this.bystanders = new Bystanders(connection, table);
    }

    /**
     * Merges the rows and returns how many of their changes won.
     *
     * @throws RowFault if some row cannot be applied and this is not the careful attempt
     * @throws ChangeNotApplicableException if a row cannot be applied, naming it
     */
    long merge(List<IncomingRow> incoming) throws SQLException, RowFault {
        applied = 0;
        int size = RowLookup.rowsAtOnce(table);
        for (int from = 0; from < incoming.size(); from += size) {
            List<IncomingRow> group = incoming.subList(from, Math.min(from + size, incoming.size()));
            List<MergePlan> plans = changing(decide(group));
            if (!plans.isEmpty()) {
                write(plans);
            }
        }
        return applied;
    }

    private List<MergePlan> decide(List<IncomingRow> group) throws SQLException {
        LocalRow[] local = lookup.find(group);
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
        bystanders.track();
        if (careful) {
            for (MergePlan plan : plans) {
                writeAlone(plan.incoming);
            }
            return;
        }
        try {
            if (!writeNow(plans)) {
                throw new RowFault();
            }
        } catch (SQLException fault) {
            requireRowFault(fault);
            throw new RowFault(fault);
        }
    }

    private void writeAlone(IncomingRow incoming) throws SQLException {
        // Decided anew, because triggers and cascades of the rows before it may have changed it.
        SQLException fault = tryAlone(changing(decide(List.of(incoming))));
        if (fault == null) {
            return;
        }
        sites.reload();
        // A row that nobody tracked may be in the way: it is taken in as it would be at the next start, and meets the
        // change.
        Adoption.adoptRow(connection, table, incoming.key);
        fault = tryAlone(changing(decide(List.of(incoming))));
        if (fault != null) {
            throw new ChangeNotApplicableException(incoming.sample(), String.valueOf(fault.getMessage()), fault);
        }
    }

    /** Writes one row or, returning the reason, nothing. */
    private @Nullable SQLException tryAlone(List<MergePlan> plan) throws SQLException {
        try (Savepoint savepoint = new Savepoint(connection, "crr_row")) {
            if (!writeNow(plan)) {
                return new SQLException("a trigger of the table ignored the write");
            }
            savepoint.keep();
            return null;
        } catch (SQLException fault) {
            requireRowFault(fault);
            return fault;
        } finally {
            rows.clear();
            clocks.clear();
        }
    }

    private boolean writeNow(List<MergePlan> plans) throws SQLException {
        bystanders.except(plans);
        long version = begin(plans.size());
        long count = 0;
        for (MergePlan plan : plans) {
            rows.add(plan);
            clocks.add(plan, ++version);
            count += plan.applied();
        }
        boolean written = rows.write();
        Queries.execute(connection, "UPDATE crr_state SET merging = NULL");
        if (!written) {
            return false;
        }
        clocks.write();
        // The tombstones stand before the rows go, and the guard is down, so that what a delete cascades to is tracked.
        rows.delete();
        triggerEdits.record(plans, version - plans.size());
        applied += count;
        return true;
    }

    /** Takes so many versions, puts up the guard, and returns the version before the first taken. */
    private long begin(int versions) throws SQLException {
        Queries.update(connection, "UPDATE crr_state SET version = version + ?, merging = ?", versions, table.name());
        return Queries.number(connection, "SELECT version FROM crr_state") - versions;
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
        lookup.close();
        rows.close();
        clocks.close();
        bystanders.close();
    }
}
