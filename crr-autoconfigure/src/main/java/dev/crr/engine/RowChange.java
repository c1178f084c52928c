package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SiteId;
import dev.crr.Value;
import java.util.List;

/**
 * All that one version did to one row, ready to be sent.
 *
 * @param version the version
 * @param changes what is to be sent of it, possibly nothing
 */
record RowChange(long version, List<Change> changes) {

    /** Makes the changes of one row. */
    record Source(CrrTable table, List<Value> key, long cl) {

        Change row(long version, SiteId author) {
            return new Change(table.name(), key, Change.ROW, Value.NULL, cl, version, author, cl, 0);
        }

        Change cell(CrrTable.Column column, Value value, long colVersion, long version, SiteId author) {
            return new Change(
                    table.name(), key, column.name(), value, colVersion, version, author, cl, column.ordinal());
        }
    }
}
