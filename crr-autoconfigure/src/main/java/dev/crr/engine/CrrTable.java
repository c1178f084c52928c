package dev.crr.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replicated table as the catalogue and the file describe it.
 *
 * @param name its name as the file spells it
 * @param entity the entity it belongs to, if there is one
 * @param keys its key columns in PRIMARY KEY clause order
 * @param columns its other replicated columns in order of their ordinals
 * @param versions the columns that count the edits of its rows
 * @param userTriggers whether it has triggers that are not crr's
 * @param ownersTriggers whether another table that counts its rows has
 */
record CrrTable(
        String name,
        @Nullable String entity,
        List<Key> keys,
        List<Column> columns,
        List<VersionColumn> versions,
        boolean userTriggers,
        boolean ownersTriggers) {

    /**
     * A key column.
     *
     * @param name its name
     * @param affinity what it does to values
     * @param rowid whether it is an alias of the rowid, which takes nothing but integers
     */
    record Key(String name, Affinity affinity, boolean rowid) {}

    /**
     * A replicated column outside the key.
     *
     * @param name its name
     * @param ordinal names it in the clocks, from 1
     * @param since the first version whose rows have it
     * @param affinity what it does to values
     * @param notNull whether it refuses NULL
     * @param defaultSql its default as an SQL expression, if it has one
     */
    record Column(
            String name,
            int ordinal,
            long since,
            Affinity affinity,
            boolean notNull,
            @Nullable String defaultSql) {}

    /** Of the name only: a merge looks its table up once per change, and equal tables have equal names. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    String quoted() {
        return Quoting.name(name);
    }

    /** The table of row clocks, quoted. */
    String rowClocks() {
        return Quoting.name(name + "__crr_row");
    }

    /** The table of cell clocks, quoted. */
    String cellClocks() {
        return Quoting.name(name + "__crr_cell");
    }

    /** The table of keys touched while the triggers stood aside, quoted. */
    String touchedKeys() {
        return Quoting.name(name + "__crr_touched");
    }

    List<String> keyNames() {
        return keys.stream().map(Key::name).toList();
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    /** The column of this table that counts the edits of its rows, if there is one. */
    @Nullable VersionColumn ownVersion() {
        for (VersionColumn version : versions) {
            if (version.isOf(name)) {
                return version;
            }
        }
        return null;
    }

    /** Whether a column counts the edits of the rows. */
    boolean countsIn(String columnName) {
        VersionColumn own = ownVersion();
        return own != null && own.column().equalsIgnoreCase(columnName);
    }

    /** Index of a column in {@link #columns}, -1 if there is none of that exact name. */
    int indexOf(String columnName) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(columnName)) {
                return i;
            }
        }
        return -1;
    }
}
