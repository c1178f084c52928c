package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes single tables replicate or stop, and lets their schema be changed, at any time and in the caller's transaction. Stateless.
 *
 * <p>What is switched here stays so: {@link CrrInstaller#install} goes on with every table that replicates already, and switches
 * those on again that it is asked for.
 */
public final class TableSwitch {

    private TableSwitch() {}

    /**
     * Makes a table replicate with all its columns, or go on from where it was switched off. Does nothing to one that replicates.
     *
     * @param connection a connection inside a transaction; the caller commits, or rolls back if this throws
     * @param table the table, unquoted, in any case
     * @throws InvalidTableException if it cannot replicate
     * @throws SQLException if the database fails
     */
    public static void on(Connection connection, String table) throws SQLException {
        Meanwhile meanwhile = Meanwhile.of(connection, null);
        FileInstallation.prepare(connection);
        Catalogue.Entry entry = entry(connection, table);
        if (entry != null && entry.active() && TableShape.read(connection, table) != null) {
            return;
        }
        List<CrrTable> aside = aside(connection, table);
        TableSpec spec = spec(connection, table, entry);
        FileInstallation.bringUpToDate(
                connection, List.of(spec), ForeignKeyCheck.problems(connection, List.of(spec)), meanwhile);
        if (!aside.isEmpty()) {
            // Some tool is at work on the schema, and may go on with this table.
            aside.add(active(connection, table));
        }
        standAside(connection, aside);
        FileInstallation.beginEpoch(connection);
        TriggerAdvice.give(connection);
    }

    /**
     * Stops replicating a table. It is neither tracked nor exchanged any more; no row changes, here or elsewhere. Its clocks
     * stay, and coarse triggers note which rows are touched, so that it can go on one day.
     *
     * @param connection a connection inside a transaction; the caller commits, or rolls back if this throws
     * @param table the table, unquoted, in any case
     * @throws NotReplicatedException if it does not replicate
     * @throws SQLException if the database fails
     */
    public static void off(Connection connection, String table) throws SQLException {
        CrrTable active = active(connection, table);
        boolean anyAside = !aside(connection, "").isEmpty();
        standAside(connection, List.of(active));
        Catalogue.deactivate(connection, active.name());
        if (!anyAside) {
            ChangesView.create(connection, Catalogue.load(connection).values());
        }
        FileInstallation.beginEpoch(connection);
    }

    /**
     * Prepares a table for changes of its schema, until {@link #commitAlter}. What is written to it meanwhile is not lost: all rows
     * touched count as edited. {@code crsql_changes} is gone for the time.
     *
     * @param connection a connection inside a transaction; the caller commits, or rolls back if this throws
     * @param table the table, unquoted, in any case
     * @throws NotReplicatedException if it does not replicate
     * @throws SQLException if the database fails
     */
    public static void beginAlter(Connection connection, String table) throws SQLException {
        standAside(connection, List.of(active(connection, table)));
        FileInstallation.beginEpoch(connection);
    }

    /**
     * Takes a changed table back in, with the columns it has now. One that was not being changed is compared with its clocks, in case
     * triggers were switched off: rows that came or went unseen are accounted for, all cells are announced again, and all peers
     * are asked for what they have.
     *
     * @param connection a connection inside a transaction; the caller commits, or rolls back if this throws
     * @param table the table, unquoted, in any case
     * @throws NotReplicatedException if it does not replicate
     * @throws InvalidTableException if it cannot replicate any more
     * @throws SQLException if the database fails
     */
    public static void commitAlter(Connection connection, String table) throws SQLException {
        CrrTable altered = active(connection, table);
        boolean begun = CoarseTriggers.standIn(InstalledTriggers.all(connection).keySet(), altered.name());
        List<CrrTable> aside = aside(connection, table);
        FileInstallation.bringUpToDate(connection, List.of(), List.of(), Meanwhile.of(connection, null));
        if (!begun) {
            CrrTable known = active(connection, table);
            Adoption.adoptRows(connection, known);
            Adoption.buryMissingRows(connection, known);
            Adoption.announceAgain(connection, known);
            Cursors.askAgain(connection);
        }
        standAside(connection, aside);
        FileInstallation.beginEpoch(connection);
    }

    private static void standAside(Connection connection, List<CrrTable> tables) throws SQLException {
        if (tables.isEmpty()) {
            return;
        }
        FileInstallation.standAside(connection, Meanwhile.of(connection, null), tables);
    }

    /** Other tables for which coarse triggers stand in at present, as others are at work on the schema. */
    private static List<CrrTable> aside(Connection connection, String table) throws SQLException {
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        return Catalogue.load(connection).values().stream()
                .filter(each -> !SqlNames.same(each.name(), table))
                .filter(each -> CoarseTriggers.standIn(triggers, each.name()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static TableSpec spec(Connection connection, String table, Catalogue.@Nullable Entry known)
            throws SQLException {
        TableShape shape = TableShape.read(connection, table);
        if (shape == null || known == null) {
            return new TableSpec(table, null, Set.of());
        }
        return new TableSpec(
                table,
                known.entity(),
                FileInstallation.localColumns(connection, known, shape),
                VersionColumns.of(connection, known.name()));
    }

    private static CrrTable active(Connection connection, String table) throws SQLException {
        FileFormat.require(connection);
        if (CoreTables.exist(connection)) {
            for (CrrTable each : Catalogue.load(connection).values()) {
                if (SqlNames.same(each.name(), table)) {
                    return each;
                }
            }
        }
        throw new NotReplicatedException(table);
    }

    private static Catalogue.@Nullable Entry entry(Connection connection, String table) throws SQLException {
        for (Catalogue.Entry entry : Catalogue.entries(connection)) {
            if (SqlNames.same(entry.name(), table)) {
                return entry;
            }
        }
        return null;
    }
}
