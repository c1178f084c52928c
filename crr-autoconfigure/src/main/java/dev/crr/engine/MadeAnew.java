package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts for a table that has no triggers of ours any more, as one that was dropped and made anew.
 *
 * <p>Absence that nobody watched is no intent. A row that is gone was deleted if its deletion was noted before, or if a migration
 * copied the table and left the row out. Otherwise nothing is known of it: peers keep it, and give it back. To lose a row that
 * somebody wanted deleted is to see it again; to delete one that nobody wanted deleted is to lose it everywhere.
 */
final class MadeAnew {

    private static final Logger log = LoggerFactory.getLogger(MadeAnew.class);

    private final Connection connection;
    private final @Nullable BeforeMigration migration;
    private final Set<String> renamedAway;

    /**
     * @param migration the state before the migration that is just over, if it was kept
     * @param renamedAway tables whose triggers were found on a table of another name, in lower case
     */
    MadeAnew(Connection connection, @Nullable BeforeMigration migration, Set<String> renamedAway) {
        this.connection = connection;
        this.migration = migration;
        this.renamedAway = renamedAway;
    }

    /**
     * @param before the version before this start
     */
    void account(CrrTable table, long before) throws SQLException {
        BeforeMigration state = migration != null && migration.knows(table) ? migration : null;
        if (state != null) {
            state.note(connection, table, before);
        }
        if (CoarseTriggers.haveNotes(connection, table)) {
            Adoption.accountForTouchedRows(connection, table, before, true);
        }
        if (state == null) {
            // Values may differ from those that peers have under the same clocks.
            Adoption.announceAgain(connection, table);
            Cursors.askAgain(connection);
            log.warn(
                    "Table {} lost its triggers while nobody watched, as if it was made anew. Its rows are announced again. A"
                            + " value that was changed meanwhile competes with those of the peers as if it was old: write it"
                            + " again if it matters.",
                    table.name());
        }
        Adoption.adoptRows(connection, table);
        if (state != null && isCopy(table, state)) {
            Adoption.buryMissingRows(connection, table);
        } else {
            letReturn(table);
        }
    }

    private void letReturn(CrrTable table) throws SQLException {
        int missing = Adoption.forgetMissingRows(connection, table);
        if (missing > 0) {
            Cursors.askAgain(connection);
            log.warn(
                    "Table {} was made anew without {} rows that it had. Nothing tells that they were deleted, so peers keep"
                            + " them, and they come back from there at the next synchronisation. To delete rows at the peers"
                            + " too, use DELETE.",
                    table.name(),
                    missing);
        }
    }

    /** The recipe for changes that ALTER TABLE does not know: another table is filled, and takes the place of this one. */
    private boolean isCopy(CrrTable table, BeforeMigration state) throws SQLException {
        return !state.byScript()
                && (renamedAway.contains(SqlNames.fold(table.name())) || wasRenamed(table))
                && Queries.exists(connection, "SELECT 1 FROM " + table.quoted() + " LIMIT 1");
    }

    /** SQLite writes the new name of a table in quotes, however it was given. */
    private boolean wasRenamed(CrrTable table) throws SQLException {
        String made = "CREATE TABLE " + table.bareName();
        return Queries.exists(
                connection,
                "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ? AND substr(sql, 1, ?) = ?",
                table.name(),
                made.length(),
                made);
    }
}
