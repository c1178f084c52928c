package dev.crr.engine;

import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables crr keeps beside those of the application. */
final class CoreTables {

    /** Prefixes of names that are crr's or SQLite's own. */
    static final List<String> RESERVED_PREFIXES = List.of("crr_", "crsql_", "sqlite_");

    /** Files made before this was known do not have it. Where the edits of a table's rows are counted, by key column. */
    private static final String VERSION_COLUMNS = """
            CREATE TABLE IF NOT EXISTS main.crr_version_column (
              "table" TEXT NOT NULL COLLATE NOCASE,
              version_table TEXT NOT NULL,
              key TEXT NOT NULL,
              version_key TEXT NOT NULL,
              version_column TEXT NOT NULL,
              max INTEGER NOT NULL,
              PRIMARY KEY ("table", version_table, key)) WITHOUT ROWID""";
    // Names that columns had before they were renamed, by which peers on an older schema still call them.
    private static final String FORMER_NAMES = """
            CREATE TABLE IF NOT EXISTS main.crr_former_name (
              "table" TEXT NOT NULL COLLATE NOCASE,
              name TEXT NOT NULL,
              ordinal INTEGER NOT NULL,
              PRIMARY KEY ("table", name)) WITHOUT ROWID""";

    // Site ids that copies of a database took, and the ids they had before; "at" if it was this database that did.
    private static final String CLONES = """
            CREATE TABLE IF NOT EXISTS main.crr_clone (
              site_id BLOB PRIMARY KEY,
              former BLOB NOT NULL,
              at TEXT) WITHOUT ROWID""";
    // Changes that a policy refused, one per sender. Apart from the quarantine, because they take part in no merge
    // until judged
    // again; "peer" is who we called, "principal" who called us, as far as known.
    private static final String REFUSED = """
            CREATE TABLE IF NOT EXISTS main.crr_refused (
              "table" TEXT NOT NULL,
              pk BLOB NOT NULL,
              cid TEXT NOT NULL,
              val BLOB,
              col_version INTEGER NOT NULL,
              db_version INTEGER NOT NULL,
              site_id BLOB NOT NULL,
              cl INTEGER NOT NULL,
              seq INTEGER NOT NULL,
              origin BLOB NOT NULL,
              peer TEXT NOT NULL,
              principal TEXT NOT NULL,
              PRIMARY KEY ("table", pk, cid, peer, principal, origin)) WITHOUT ROWID""";

    private static final String REFUSED_BY_SENDER =
            "CREATE INDEX IF NOT EXISTS main.crr_refused_by_sender ON crr_refused (peer, principal)";
    /** Files made before tombstones could be cleaned up do not have these. {@link Horizons} and {@link Cut} tell what is in them. */
    private static final List<String> HORIZONS = List.of(
            """
            CREATE TABLE IF NOT EXISTS main.crr_horizon (
              site_id BLOB PRIMARY KEY,
              run INTEGER NOT NULL,
              version INTEGER NOT NULL,
              since INTEGER NOT NULL,
              epoch BLOB) WITHOUT ROWID""",
            """
            CREATE TABLE IF NOT EXISTS main.crr_horizon_member (
              horizon BLOB NOT NULL,
              site_id BLOB NOT NULL,
              received INTEGER NOT NULL,
              epoch BLOB,
              PRIMARY KEY (horizon, site_id)) WITHOUT ROWID""",
            """
            CREATE TABLE IF NOT EXISTS main.crr_cut (
              site_id BLOB PRIMARY KEY,
              version INTEGER NOT NULL,
              epoch BLOB) WITHOUT ROWID""",
            // The largest causal length of a tombstone that was removed, and whether the table was dormant meanwhile.
            """
            CREATE TABLE IF NOT EXISTS main.crr_floor (
              "table" TEXT PRIMARY KEY COLLATE NOCASE,
              cl INTEGER NOT NULL,
              missed INTEGER NOT NULL) WITHOUT ROWID""");

    /** By the ordinal of the author; see {@link Relayed}. Files made before this was known do not have it. */
    private static final String RELAYED =
            "CREATE TABLE IF NOT EXISTS main.crr_relayed (site INTEGER PRIMARY KEY, version INTEGER NOT NULL)";

    private static final List<String> DDL = List.of(
            // One row. "merging" names the table being merged into, whose triggers keep still meanwhile.
            """
            CREATE TABLE main.crr_state (
              id INTEGER PRIMARY KEY CHECK (id = 1),
              version INTEGER,
              merging TEXT,
              schema_version INTEGER)""",
            "INSERT INTO main.crr_state (id, version, merging, schema_version) VALUES (1, 0, NULL, 0)",
            // Ordinal 0 is this database; others join when one of their changes is first stored here.
            "CREATE TABLE main.crr_site (ordinal INTEGER PRIMARY KEY, site_id BLOB NOT NULL UNIQUE)",
            // An epoch covers the versions after start_version, up to the next epoch's.
            "CREATE TABLE main.crr_epoch (ordinal INTEGER PRIMARY KEY, start_version INTEGER NOT NULL, id BLOB NOT NULL UNIQUE)",
            """
            CREATE TABLE main.crr_table (
              name TEXT PRIMARY KEY COLLATE NOCASE,
              entity TEXT,
              key_columns TEXT NOT NULL,
              active INTEGER NOT NULL) WITHOUT ROWID""",
            // "since" is the first version whose rows have the column; "dropped" the version at which it went, or was
            // found to stay local.
            """
            CREATE TABLE main.crr_column (
              "table" TEXT NOT NULL COLLATE NOCASE,
              ordinal INTEGER NOT NULL,
              name TEXT NOT NULL,
              since INTEGER NOT NULL,
              affinity TEXT NOT NULL,
              dropped INTEGER,
              PRIMARY KEY ("table", ordinal)) WITHOUT ROWID""",
            VERSION_COLUMNS,
            FORMER_NAMES,
            CLONES,
            // Event 0 is received, 1 is sent, 2 is from where on the peer is to be given even what it wrote itself; the
            // empty scope is everything.
            """
            CREATE TABLE main.crr_cursor (
              site_id BLOB NOT NULL,
              scope TEXT NOT NULL,
              event INTEGER NOT NULL,
              version INTEGER NOT NULL,
              epoch BLOB,
              PRIMARY KEY (site_id, scope, event)) WITHOUT ROWID""",
            """
            CREATE TABLE main.crr_quarantine (
              "table" TEXT NOT NULL,
              pk BLOB NOT NULL,
              cid TEXT NOT NULL,
              val BLOB,
              col_version INTEGER NOT NULL,
              db_version INTEGER NOT NULL,
              site_id BLOB NOT NULL,
              cl INTEGER NOT NULL,
              seq INTEGER NOT NULL,
              origin BLOB NOT NULL,
              reason TEXT NOT NULL,
              retry INTEGER NOT NULL,
              PRIMARY KEY ("table", pk, cid)) WITHOUT ROWID""",
            "CREATE INDEX main.crr_quarantine_origin ON crr_quarantine (origin)",
            REFUSED,
            REFUSED_BY_SENDER,
            """
            CREATE TABLE main.crsql_tracked_peers (
              site_id BLOB NOT NULL,
              version INTEGER NOT NULL,
              seq INTEGER DEFAULT 0,
              tag INTEGER,
              event INTEGER,
              clock INTEGER GENERATED ALWAYS AS (version) VIRTUAL,
              PRIMARY KEY (site_id, tag, event)) STRICT""");

    private static final List<String> NAMES = List.of(
            "crr_state",
            "crr_site",
            "crr_epoch",
            "crr_table",
            "crr_column",
            "crr_version_column",
            "crr_former_name",
            "crr_clone",
            "crr_cursor",
            "crr_relayed",
            "crr_quarantine",
            "crr_refused",
            FileFormat.KEEPS_OUT,
            "crsql_tracked_peers",
            "crr_horizon",
            "crr_horizon_member",
            "crr_cut",
            "crr_floor",
            "crr_quarantine_size",
            "crr_refused_size",
            "crr_quarantine_state");

    private CoreTables() {}

    static List<String> names() {
        return NAMES;
    }

    /** Which of the names needed here, or used for the same by the cr-sqlite extension, the file has given away already. */
    static List<String> namesTaken(Connection connection) throws SQLException {
        return Queries.list(
                connection,
                "SELECT name FROM main.sqlite_master WHERE lower(name) IN ('crsql_master', 'crsql_site_id', '"
                        + ChangesView.NAME + "', '" + String.join("', '", NAMES) + "') ORDER BY name",
                row -> row.getString(1));
    }

    static void drop(Connection connection) throws SQLException {
        for (String name : NAMES) {
            Queries.execute(connection, "DROP TABLE IF EXISTS main." + name);
        }
    }

    static boolean exist(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = 'crr_state'")) {
            return found.next();
        }
    }

    /** Makes what a file of an earlier release lacks. */
    static void complete(Connection connection) throws SQLException {
        Queries.execute(connection, FORMER_NAMES);
        Queries.execute(connection, VERSION_COLUMNS);
        Queries.execute(connection, CLONES);
        Queries.execute(connection, REFUSED);
        Queries.execute(connection, REFUSED_BY_SENDER);
        Queries.execute(connection, RELAYED);
        for (String sql : HORIZONS) {
            Queries.execute(connection, sql);
        }
        for (String table : List.of("crr_horizon", "crr_horizon_member", "crr_cut")) {
            addEpoch(connection, table);
        }
        QuarantineSizes.complete(connection);
    }

    /** An earlier release noted versions of other databases without the epoch they were given out in. */
    private static void addEpoch(Connection connection, String table) throws SQLException {
        if (!Queries.exists(connection, "SELECT 1 FROM pragma_table_info(?, 'main') WHERE name = 'epoch'", table)) {
            Queries.execute(connection, "ALTER TABLE main." + table + " ADD COLUMN epoch BLOB");
        }
    }

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : DDL) {
                statement.executeUpdate(sql);
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO main.crr_site (ordinal, site_id) VALUES (0, ?)")) {
            insert.setBytes(1, SiteId.random().bytes());
            insert.executeUpdate();
        }
    }
}
