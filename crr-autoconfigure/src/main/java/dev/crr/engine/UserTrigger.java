package dev.crr.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A trigger that is not crr's, as far as its text tells. All names but its own are as {@link dev.crr.SqlNames#fold} makes them.
 *
 * @param name its name
 * @param table the table or view it is on
 * @param event what fires it
 * @param columns the columns of an UPDATE OF, empty for all
 * @param writes what its statements write
 * @param guarded whether it names {@code crr_state}, and so is taken to know of merges
 */
record UserTrigger(String name, String table, Event event, Set<String> columns, List<Write> writes, boolean guarded) {

    /** The names that SQLite has for the rowid. */
    static final Set<String> ROWID = Set.of("rowid", "oid", "_rowid_");

    enum Event {
        INSERT,
        DELETE,
        UPDATE
    }

    /**
     * What one of its statements writes.
     *
     * @param kind what it does
     * @param table to which table or view
     * @param columns the columns that it assigns; of an INSERT those listed, which may be none
     * @param sameAsRow columns that the condition of an UPDATE holds equal to one of the row that fired the trigger
     * @param repeatable whether it comes to the same wherever and however often it is done, as far as can be told
     * @param taken whether a row that is there already is in nobody's way
     */
    record Write(
            Kind kind,
            String table,
            Set<String> columns,
            Map<String, String> sameAsRow,
            boolean repeatable,
            boolean taken) {

        /** Stands for every column of the table. */
        static final String ANY_COLUMN = "*";

        enum Kind {
            INSERT,
            DELETE,
            UPDATE
        }
    }

    boolean isFiredBy(String column) {
        return event == Event.UPDATE
                && (columns.isEmpty() || column.equals(Write.ANY_COLUMN) || columns.contains(column));
    }
}
