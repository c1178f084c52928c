package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalogue as long as the schema stays as it is: every change of the catalogue rebuilds triggers or the view. As a
 * rolled back change and another after it have the same schema version, the epoch, which begins anew with each, counts too.
 */
final class CatalogueCache {

    private record Snapshot(long schemaVersion, Epoch epoch, SortedMap<String, CrrTable> tables) {}

    private volatile @Nullable Snapshot snapshot;

    /** The schema in which no trigger of the user's own was newer than ours. */
    private volatile long inOrder = -1;

    /** The schema in which the view could be read. */
    private volatile long viewChecked = -1;

    SortedMap<String, CrrTable> get(Connection connection) throws SQLException {
        FileFormat.requireOf(connection); // Another process may have upgraded the file.
        long schemaVersion = Queries.number(connection, "PRAGMA main.schema_version");
        Epoch epoch = Epochs.current(connection);
        Snapshot known = snapshot;
        if (known == null
                || known.schemaVersion() != schemaVersion
                || !known.epoch().equals(epoch)) {
            known = new Snapshot(schemaVersion, epoch, Catalogue.load(connection));
            snapshot = known;
        }
        return known.tables();
    }

    /** The same inside a transaction that writes: with the triggers that only this connection has, and ours the newest. */
    SortedMap<String, CrrTable> getForWriting(Connection connection) throws SQLException {
        if (viewIsBroken(connection)) {
            mendView(connection);
        }
        List<String> late = late(connection);
        if (!late.isEmpty()) {
            LateTriggers.overtake(connection, get(connection), late);
        }
        SortedMap<String, CrrTable> tables = get(connection);
        return UserTriggers.hasTemporary(connection) ? with(UserTriggers.ofConnection(connection), tables) : tables;
    }

    /**
     * Makes our triggers the newest, and the view one of tables that are there, outside any transaction; left to the next merge if
     * this connection cannot write.
     */
    void putInOrder(Connection connection) throws SQLException {
        boolean broken = viewIsBroken(connection);
        if ((broken || !late(connection).isEmpty())
                && Queries.number(connection, "PRAGMA query_only") == 0
                && !connection.isReadOnly()) {
            Transactions.write(connection, () -> {
                if (viewIsBroken(connection)) {
                    mendView(connection);
                }
                LateTriggers.overtake(connection, get(connection), late(connection));
                return true;
            });
        }
    }

    private boolean viewIsBroken(Connection connection) throws SQLException {
        long schemaVersion = Queries.number(connection, "PRAGMA main.schema_version");
        if (schemaVersion == viewChecked) {
            return false;
        }
        if (ChangesView.isBroken(connection)) {
            return true;
        }
        viewChecked = schemaVersion;
        return false;
    }

    /** Once per schema, be the view whole after that or not. */
    private void mendView(Connection connection) throws SQLException {
        ChangesView.drop(connection);
        ChangesView.create(connection, get(connection).values());
        viewChecked = Queries.number(connection, "PRAGMA main.schema_version");
    }

    /** Costs next to nothing while the schema stays as it is. */
    private List<String> late(Connection connection) throws SQLException {
        long schemaVersion = Queries.number(connection, "PRAGMA main.schema_version");
        if (schemaVersion == inOrder) {
            return List.of();
        }
        List<String> late = LateTriggers.tables(connection);
        if (late.isEmpty()) {
            inOrder = schemaVersion;
        }
        return late;
    }

    private static SortedMap<String, CrrTable> with(UserTriggers triggers, SortedMap<String, CrrTable> tables) {
        SortedMap<String, CrrTable> with = new TreeMap<>(SqlNames.ORDER);
        tables.forEach((name, table) -> with.put(name, table.with(triggers)));
        return with;
    }
}
