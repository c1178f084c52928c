package dev.crr.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * How much is set aside, by sender, and how far the edits made here were held against it. Kept by triggers on {@code crr_quarantine}
 * and {@code crr_refused}, so that nobody has to count, whoever takes something out.
 */
final class QuarantineSizes {

    /** What is quarantined of a sender. */
    static final String QUARANTINED = "SELECT changes, bytes FROM main.crr_quarantine_size WHERE origin = ?";

    /** What is refused of a sender, by its name and principal. */
    static final String REFUSED = "SELECT changes, bytes FROM main.crr_refused_size WHERE peer = ? AND principal = ?";

    private static final List<String> DDL = List.of(
            """
            CREATE TABLE main.crr_quarantine_size (
              origin BLOB PRIMARY KEY,
              changes INTEGER NOT NULL,
              bytes INTEGER NOT NULL) WITHOUT ROWID""",
            """
            CREATE TABLE main.crr_refused_size (
              peer TEXT NOT NULL,
              principal TEXT NOT NULL,
              changes INTEGER NOT NULL,
              bytes INTEGER NOT NULL,
              PRIMARY KEY (peer, principal)) WITHOUT ROWID""",
            // One row: the version up to which edits made here had what is quarantined of their rows tried again, and
            // the
            // limits of the application that started last, for whoever inserts changes by SQL.
            """
            CREATE TABLE main.crr_quarantine_state (
              id INTEGER PRIMARY KEY CHECK (id = 1),
              seen INTEGER NOT NULL,
              max_changes INTEGER,
              max_bytes INTEGER)""",
            "INSERT INTO main.crr_quarantine_state (id, seen) SELECT 1, version FROM main.crr_state");

    private QuarantineSizes() {}

    /**
     * What there is of a sender.
     *
     * @param changes how many
     * @param bytes how large they are, with their keys and names
     */
    record Size(long changes, long bytes) {

        static Size read(PreparedStatement bound) throws SQLException {
            try (ResultSet row = bound.executeQuery()) {
                return row.next() ? new Size(row.getLong(1), row.getLong(2)) : new Size(0, 0);
            }
        }
    }

    /** Counts what a file of an earlier release has set aside. */
    static void complete(Connection connection) throws SQLException {
        if (Queries.exists(connection, "SELECT 1 FROM main.sqlite_master WHERE name = 'crr_quarantine_state'")) {
            return;
        }
        for (String sql : DDL) {
            Queries.execute(connection, sql);
        }
        count(connection, "crr_quarantine", List.of("origin"));
        count(connection, "crr_refused", List.of("peer", "principal"));
    }

    private static void count(Connection connection, String table, List<String> sender) throws SQLException {
        Queries.execute(
                connection,
                "INSERT INTO main." + table + "_size SELECT " + Quoting.names("", sender) + ", count(*), sum("
                        + bytes("") + ") FROM main." + table + " GROUP BY " + Quoting.names("", sender));
        // Who begins to fill the quarantine has seen all edits made here so far.
        String begin = table.equals("crr_quarantine")
                ? "UPDATE crr_quarantine_state SET seen = (SELECT version FROM crr_state)"
                        + " WHERE NOT EXISTS (SELECT 1 FROM crr_quarantine_size);\n"
                : "";
        Queries.execute(connection, """
                CREATE TRIGGER main.%1$s_added AFTER INSERT ON %1$s BEGIN
                %2$sINSERT INTO %1$s_size (%3$s, changes, bytes) VALUES (%4$s, 1, %5$s)
                  ON CONFLICT DO UPDATE SET changes = changes + 1, bytes = bytes + excluded.bytes;
                END""".formatted(
                        table, begin, Quoting.names("", sender), Quoting.names("NEW.", sender), bytes("NEW.")));
        Queries.execute(connection, """
                CREATE TRIGGER main.%1$s_removed AFTER DELETE ON %1$s BEGIN
                UPDATE %1$s_size SET changes = changes - 1, bytes = bytes - (%2$s) WHERE %3$s;
                DELETE FROM %1$s_size WHERE %3$s AND changes <= 0;
                END""".formatted(table, bytes("OLD."), Quoting.equal("", "OLD.", sender)));
    }

    private static String bytes(String row) {
        return "coalesce(length(CAST(%1$sval AS BLOB)), 0) + length(%1$spk) + length(%1$s\"table\") + length(%1$scid)"
                .formatted(row);
    }

    /** Keeps the limits of an application. */
    static void record(Connection connection, QuarantineLimit limit) throws SQLException {
        Queries.update(
                connection,
                "UPDATE main.crr_quarantine_state SET max_changes = ?1, max_bytes = ?2"
                        + " WHERE max_changes IS NOT ?1 OR max_bytes IS NOT ?2",
                limit.changes(),
                limit.bytes());
    }

    /** The limits that were kept, or else those given. */
    static QuarantineLimit limit(Connection connection, QuarantineLimit otherwise) throws SQLException {
        return Queries.list(
                        connection,
                        "SELECT max_changes, max_bytes FROM main.crr_quarantine_state WHERE max_changes IS NOT NULL",
                        row -> new QuarantineLimit(row.getLong(1), row.getLong(2)))
                .stream()
                .findFirst()
                .orElse(otherwise);
    }

    /** How many changes there are of anybody. */
    static long count(Connection connection, String table) throws SQLException {
        return Queries.number(connection, "SELECT coalesce(sum(changes), 0) FROM main." + table + "_size");
    }
}
