package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SiteId;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All changes of one row in a changeset, with only the largest causal length kept: it wins over everything else. */
final class IncomingRow {

    /** A column change with its value as the column would store it. */
    record Cell(Change change, int column, Value value) {}

    final List<Value> key;
    final List<Cell> cells = new ArrayList<>();

    private final Change first;
    private int changes;
    private long cl;
    private @Nullable Change rowRecord;
    private @Nullable Change unknownColumn;
    private @Nullable Change largest;

    IncomingRow(List<Value> key, Change first) {
        this.key = key;
        this.first = first;
    }

    void add(Change change, int column, Value value) {
        changes++;
        if (change.cl() < cl) {
            return;
        }
        if (change.cl() > cl || largest == null) {
            cl = change.cl();
            cells.clear();
            rowRecord = null;
            unknownColumn = null;
            largest = change;
        }
        if (change.isRow()) {
            rowRecord = rowRecord == null ? change : rowRecord;
        } else if (!alive()) {
            return; // whichever column tells of a deletion does not matter
        } else if (column < 0) {
            unknownColumn = change;
        } else {
            cells.add(new Cell(change, column, value));
        }
    }

    /** How many changes there were of this row. */
    int changes() {
        return changes;
    }

    long cl() {
        return cl;
    }

    boolean alive() {
        return (cl & 1) == 1;
    }

    /** Whether the row's own record came with the largest causal length. */
    boolean hasRowRecord() {
        return rowRecord != null;
    }

    /** Who made, deleted or revived the row: by its record, or else by the first change that tells of it. */
    SiteId author() {
        return (rowRecord != null ? rowRecord : largest == null ? first : largest).siteId();
    }

    /** A change to blame where the row as a whole cannot be applied. */
    Change sample() {
        return largest == null ? first : largest;
    }

    /** A change of a column that does not exist here, if there is one that counts. */
    @Nullable Change unknownColumn() {
        return unknownColumn;
    }
}
