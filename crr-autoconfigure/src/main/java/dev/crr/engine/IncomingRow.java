package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.List;

/** All changes of one row that are merged together: those of a changeset, and those set aside before. */
final class IncomingRow {

    /**
     * One of them.
     *
     * @param change the change
     * @param column index of its column in the table; -1 for a row record and for a column that does not exist
     *     here, {@link CrrTable#DORMANT} for one that is not wanted here
     * @param value its value as the column would store it
     * @param held whether it comes from the quarantine
     */
    record Item(Change change, int column, Value value, boolean held) {

        boolean isAlive() {
            return (change.cl() & 1) == 1;
        }
    }

    /** The key as the table would store it. */
    final List<Value> key;

    final List<Item> items = new ArrayList<>();

    IncomingRow(List<Value> key) {
        this.key = key;
    }

    boolean anyHeld() {
        for (Item item : items) {
            if (item.held()) {
                return true;
            }
        }
        return false;
    }
}
