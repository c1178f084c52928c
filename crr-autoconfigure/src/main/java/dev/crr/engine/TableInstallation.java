package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one table after another up to date: catalogue, clocks, what no trigger tracked, triggers. */
final class TableInstallation {

    private static final Logger log = LoggerFactory.getLogger(TableInstallation.class);

    private final Connection connection;
    private final boolean schemaKept;
    private final MadeAnew anew;
    private final @Nullable BeforeMigration migration;

    /**
     * @param connection in a transaction
     * @param renamedAway tables whose triggers were found on a table of another name, in lower case
     */
    TableInstallation(Connection connection, Meanwhile meanwhile, Set<String> renamedAway) {
        this.connection = connection;
        this.migration = meanwhile.migration();
        this.schemaKept = meanwhile.schemaKept();
        this.anew = new MadeAnew(connection, meanwhile.migration(), renamedAway);
    }

    CrrTable install(TableSpec spec, TableShape shape) throws SQLException {
        KeyCheck.requireSame(connection, spec, shape);
        Catalogue.rename(connection, shape, RenamedColumns.names(connection, shape));
        long before = Queries.number(connection, "SELECT version FROM main.crr_state");
        boolean joins = !ClockTables.exist(connection, shape.name());
        boolean returns = Catalogue.dormantTables(connection).contains(shape.name());
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        boolean noted = CoarseTriggers.standIn(triggers, shape.name());
        Set<Integer> replaced = noted ? ReplacedColumns.drop(connection, shape, migration) : Set.of();
        Set<Integer> retyped = Catalogue.retyped(connection, shape);
        CrrTable table = Catalogue.record(connection, spec, shape);
        if (table.versions().size() < spec.versions().size()) {
            log.warn(
                    "What is merged into table {} does not count in the @Version of its owner: its key does not tell whose a"
                            + " row is.",
                    table.name());
        }
        warn(table, shape);
        ClockTables.create(connection, table);
        // Whatever text the triggers have: another release may have made them.
        boolean tracked = schemaKept || InstalledTriggers.areComplete(triggers, table, before);
        boolean isAnew = !noted && !tracked && !joins && !returns;
        if (isAnew) {
            // It took all triggers with it, and what came after was not noted.
            anew.account(table, before);
        } else if (CoarseTriggers.haveNotes(connection, table)) {
            CoarseTriggers.forget(connection, table, replaced);
            Adoption.accountForTouchedRows(connection, table, before, false);
        }
        if (returns) {
            // One that was switched off by hand has noted its edits meanwhile.
            if (!noted) {
                log.info("Table {} replicates again: its rows count as written now.", table.name());
                Adoption.takeUpAgain(connection, table);
            }
            Adoption.tellAgain(connection, table);
            Cursors.askAgain(connection);
            Floors.requireNothingMissed(connection, table.name());
        }
        if (!retyped.isEmpty()) {
            RetypedColumns.decideAgain(connection, table, retyped);
        }
        boolean current = !noted && InstalledTriggers.areCurrent(connection, table);
        if (joins || (!noted && !isAnew && !schemaKept)) {
            // Whoever changed the schema may have switched triggers off as well.
            Adoption.adoptRows(connection, table);
            Adoption.buryMissingRows(connection, table);
        }
        InstalledTriggers.drop(connection, triggers, CoarseTriggers.among(triggers, table.name()));
        CoarseTriggers.dropNotes(connection, table.name());
        if (!current) {
            InstalledTriggers.dropTracking(connection, table.name());
            for (String sql : TrackingTriggers.of(table).values()) {
                InstalledTriggers.create(connection, sql);
            }
        }
        return table;
    }

    /** What is declared, and cannot hold or be equal everywhere when cells are merged one by one. */
    private void warn(CrrTable table, TableShape shape) throws SQLException {
        for (String constraint : MultiCellConstraints.of(shape, table)) {
            log.warn(
                    "Table {}: {} can be broken by two edits that each keep it, made on two instances. Then each sets aside what"
                            + " the other wrote, and they stay different until the row is edited again so that it fits. Check it in the"
                            + " application instead, or keep these values in one column.",
                    table.name(),
                    constraint);
        }
        for (CrrTable.Column column : VolatileDefaults.of(connection, table)) {
            log.warn(
                    "Column {}.{} has the default {}, which is another one every time. Where its cell does not come with a row,"
                            + " as from a peer on an older schema, each instance makes a value of its own, and they stay different."
                            + " Have the application write the value, and use a constant as the default.",
                    table.name(),
                    column.name(),
                    column.defaultSql());
        }
    }
}
