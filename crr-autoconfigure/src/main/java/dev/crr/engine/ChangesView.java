package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The view {@code crsql_changes}: all clocks in the shape of cr-sqlite's virtual table, readable by any SQLite tool. A condition
 * on {@code db_version} reaches the version index of each table.
 */
final class ChangesView {

    static final String NAME = "crsql_changes";

    /** One value with all 256 bytes in order, as SQLite before 3.41 has no other way from a number to a byte. */
    private static final String BYTES = "crr_bytes";

    private ChangesView() {}

    static void drop(Connection connection) throws SQLException {
        Queries.execute(connection, "DROP VIEW IF EXISTS " + NAME);
    }

    static void create(Connection connection, Collection<CrrTable> tables) throws SQLException {
        Queries.execute(
                connection,
                "CREATE VIEW IF NOT EXISTS " + BYTES + " (bytes) AS SELECT CAST(" + Quoting.blob(allBytes())
                        + " AS BLOB)");
        Queries.execute(connection, sql(tables));
    }

    static String sql(Collection<CrrTable> tables) {
        List<String> branches = new ArrayList<>();
        // The first branch names the columns' types. Without types Hibernate's schema validation and update fail on the
        // view.
        branches.add("""
                SELECT CAST(NULL AS TEXT), CAST(NULL AS BLOB), CAST(NULL AS TEXT), CAST(NULL AS BLOB), CAST(NULL AS INTEGER),
                  CAST(NULL AS INTEGER), CAST(NULL AS BLOB), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER)
                FROM crr_state WHERE 0""");
        for (CrrTable table : tables) {
            if (!table.columns().isEmpty()) {
                branches.add(unrecordedCells(table));
                branches.add(recordedCells(table));
            }
            branches.add(rows(table));
        }
        return "CREATE VIEW " + NAME
                + " (\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq) AS\n"
                + String.join("\nUNION ALL\n", branches);
    }

    /** Cells that have the row's own version, site and column version 1. */
    private static String unrecordedCells(CrrTable table) {
        return """
                SELECT %1$s, %2$s, c.name, %3$s, 1, r.__crr_version, %4$s, r.__crr_cl, c.ordinal
                FROM %5$s r CROSS JOIN crr_column c CROSS JOIN %6$s t ON %7$s
                WHERE (r.__crr_cl & 1) AND c."table" = %1$s AND c.dropped IS NULL AND c.since <= r.__crr_version
                  AND NOT EXISTS (SELECT 1 FROM %8$s x WHERE x.row = r.__crr_version AND x.col = c.ordinal)""".formatted(
                        Quoting.text(table.name()),
                        packedKey(table),
                        value(table, "c.ordinal"),
                        site("r.__crr_site"),
                        table.rowClocks(),
                        table.quoted(),
                        Quoting.equal("t.", "r.", table.keyNames()),
                        table.cellClocks());
    }

    private static String recordedCells(CrrTable table) {
        return """
                SELECT %1$s, %2$s, c.name, %3$s, x.col_version, x.version, %4$s, r.__crr_cl, x.col
                FROM %8$s x CROSS JOIN %5$s r ON r.__crr_version = x.row
                  CROSS JOIN crr_column c ON c."table" = %1$s AND c.ordinal = x.col AND c.dropped IS NULL
                  CROSS JOIN %6$s t ON %7$s
                WHERE x.col_version IS NOT NULL""".formatted(
                        Quoting.text(table.name()),
                        packedKey(table),
                        value(table, "x.col"),
                        site("x.site"),
                        table.rowClocks(),
                        table.quoted(),
                        Quoting.equal("t.", "r.", table.keyNames()),
                        table.cellClocks());
    }

    /** A row record is shown when it says more than its cells do. */
    private static String rows(CrrTable table) {
        String condition =
                table.columns().isEmpty() ? "true" : """
                r.__crr_cl > 1 OR NOT EXISTS (
                    SELECT 1 FROM crr_column c LEFT JOIN %1$s x ON x.row = r.__crr_version AND x.col = c.ordinal
                    WHERE c."table" = %2$s AND c.dropped IS NULL
                      AND (x.col_version IS NOT NULL OR (x.row IS NULL AND c.since <= r.__crr_version)))""".formatted(table.cellClocks(), Quoting.text(table.name()));
        return """
                SELECT %1$s, %2$s, '-1', NULL, r.__crr_cl, r.__crr_version, %3$s, r.__crr_cl, 0
                FROM %4$s r
                WHERE %5$s""".formatted(
                Quoting.text(table.name()), packedKey(table), site("r.__crr_site"), table.rowClocks(), condition);
    }

    private static String value(CrrTable table, String ordinal) {
        return table.columns().stream()
                .map(column -> "WHEN " + column.ordinal() + " THEN t." + Quoting.name(column.name()))
                .collect(Collectors.joining(" ", "CASE " + ordinal + " ", " END"));
    }

    private static String site(String ordinal) {
        return "(SELECT site_id FROM crr_site WHERE ordinal = " + ordinal + ")";
    }

    // The form of PackedKey, in SQL.
    private static String packedKey(CrrTable table) {
        return table.keys().stream()
                .map(key -> packed("r." + Quoting.name(key.name()), key.affinity(), key.rowid()))
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
        return "substr((SELECT bytes FROM " + BYTES + "), " + number + " + 1, 1)";
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
