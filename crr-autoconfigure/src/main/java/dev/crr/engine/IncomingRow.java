package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All changes of one row that are merged together: those of a changeset, and those set aside before. */
final class IncomingRow {

    /**
     * One of them.
     *
     * @param change the change
     * @param column index of its column in the table; -1 for a row record and for a column that does not exist
     *     here, {@link CrrTable#DORMANT} for one that is not wanted here
     * @param value its value as the column would store it
     * @param held why it was in quarantine, null if it only just arrived
     * @param judged whether a policy was asked about this very change
     * @param verdict whether its sender may write it
     */
    record Item(
            Change change, int column, Value value, Quarantine.@Nullable Reason held, boolean judged, Verdict verdict) {

        /** A change that may be written, under the names as the file has them. */
        static Item of(Change change, CrrTable table, StoredForm stored, Quarantine.@Nullable Reason held)
                throws SQLException {
            int column = change.isRow() ? -1 : table.indexOf(change.cid());
            Value value = column < 0
                    ? Value.NULL
                    : stored.of(change.val(), table.columns().get(column).affinity());
            return new Item(spelledAsHere(change, table, column), column, value, held, false, Verdict.ALLOWED);
        }

        private static Change spelledAsHere(Change change, CrrTable table, int column) {
            String cid = column < 0 ? change.cid() : table.spelled(column, change.cid());
            return table.name().equals(change.table()) && cid.equals(change.cid())
                    ? change
                    : change.called(table.name(), cid);
        }

        boolean isHeld() {
            return held != null;
        }

        /** Whether it is for a column that is not here. */
        boolean isOfUnknownColumn() {
            return column == -1 && !change.isRow();
        }

        boolean isAlive() {
            return (change.cl() & 1) == 1;
        }
    }

    /** What the policy says of a change. */
    enum Verdict {
        /** It may be written. */
        ALLOWED,
        /** It may be written to a row that is here, but neither make nor revive one. */
        IN_ROWS_THAT_ARE,
        /** It may not be written. */
        REFUSED
    }

    /**
     * In this order neighbours share pages of the indexes on the key, which rows in order of their versions rarely do. Edits of
     * rows in a table larger than the page cache merge in two thirds of the time.
     */
    static final Comparator<IncomingRow> BY_KEY = (a, b) -> {
        for (int i = 0; i < a.key.size(); i++) {
            int order = ValueOrder.INSTANCE.compare(a.key.get(i), b.key.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    /** The key as the table would store it. */
    final List<Value> key;

    final List<Item> items = new ArrayList<>();

    IncomingRow(List<Value> key) {
        this.key = key;
    }

    /** The same row with further changes. */
    IncomingRow with(List<Item> further) {
        IncomingRow row = new IncomingRow(key);
        row.items.addAll(items);
        row.items.addAll(further);
        return row;
    }

    long bytes() {
        long bytes = 0;
        for (Item item : items) {
            bytes += Sizes.of(item.change());
        }
        return bytes;
    }

    boolean anyHeld() {
        for (Item item : items) {
            if (item.isHeld()) {
                return true;
            }
        }
        return false;
    }
}
