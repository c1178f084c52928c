package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the file says of a table, whatever anybody's mapping says.
 *
 * @param name its name as the file spells it
 * @param type {@code table}, {@code view}, {@code virtual} or {@code shadow}
 * @param strict whether it is STRICT
 * @param keyIndex whether its key has an index, as every key has but an alias of the rowid
 * @param sql its CREATE statement
 * @param columns its columns, but for generated and hidden ones
 */
record TableShape(String name, String type, boolean strict, boolean keyIndex, String sql, List<ShapeColumn> columns) {

    private static final Pattern QUOTED_NAME = Pattern.compile("\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*]");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_\\x{80}-\\x{10FFFF}][\\w$\\x{80}-\\x{10FFFF}]*");
    private static final Set<String> NOT_NAMES =
            Set.of("NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP");

    /**
     * A column.
     *
     * @param name its name
     * @param declaredType its type as declared, possibly empty
     * @param notNull whether it refuses NULL
     * @param defaultSql its default as an SQL expression, if it has one
     * @param keyPosition its place in the PRIMARY KEY clause from 1, or 0 if it is not there
     */
    record ShapeColumn(
            String name,
            String declaredType,
            boolean notNull,
            @Nullable String defaultSql,
            int keyPosition) {}

    /** Reads the shape of a table, in any case of its name; null if there is none. */
    static @Nullable TableShape read(Connection connection, String table) throws SQLException {
        List<TableShape> found = Queries.list(
                connection,
                """
                SELECT l.name, l.type, l.strict, m.sql,
                  EXISTS (SELECT 1 FROM pragma_index_list(l.name, 'main') WHERE origin = 'pk')
                FROM pragma_table_list(?1) l CROSS JOIN main.sqlite_master m ON m.name = l.name AND m.type IN ('table', 'view')
                WHERE l.schema = 'main' AND l.name = ?1 COLLATE NOCASE""",
                row -> new TableShape(
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getBoolean(5),
                        row.getString(4),
                        List.of()),
                table);
        if (found.isEmpty()) {
            return null;
        }
        TableShape bare = found.get(0);
        List<ShapeColumn> columns = Queries.list(
                connection,
                "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0 ORDER BY cid",
                row -> new ShapeColumn(
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        expression(row.getString(4)),
                        row.getInt(5)),
                bare.name());
        return new TableShape(bare.name(), bare.type(), bare.strict(), bare.keyIndex(), bare.sql(), columns);
    }

    /** A name as a default means text, which in any other place would mean a column. */
    private static @Nullable String expression(@Nullable String defaultSql) {
        if (defaultSql == null) {
            return null;
        }
        if (QUOTED_NAME.matcher(defaultSql).matches()) {
            char quote = defaultSql.charAt(0);
            String text = defaultSql.substring(1, defaultSql.length() - 1);
            return Quoting.text(quote == '[' ? text : text.replace("" + quote + quote, "" + quote));
        }
        boolean bare = NAME.matcher(defaultSql).matches() && !NOT_NAMES.contains(defaultSql.toUpperCase(Locale.ROOT));
        return bare ? Quoting.text(defaultSql) : defaultSql;
    }

    /** The key columns in PRIMARY KEY clause order. */
    List<ShapeColumn> keys() {
        return columns.stream()
                .filter(column -> column.keyPosition() > 0)
                .sorted(Comparator.comparingInt(ShapeColumn::keyPosition))
                .toList();
    }

    /** The columns outside the key, in column order. */
    List<ShapeColumn> others() {
        return columns.stream().filter(column -> column.keyPosition() == 0).toList();
    }

    Affinity affinity(ShapeColumn column) {
        return Affinity.of(column.declaredType(), strict);
    }

    /** Whether the key is an alias of the rowid. INTEGER PRIMARY KEY DESC, of all things, is not. */
    boolean hasRowidKey() {
        return !keyIndex && !keys().isEmpty();
    }
}
