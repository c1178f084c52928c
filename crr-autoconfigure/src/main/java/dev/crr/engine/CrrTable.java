package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A replicated table as the catalogue and the file describe it.
 *
 * @param name its name as the file spells it
 * @param entity the entity it belongs to, if there is one
 * @param keys its key columns in PRIMARY KEY clause order
 * @param columns its other replicated columns in order of their ordinals
 * @param dormant names of columns that it had, or that stay local: what peers say of them is not wanted
 * @param formerNames names that columns had before, by which older peers still call them, and their ordinals
 * @param versions the columns that count the edits of its rows
 * @param reactions what triggers that are not crr's do to it
 * @param ownersTriggers whether another table that counts its rows has
 * @param firstCl the causal length that a new key begins with: above that of every tombstone that was ever removed
 */
record CrrTable(
        String name,
        @Nullable String entity,
        List<Key> keys,
        List<Column> columns,
        Set<String> dormant,
        Map<String, Integer> formerNames,
        List<VersionColumn> versions,
        Reactions reactions,
        boolean ownersTriggers,
        long firstCl) {

    /** Instead of an index: the column is one of the dormant. */
    static final int DORMANT = -2;

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
            @Nullable String defaultSql) {

        /** What rows have in it that were not given a value, as an SQL expression. */
        String standard() {
            return defaultSql == null ? "NULL" : "(" + defaultSql + ")";
        }
    }

    /** Of the name only: a merge looks its table up once per change, and equal tables have equal names. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Whether it has triggers that are not crr's. */
    boolean userTriggers() {
        return !reactions.triggers().isEmpty();
    }

    /** The same table, where other triggers are known of. */
    CrrTable with(UserTriggers triggers) {
        return new CrrTable(
                name,
                entity,
                keys,
                columns,
                dormant,
                formerNames,
                versions,
                triggers.reactions(name, keyNames(), columnNames()),
                triggers.anyOnOwners(name, versions),
                firstCl);
    }

    /** The name in statements: no temporary table that somebody left on the connection hides it. */
    String quoted() {
        return Quoting.inFile(name);
    }

    /** The table of row clocks, in statements. */
    String rowClocks() {
        return Quoting.inFile(name + "__crr_row");
    }

    /** The table of cell clocks, in statements. */
    String cellClocks() {
        return Quoting.inFile(name + "__crr_cell");
    }

    /** The table of keys touched while the triggers stood aside, in statements. */
    String touchedKeys() {
        return Quoting.inFile(name + "__crr_touched");
    }

    /** The name in triggers and views, which know the tables of their own file only. */
    String bareName() {
        return Quoting.name(name);
    }

    /** The table of row clocks, in triggers and views. */
    String bareRowClocks() {
        return Quoting.name(name + "__crr_row");
    }

    /** The table of cell clocks, in triggers and views. */
    String bareCellClocks() {
        return Quoting.name(name + "__crr_cell");
    }

    /** The table of keys touched while the triggers stood aside, in triggers. */
    String bareTouchedKeys() {
        return Quoting.name(name + "__crr_touched");
    }

    List<String> keyNames() {
        return keys.stream().map(Key::name).toList();
    }

    /** What an UPDATE that changes the key may assign: also the names that SQLite has for every rowid. */
    String keyAssignments() {
        String names = Quoting.names("", keyNames());
        return keys.stream().anyMatch(Key::rowid) ? names + ", rowid, oid, _rowid_" : names;
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

    /** Index in {@link #columns} of the column a peer means, {@link #DORMANT}, or -1 if there is none of that name. */
    int indexOf(String columnName) {
        int index = indexOfPresent(columnName);
        if (index >= 0) {
            return index;
        }
        if (dormant.contains(columnName)) {
            return DORMANT;
        }
        Integer ordinal = formerNames.get(columnName);
        for (int i = 0; ordinal != null && i < columns.size(); i++) {
            if (columns.get(i).ordinal() == ordinal) {
                return i;
            }
        }
        return -1;
    }

    /** The name of a column as the file has it, or as it is if it is one that the column had before. */
    String spelled(int column, String name) {
        String here = columns.get(column).name();
        return SqlNames.same(here, name) ? here : name;
    }

    private int indexOfPresent(String columnName) {
        for (int i = 0; i < columns.size(); i++) {
            if (SqlNames.same(columns.get(i).name(), columnName)) {
                return i;
            }
        }
        return -1;
    }
}
