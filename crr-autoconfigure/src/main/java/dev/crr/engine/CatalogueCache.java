package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Keeps the catalogue as long as the schema stays as it is: every change of the catalogue rebuilds triggers or the view. */
final class CatalogueCache {

    private record Snapshot(long schemaVersion, SortedMap<String, CrrTable> tables) {}

    private volatile @Nullable Snapshot snapshot;

    SortedMap<String, CrrTable> get(Connection connection) throws SQLException {
        long schemaVersion = Queries.number(connection, "PRAGMA schema_version");
        Snapshot known = snapshot;
        if (known == null || known.schemaVersion() != schemaVersion) {
            known = new Snapshot(schemaVersion, Catalogue.load(connection));
            snapshot = known;
        }
        return known.tables();
    }
}
