package dev.crr.engine;

import dev.crr.Epoch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalogue as long as the schema stays as it is: every change of the catalogue rebuilds triggers or the view. As a
 * rolled back change and another after it have the same schema version, the epoch, which begins anew with each, counts too.
 */
final class CatalogueCache {

    private record Snapshot(long schemaVersion, Epoch epoch, SortedMap<String, CrrTable> tables) {}

    private volatile @Nullable Snapshot snapshot;

    SortedMap<String, CrrTable> get(Connection connection) throws SQLException {
        FileFormat.requireOf(connection); // Another process may have upgraded the file.
        long schemaVersion = Queries.number(connection, "PRAGMA schema_version");
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
}
