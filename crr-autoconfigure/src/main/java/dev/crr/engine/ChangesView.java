package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view {@code crsql_changes}: all clocks in the shape of cr-sqlite's virtual table, readable by any SQLite tool. A condition
 * on {@code db_version} reaches the version index of each table.
 */
final class ChangesView {

    static final String NAME = "crsql_changes";

    private static final Logger log = LoggerFactory.getLogger(ChangesView.class);

    /** One value with all 256 bytes in order, as SQLite before 3.41 has no other way from a number to a byte. */
    private static final String BYTES = "crr_bytes";

    /** SQLite takes 500 terms of a UNION ALL. */
    private static final int MAX_BRANCHES = 400;

    /** SQLITE_ERROR. */
    private static final int ERROR = 1;

    /** SQLITE_TOOBIG. */
    private static final int TOO_BIG = 18;

    private ChangesView() {}

    static void drop(Connection connection) throws SQLException {
        Queries.execute(connection, "DROP VIEW IF EXISTS main." + NAME);
    }

    /** Whether it is there and cannot be read, because a table of it was dropped without a word to us. */
    static boolean isBroken(Connection connection) throws SQLException {
        if (!Queries.exists(connection, "SELECT 1 FROM main.sqlite_master WHERE type = 'view' AND name = ?", NAME)) {
            return false;
        }
        try {
            Queries.list(connection, "EXPLAIN SELECT 1 FROM " + NAME, row -> true);
            return false;
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) != ERROR) {
                throw e;
            }
            log.warn("{} cannot be read ({}), and is made anew of the tables that are there.", NAME, e.getMessage());
            return true;
        }
    }

    /** Drops all that belongs to the view. */
    static void forget(Connection connection) throws SQLException {
        drop(connection);
        Queries.execute(connection, "DROP VIEW IF EXISTS main." + BYTES);
    }

    static void create(Connection connection, Collection<CrrTable> tables) throws SQLException {
        Queries.execute(
                connection,
                "CREATE VIEW IF NOT EXISTS main." + BYTES + " (bytes) AS SELECT CAST(" + Quoting.blob(allBytes())
                        + " AS BLOB)");
        String sql = sql(tables);
        try {
            Queries.execute(connection, sql);
            Queries.execute(connection, InsertTrigger.sql());
        } catch (SQLException e) {
            if (e.getErrorCode() != TOO_BIG) {
                throw e;
            }
            throw new InvalidTableException(
                    List.of(
                            new TableProblem(
                                    NAME,
                                    null,
                                    null,
                                    "The view over all " + tables.size() + " tables takes " + sql.length()
                                            + " characters, more than this connection allows a statement.",
                                    "Raise the driver's limit_sql_length (spring.datasource.hikari.data-source-properties.limit_sql_length), or let fewer tables replicate.")));
        }
    }

    static String sql(Collection<CrrTable> tables) {
        List<String> branches = new ArrayList<>();
        // The first branch names the columns' types. Without types Hibernate's schema validation and update fail on the
        // view.
        branches.add("""
                SELECT CAST(NULL AS TEXT), CAST(NULL AS BLOB), CAST(NULL AS TEXT), CAST(NULL AS BLOB), CAST(NULL AS INTEGER),
                  CAST(NULL AS INTEGER), CAST(NULL AS BLOB), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER)
                FROM crr_state WHERE 0""");
        tables.forEach(table -> branches.add(changes(table)));
        return "CREATE VIEW main." + NAME + " (\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq) AS\n"
                + unionAll(branches);
    }

    private static String unionAll(List<String> branches) {
        if (branches.size() <= MAX_BRANCHES) {
            return String.join("\nUNION ALL\n", branches);
        }
        List<String> nested = new ArrayList<>();
        for (int from = 0; from < branches.size(); from += MAX_BRANCHES) {
            List<String> part = branches.subList(from, Math.min(from + MAX_BRANCHES, branches.size()));
            nested.add("SELECT * FROM (" + unionAll(part) + ")");
        }
        return unionAll(nested);
    }

    /** The key is packed outside, once: it is by far the longest expression, and SQLite limits the length of a statement. */
    private static String changes(CrrTable table) {
        List<String> branches = new ArrayList<>();
        branches.add(rows(table));
        if (!table.columns().isEmpty()) {
            branches.add(unrecordedCells(table));
            branches.add(recordedCells(table));
        }
        return "SELECT " + Quoting.text(table.name()) + ", " + packedKey(table)
                + ", u.cid, u.val, u.col_version, u.db_version, " + site("u.site") + ", u.cl, u.seq FROM (\n"
                + String.join("\nUNION ALL\n", branches) + ") u";
    }

    /** Cells that have the row's own version, site and column version 1. */
    private static String unrecordedCells(CrrTable table) {
        return """
                SELECT %2$s, c.name, %3$s, 1, r.__crr_version, r.__crr_site, r.__crr_cl, c.ordinal
                FROM %4$s r CROSS JOIN crr_bytes b CROSS JOIN crr_column c CROSS JOIN %5$s t ON %6$s
                WHERE (r.__crr_cl & 1) AND c."table" = %1$s AND c.dropped IS NULL AND c.since <= r.__crr_version
                  AND NOT EXISTS (SELECT 1 FROM %7$s x WHERE x.row = r.__crr_version AND x.col = c.ordinal)""".formatted(
                        Quoting.text(table.name()),
                        keys(table),
                        value(table, "c.ordinal"),
                        table.bareRowClocks(),
                        table.bareName(),
                        Quoting.equal("t.", "r.", table.keyNames()),
                        table.bareCellClocks());
    }

    private static String recordedCells(CrrTable table) {
        return """
                SELECT %2$s, c.name, %3$s, x.col_version, x.version, x.site, r.__crr_cl, x.col
                FROM %7$s x CROSS JOIN %4$s r ON r.__crr_version = x.row CROSS JOIN crr_bytes b
                  CROSS JOIN crr_column c ON c."table" = %1$s AND c.ordinal = x.col AND c.dropped IS NULL
                  CROSS JOIN %5$s t ON %6$s
                WHERE x.col_version IS NOT NULL""".formatted(
                        Quoting.text(table.name()),
                        keys(table),
                        value(table, "x.col"),
                        table.bareRowClocks(),
                        table.bareName(),
                        Quoting.equal("t.", "r.", table.keyNames()),
                        table.bareCellClocks());
    }

    /** A row record is shown when it says more than its cells do. */
    private static String rows(CrrTable table) {
        String condition =
                table.columns().isEmpty() ? "true" : """
                r.__crr_cl > 1 OR NOT EXISTS (
                    SELECT 1 FROM crr_column c LEFT JOIN %1$s x ON x.row = r.__crr_version AND x.col = c.ordinal
                    WHERE c."table" = %2$s AND c.dropped IS NULL
                      AND (x.col_version IS NOT NULL OR (x.row IS NULL AND c.since <= r.__crr_version)))""".formatted(table.bareCellClocks(), Quoting.text(table.name()));
        return """
                SELECT %1$s, '-1' AS cid, NULL AS val, r.__crr_cl AS col_version, r.__crr_version AS db_version,
                  r.__crr_site AS site, r.__crr_cl AS cl, 0 AS seq
                FROM %2$s r CROSS JOIN crr_bytes b
                WHERE %3$s""".formatted(keys(table), table.bareRowClocks(), condition);
    }

    private static String value(CrrTable table, String ordinal) {
        return table.columns().stream()
                .map(column -> "WHEN " + column.ordinal() + " THEN t." + Quoting.name(column.name()))
                .collect(Collectors.joining(" ", "CASE " + ordinal + " ", " END"));
    }

    private static String site(String ordinal) {
        return "(SELECT site_id FROM crr_site WHERE ordinal = " + ordinal + ")";
    }

    /** What {@link #packedKey} is made of. */
    private static String keys(CrrTable table) {
        return IntStream.range(0, table.keys().size())
                .mapToObj(i -> "r." + Quoting.name(table.keyNames().get(i)) + " AS k" + i)
                .collect(Collectors.joining(", ", "", ", b.bytes AS bytes"));
    }

    // The form of PackedKey, in SQL.
    private static String packedKey(CrrTable table) {
        return IntStream.range(0, table.keys().size())
                .mapToObj(i -> packed(
                        "u.k" + i,
                        table.keys().get(i).affinity(),
                        table.keys().get(i).rowid()))
                .collect(Collectors.joining(
                        " || ", "CAST(" + oneByte(table.keys().size() + "") + " || ", " AS BLOB)"));
    }

    private static String packed(String value, Affinity affinity, boolean rowid) {
        if (rowid) {
            return packedInteger(value);
        }
        String text = "WHEN 'text' THEN " + packedBytes(value, "length(CAST(" + value + " AS BLOB))", 3);
        String blob = "WHEN 'blob' THEN " + packedBytes(value, "length(" + value + ")", 4);
        String integer = affinity == Affinity.TEXT ? "" : " WHEN 'integer' THEN " + packedInteger(value);
        return "CASE typeof(" + value + ") " + text + " " + blob + integer + " END";
    }

    private static String packedInteger(String value) {
        String width = IntStream.rangeClosed(0, 7)
                .mapToObj(bytes -> "WHEN " + value + " < " + (1L << (Byte.SIZE * bytes)) + " THEN " + bytes)
                .collect(Collectors.joining(" ", "CASE WHEN " + value + " < 0 THEN 8 ", " ELSE 8 END"));
        return oneByte(width + " * 8 + 1") + " || substr(" + bigEndian(value, Long.BYTES) + ", 9 - " + width + ")";
    }

    private static String packedBytes(String value, String length, int type) {
        String width = "CASE WHEN " + length + " = 0 THEN 0 WHEN " + length + " < 256 THEN 1 WHEN " + length
                + " < 65536 THEN 2 WHEN " + length + " < 16777216 THEN 3 ELSE 4 END";
        return oneByte(width + " * 8 + " + type) + " || substr(" + bigEndian(length, Integer.BYTES) + ", 5 - " + width
                + ") || " + value;
    }

    private static String bigEndian(String number, int bytes) {
        return IntStream.range(0, bytes)
                .map(i -> Byte.SIZE * (bytes - 1 - i))
                .mapToObj(shift -> oneByte("((" + number + " >> " + shift + ") & 255)"))
                .collect(Collectors.joining(" || ", "CAST(", " AS BLOB)"));
    }

    private static String oneByte(String number) {
        return "substr(u.bytes, " + number + " + 1, 1)";
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
