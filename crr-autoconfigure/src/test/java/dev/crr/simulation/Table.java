package dev.crr.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of the simulated application, in an older and a newer version of its schema.
 *
 * @param name its name
 * @param keys its key columns
 * @param columns its other columns
 * @param later whether the older schema lacks it
 * @param suffix what follows the column list
 * @param after what else belongs to it: the statements that make its triggers
 */
record Table(String name, List<Column> keys, List<Column> columns, boolean later, String suffix, List<String> after) {

    private static final List<String> ANYTHING = List.of(
            "NULL",
            "0",
            "1",
            "1.0",
            "-1.5",
            "2.0",
            "'1'",
            "'a'",
            "'A'",
            "'é'",
            "'\uFFFF'",
            "'😀'",
            "x''",
            "x'61'",
            "''",
            "' 7 '",
            "1e300",
            "9007199254740993");
    /** Values whose order depends on the type of their column. */
    private static final List<String> DIGITS = List.of("1", "9", "10", "'9'", "'10'", "'+9'", "9.5", "NULL");

    /** The table whose newer schema is written over the older one, without a rebuild. */
    private static final String DECLARED = "declared";

    /** What a column is called that the older schema calls by the rest of the name. */
    private static final String RENAMED = "new_";

    private static final List<String> SOMETHING = ANYTHING.subList(1, ANYTHING.size());
    private static final List<String> SOME_NUMBERS = List.of("0", "1", "2", "'1'", "1.0");
    private static final List<String> SOME_TEXT = List.of("'a'", "'b'", "'1'", "'é'", "''");

    /** One column; {@code older} is its declaration in the older schema, null if it is not there. */
    record Column(String name, String declaration, String older, List<String> values) {

        static Column of(String name, String declaration, List<String> values) {
            return new Column(name, declaration, declaration, values);
        }

        static Column later(String name, String declaration, List<String> values) {
            return new Column(name, declaration, null, values);
        }

        boolean isIn(boolean newer) {
            return newer || older != null;
        }

        /** Its name in the older schema. */
        String formerName() {
            return name.startsWith(RENAMED) ? name.substring(RENAMED.length()) : name;
        }

        private Column as(boolean newer) {
            return newer ? this : new Column(formerName(), declaration, older, values);
        }

        /** Whether an INSERT must name it. */
        boolean required() {
            return declaration.contains("NOT NULL") && !declaration.contains("DEFAULT");
        }
    }

    static final List<Table> ALL = List.of(
            of(
                    "plain",
                    List.of(Column.of("id", "INTEGER NOT NULL", SOME_NUMBERS)),
                    Column.of("a", "", ANYTHING),
                    Column.later("b", "DEFAULT 7", ANYTHING),
                    Column.of("c", "TEXT", ANYTHING)),
            of(
                    "composite",
                    List.of(
                            Column.of("y", "INTEGER NOT NULL", SOME_NUMBERS),
                            Column.of("x", "TEXT NOT NULL", SOME_TEXT)),
                    Column.of("a", "", ANYTHING)),
            of("tag", List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT))),
            of("mark", List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT)), Column.later("note", "TEXT", ANYTHING)),
            of(
                    "strictly",
                    List.of(Column.of("id", "INTEGER NOT NULL", SOME_NUMBERS)),
                    new Column("a", "NOT NULL", "NOT NULL CHECK (true)", SOMETHING),
                    Column.later("b", "NOT NULL DEFAULT 1", SOMETHING),
                    Column.of("c", "TEXT NOT NULL", SOMETHING)),
            of(
                    "nocase",
                    List.of(Column.of("id", "INTEGER NOT NULL", SOME_NUMBERS)),
                    Column.of("a", "TEXT COLLATE NOCASE", ANYTHING),
                    Column.of("b", "REAL", ANYTHING),
                    Column.of("c", "NUMERIC", ANYTHING)),
            new Table(
                    "loose",
                    List.of(Column.of("id", "NOT NULL", List.of("'a'", "'1'", "1", "2", "x'61'"))),
                    List.of(Column.of("a", "", ANYTHING)),
                    false,
                    " WITHOUT ROWID",
                    List.of()),
            of(
                    "checked",
                    List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT)),
                    new Column(
                            "a",
                            "INTEGER CHECK (a < 1000)",
                            "INTEGER CHECK (a < 100)",
                            List.of("NULL", "1", "50", "500", "999", "1000")),
                    Column.later("b", "TEXT NOT NULL DEFAULT 'd'", SOME_TEXT)),
            of(
                    "retyped",
                    List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT)),
                    new Column("a", "INTEGER", "TEXT", ANYTHING),
                    new Column("b", "", "NUMERIC", ANYTHING),
                    new Column("c", "TEXT", "REAL", ANYTHING)),
            of(
                    DECLARED,
                    List.of(Column.of("id", "TEXT NOT NULL", List.of("'a'", "'b'"))),
                    new Column("a", "INTEGER", "TEXT", DIGITS),
                    new Column("b", "TEXT", "INTEGER", DIGITS)),
            of(
                    "renamed",
                    List.of(Column.of("id", "INTEGER NOT NULL", SOME_NUMBERS)),
                    Column.of(RENAMED + "a", "", ANYTHING),
                    Column.of("b", "TEXT DEFAULT 'b'", ANYTHING),
                    Column.of(RENAMED + "c", "", ANYTHING)),
            // Two edits that each keep the CHECK may break it together: FinalExchange sees to that.
            of(
                    "span",
                    List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT)),
                    Column.of("lo", "INTEGER", List.of("NULL", "1", "3", "5", "8")),
                    Column.of("hi", "INTEGER CHECK (lo <= hi)", List.of("NULL", "2", "4", "6", "9"))),
            new Table(
                    "late",
                    List.of(Column.of("id", "TEXT NOT NULL", SOME_TEXT)),
                    List.of(Column.of("v", "TEXT NOT NULL", SOME_TEXT)),
                    true,
                    "",
                    List.of()));

    private static Table of(String name, List<Column> keys, Column... columns) {
        return new Table(name, keys, List.of(columns), false, "", List.of());
    }

    static Table named(String name) {
        return ALL.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<Column> columns(boolean newer) {
        return columns.stream()
                .filter(column -> column.isIn(newer))
                .map(column -> column.as(newer))
                .toList();
    }

    /** The statements that make it, none if the schema lacks it. */
    List<String> create(boolean newer) {
        if (later && !newer) {
            return List.of();
        }
        List<String> statements = new ArrayList<>(List.of(create(name, newer)));
        statements.addAll(after);
        return statements;
    }

    private String create(String as, boolean newer) {
        return Stream.concat(keys.stream(), columns(newer).stream())
                .map(column -> spelled(column.name(), newer) + " " + (newer ? column.declaration() : column.older()))
                .collect(Collectors.joining(
                        ", ",
                        "CREATE TABLE " + spelled(as, newer) + " (",
                        ", PRIMARY KEY (" + names(keys) + "))" + suffix));
    }

    /** The older schema has other spellings of the names, in some of the tables: to SQLite they are the same. */
    private String spelled(String as, boolean newer) {
        return newer || name.length() % 2 == 0 ? as : as.toUpperCase(Locale.ROOT);
    }

    /** Whether only a rebuild brings it to the newer schema. It takes the triggers with it: what follows is not noted. */
    boolean rebuilt() {
        return columns.stream()
                .anyMatch(column -> column.older() != null && !column.older().equals(column.declaration()));
    }

    /** Whether a replica that never was on the older schema does not know what peers call its columns. */
    boolean renamed() {
        return columns.stream().anyMatch(column -> !column.formerName().equals(column.name()));
    }

    /** The statements that bring it from the older schema to the newer one. */
    List<String> upgrade() {
        if (later) {
            return create(true);
        }
        List<String> statements = new ArrayList<>();
        if (name.equals(DECLARED)) {
            statements.add("PRAGMA writable_schema = ON");
            statements.add("UPDATE sqlite_master SET sql = '"
                    + create(name, true).replace("'", "''") + "' WHERE type = 'table' AND name = '" + name + "'");
            statements.add("PRAGMA writable_schema = RESET");
        } else if (rebuilt()) {
            String kept = names(keys) + ", " + names(columns(false));
            statements.add("DROP VIEW IF EXISTS crsql_changes");
            statements.add(create("new_" + name, true));
            statements.add("INSERT INTO new_" + name + " (" + kept + ") SELECT " + kept + " FROM " + name);
            statements.add("DROP TABLE " + name);
            statements.add("ALTER TABLE new_" + name + " RENAME TO " + name);
        } else {
            columns.stream()
                    .filter(column -> !column.formerName().equals(column.name()))
                    .map(column ->
                            "ALTER TABLE " + name + " RENAME COLUMN " + column.formerName() + " TO " + column.name())
                    .forEach(statements::add);
            columns.stream()
                    .filter(column -> column.older() == null)
                    .map(column -> "ALTER TABLE " + name + " ADD COLUMN " + column.name() + " " + column.declaration())
                    .forEach(statements::add);
        }
        return statements;
    }

    /** A query of all that is in it, storage classes and all, as one text per row. */
    String dump() {
        return Stream.concat(keys.stream(), columns.stream())
                .map(column -> "quote(" + column.name() + ")")
                .collect(Collectors.joining(
                        " || '|' || ", "SELECT '" + name + " ' || ", " FROM " + name + " ORDER BY 1"));
    }

    static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
