package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the time since a file was last brought up to date.
 *
 * @param schemaKept whether nobody changed the schema, so that whatever triggers there are watched all along
 * @param migration the state before the migration that is just over, if it was kept
 */
record Meanwhile(boolean schemaKept, @Nullable BeforeMigration migration) {

    /** SQLite's number of the schema has 32 bits; above it stands ours. */
    private static final long SQLITES = 0xFFFF_FFFFL;

    /** To be asked before anything of the schema is changed. */
    static Meanwhile of(Connection connection, @Nullable BeforeMigration migration) throws SQLException {
        return new Meanwhile(CoreTables.exist(connection) && isRecorded(connection), migration);
    }

    private static boolean isRecorded(Connection connection) throws SQLException {
        long recorded = Queries.number(connection, "SELECT schema_version FROM main.crr_state");
        return (recorded & SQLITES) == Queries.number(connection, "PRAGMA main.schema_version");
    }
}
