package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out of a copy of a replica what is nobody else's: rows of local tables, local columns, and what peers have of it. A local
 * table that cannot be emptied is left out as a whole: neither may it keep anybody from a copy, nor its rows get into one.
 */
final class LocalContent {

    private static final Logger log = LoggerFactory.getLogger(LocalContent.class);

    private final Connection copy;
    private final Set<String> kept = new TreeSet<>(SqlNames.ORDER);

    private record Trigger(String name, String sql) {}

    private record Table(String name, boolean virtual, String sql) {}

    LocalContent(Connection copy, Collection<String> kept) {
        this.copy = copy;
        this.kept.addAll(kept);
    }

    /** Inside the caller's transaction. */
    void remove() throws SQLException {
        // Neither ours nor the user's may take this for edits. In order of age, on which it depends which fires first.
        List<Trigger> triggers = Queries.list(
                copy,
                "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' ORDER BY rowid",
                row -> new Trigger(row.getString(1), row.getString(2)));
        for (Trigger trigger : triggers) {
            Queries.execute(copy, "DROP TRIGGER " + Quoting.name(trigger.name()));
        }
        dropUnusableIndexes();
        Set<String> ours = new TreeSet<>(SqlNames.ORDER);
        ours.addAll(CoreTables.names());
        Set<String> gone = new TreeSet<>(SqlNames.ORDER);
        for (Catalogue.Entry entry : Catalogue.entries(copy)) {
            if (entry.active()) {
                ours.addAll(List.of(entry.name(), entry.name() + "__crr_row", entry.name() + "__crr_cell"));
                ours.add(CoarseTriggers.notes(entry.name()));
                resetLocalColumns(entry);
            } else {
                // Its clocks would make tombstones of the rows that stay behind, should the table return.
                forget(entry.name());
                gone.add(entry.name());
            }
        }
        for (Table table : tables()) {
            if (!ours.contains(table.name()) && (!kept.contains(table.name()) || gone.contains(table.name()))) {
                empty(table);
            }
        }
        forgetPeers();
        for (Trigger trigger : triggers) {
            if (gone.stream().noneMatch(table -> isOurs(trigger, table))) {
                Queries.execute(copy, trigger.sql());
            }
        }
    }

    /** What was received stays received, but for what was set aside here, and needs another try elsewhere. */
    private void forgetPeers() throws SQLException {
        Queries.execute(
                copy,
                "DELETE FROM main.crr_cursor WHERE event <> 0 OR scope <> '' OR EXISTS (SELECT 1 FROM main.crr_quarantine)"
                        + " OR EXISTS (SELECT 1 FROM main.crr_refused)");
        Queries.execute(copy, "DELETE FROM main.crr_quarantine");
        Queries.execute(copy, "DELETE FROM main.crr_refused");
        Queries.execute(copy, "DELETE FROM main.crr_quarantine_size");
        Queries.execute(copy, "DELETE FROM main.crr_refused_size");
        Queries.execute(copy, "DELETE FROM main.crsql_tracked_peers");
        Queries.execute(
                copy,
                "INSERT INTO main.crsql_tracked_peers (site_id, version, seq, tag, event) SELECT site_id, version, 0, 0, 0 FROM main.crr_cursor");
    }

    private static boolean isOurs(Trigger trigger, String table) {
        String prefix = table + "__crr_";
        return trigger.name().regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Tables that can be written to: the shadows of virtual tables go with these. */
    private List<Table> tables() throws SQLException {
        return Queries.list(copy, """
                SELECT l.name, l.type = 'virtual', m.sql FROM pragma_table_list l
                JOIN main.sqlite_master m ON m.name = l.name AND m.type = 'table'
                WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'""", row -> new Table(row.getString(1), row.getBoolean(2), row.getString(3)));
    }

    private void empty(Table table) throws SQLException {
        try {
            if (table.virtual()) {
                // A full-text index without its content does not find the rows that it is to forget.
                Queries.execute(copy, "DROP TABLE " + Quoting.name(table.name()));
                Queries.execute(copy, table.sql());
            } else {
                // These look at every index, check and generated column; to delete all rows at once need not.
                Queries.list(copy, "EXPLAIN DELETE FROM " + Quoting.name(table.name()) + " WHERE true", row -> true);
                Queries.list(
                        copy, "EXPLAIN INSERT INTO " + Quoting.name(table.name()) + " DEFAULT VALUES", row -> true);
                Queries.execute(copy, "DELETE FROM " + Quoting.name(table.name()));
            }
        } catch (SQLException e) {
            log.warn(
                    "A snapshot leaves out the local table {}, which cannot be emptied: {}",
                    table.name(),
                    e.getMessage());
            leaveOut(table);
        }
    }

    /** Whose module is not there cannot even be dropped. What belonged to it is not written anew when the copy is. */
    private void leaveOut(Table table) throws SQLException {
        try {
            Queries.execute(copy, "DROP TABLE IF EXISTS " + Quoting.name(table.name()));
        } catch (SQLException e) {
            log.debug("The table {} is taken out of the schema, as it cannot be dropped", table.name(), e);
            Queries.execute(copy, "PRAGMA writable_schema = ON");
            Queries.update(copy, "DELETE FROM main.sqlite_master WHERE tbl_name = ? COLLATE NOCASE", table.name());
            Queries.execute(copy, "PRAGMA writable_schema = RESET");
        }
    }

    /** Those on a function or collation that only the application's connections have. */
    private void dropUnusableIndexes() throws SQLException {
        for (String index : Queries.list(
                copy,
                "SELECT name FROM main.sqlite_master WHERE type = 'index' AND sql NOT NULL",
                row -> row.getString(1))) {
            try {
                Queries.list(copy, "EXPLAIN REINDEX " + Quoting.name(index), row -> true);
            } catch (SQLException e) {
                log.warn("A snapshot leaves out the index {}, which cannot be made here: {}", index, e.getMessage());
                Queries.execute(copy, "DROP INDEX " + Quoting.name(index));
            }
        }
    }

    private void resetLocalColumns(Catalogue.Entry entry) throws SQLException {
        TableShape shape = TableShape.read(copy, entry.name());
        if (shape == null) {
            return;
        }
        Set<String> local = Catalogue.unrecorded(copy, shape);
        // The count of a row's edits tells nothing, and need not have a default.
        VersionColumns.usable(copy, shape).forEach(version -> local.remove(version.column()));
        for (TableShape.ShapeColumn column : shape.others()) {
            if (local.contains(column.name())) {
                Queries.execute(
                        copy,
                        "UPDATE " + Quoting.name(shape.name()) + " SET " + Quoting.name(column.name()) + " = "
                                + (column.defaultSql() == null ? "NULL" : "(" + column.defaultSql() + ")"));
            }
        }
    }

    private void forget(String table) throws SQLException {
        ClockTables.drop(copy, table);
        CoarseTriggers.dropNotes(copy, table);
        for (String catalogue : List.of("crr_column", "crr_former_name", "crr_version_column")) {
            Queries.update(copy, "DELETE FROM " + catalogue + " WHERE \"table\" = ? COLLATE NOCASE", table);
        }
        Queries.update(copy, "DELETE FROM main.crr_table WHERE name = ?", table);
        // Whoever has nothing of the table has missed nothing of it.
        Queries.update(copy, "UPDATE main.crr_floor SET missed = 0 WHERE \"table\" = ?", table);
    }
}
