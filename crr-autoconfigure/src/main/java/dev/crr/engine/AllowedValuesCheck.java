package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Widens CHECK constraints that list the values of a column, such as Hibernate creates for enums. An older instance sets a value
 * aside that its CHECK does not know; when the application knows it, the CHECK has to know it too, and no schema tool sees to
 * that.
 */
public final class AllowedValuesCheck {

    private static final Logger log = LoggerFactory.getLogger(AllowedValuesCheck.class);

    private static final String LITERAL = "(?:'(?:[^']|'')*'|-?\\d+)";

    private AllowedValuesCheck() {}

    /**
     * Adds the values that are missing. What is allowed stays allowed, because an older instance may still write it. Constraints
     * of another form are left alone.
     *
     * @param connection a connection in autocommit mode
     * @param allowed the values by column
     * @throws SQLException if the database fails; nothing is changed
     */
    public static void widen(Connection connection, Collection<AllowedValues> allowed) throws SQLException {
        for (AllowedValues each : allowed) {
            TableShape shape = TableShape.read(connection, each.table());
            if (shape != null && !widened(shape.sql(), each).equals(shape.sql())) {
                Transactions.write(connection, () -> widen(connection, each));
            }
        }
    }

    private static boolean widen(Connection connection, AllowedValues allowed) throws SQLException {
        TableShape before = TableShape.read(connection, allowed.table());
        if (before == null) {
            return false;
        }
        // SQLite's own way to change a CHECK: "Making Other Kinds Of Table Schema Changes" in its ALTER TABLE page.
        long schemaVersion = Queries.number(connection, "PRAGMA main.schema_version");
        Queries.execute(connection, "PRAGMA writable_schema = ON");
        try {
            Queries.update(
                    connection,
                    "UPDATE main.sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                    widened(before.sql(), allowed),
                    before.name());
            Queries.execute(connection, "PRAGMA main.schema_version = " + (schemaVersion + 1));
        } finally {
            Queries.execute(connection, "PRAGMA writable_schema = RESET");
        }
        TableShape after = TableShape.read(connection, allowed.table());
        if (after == null || !after.columns().equals(before.columns())) {
            throw new SQLException(
                    "The CHECK on " + allowed.table() + "." + allowed.column() + " could not be widened.");
        }
        log.info(
                "The CHECK on {}.{} now allows {}, as the application does.",
                before.name(),
                allowed.column(),
                allowed.values());
        return true;
    }

    /** The CREATE statement with all values in the CHECK. */
    static String widened(String sql, AllowedValues allowed) {
        Pattern check = Pattern.compile(
                "(\\bcheck\\s*\\(+\\s*[\"`\\[]?" + Pattern.quote(allowed.column()) + "[\"`\\]]?\\s+)(?:in\\s*\\(\\s*("
                        + LITERAL + "(?:\\s*,\\s*" + LITERAL + ")*)\\s*\\)|between\\s+(-?\\d+)\\s+and\\s+(-?\\d+))",
                Pattern.CASE_INSENSITIVE);
        return check.matcher(sql).replaceAll(found -> Matcher.quoteReplacement(widened(found, allowed)));
    }

    private static String widened(MatchResult check, AllowedValues allowed) {
        if (check.group(2) == null) {
            return widenedRange(check, allowed);
        }
        List<String> present = Pattern.compile(LITERAL)
                .matcher(check.group(2))
                .results()
                .map(MatchResult::group)
                .toList();
        Set<String> all = new LinkedHashSet<>(present);
        all.addAll(allowed.values());
        return all.size() == present.size() ? check.group() : check.group(1) + "in (" + String.join(",", all) + ")";
    }

    /** The numbers of an enum's constants, which have no gap. */
    private static String widenedRange(MatchResult check, AllowedValues allowed) {
        long first = Long.parseLong(check.group(3));
        long last = Long.parseLong(check.group(4));
        long newFirst = first;
        long newLast = last;
        for (String value : allowed.values()) {
            if (!value.startsWith("'")) {
                newFirst = Math.min(newFirst, Long.parseLong(value));
                newLast = Math.max(newLast, Long.parseLong(value));
            }
        }
        return newFirst == first && newLast == last
                ? check.group()
                : check.group(1) + "between " + newFirst + " and " + newLast;
    }
}
