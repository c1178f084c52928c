package dev.crr.engine;

import dev.crr.Change;
import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out why a table cannot replicate: all reasons at once, each with its cure. */
final class TableValidation {

    /** No key column's name may begin so, because the clocks' own columns do. */
    static final String CLOCK_COLUMN_PREFIX = "__crr_";

    private static final String CLOCK_TABLE_MARK = "__crr_";

    /** SQLite reads 2000 columns at most, and the clocks come beside these. */
    private static final int MAX_COLUMNS = 1900;

    /** In {@code crsql_changes} the packed key is a long expression, and a statement has at most a million characters. */
    private static final int MAX_KEY_COLUMNS = 64;

    // What can hide a word from being a keyword: strings, quoted names, comments.
    private static final Pattern QUOTED = Pattern.compile(
            "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*]|--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern AUTOINCREMENT = Pattern.compile("\\bAUTOINCREMENT\\b", Pattern.CASE_INSENSITIVE);

    private final Connection connection;
    private final TableSpec spec;
    private final TableShape shape;
    private final List<TableProblem> problems = new ArrayList<>();

    private TableValidation(Connection connection, TableSpec spec, TableShape shape) {
        this.connection = connection;
        this.spec = spec;
        this.shape = shape;
    }

    static TableProblem missing(TableSpec spec) {
        return new TableProblem(
                spec.table(),
                spec.entity(),
                null,
                "The table does not exist.",
                "Create it before the application starts writing: with Flyway, Liquibase, or spring.jpa.hibernate.ddl-auto=update.");
    }

    static List<TableProblem> problems(Connection connection, TableSpec spec, TableShape shape) throws SQLException {
        TableValidation validation = new TableValidation(connection, spec, shape);
        validation.checkTable();
        if (validation.problems.isEmpty()) {
            validation.checkWidth();
            validation.checkKey();
            validation.checkUniqueIndexes();
            validation.checkColumns();
        }
        if (validation.problems.isEmpty()) {
            validation.checkStoredKeys();
        }
        return validation.problems;
    }

    private void checkTable() {
        String name = SqlNames.fold(shape.name());
        if (!shape.type().equals("table")) {
            problem(
                    null,
                    "It is a " + shape.type() + ", and only an ordinary table can replicate.",
                    "Map the entity to a table.");
        }
        if (name.contains(CLOCK_TABLE_MARK)
                || CoreTables.RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
            problem(
                    null,
                    "Its name is reserved.",
                    "Choose a name that neither contains __crr_ nor begins with crr_, crsql_ or sqlite_.");
        }
        if (shape.keys().isEmpty()) {
            problem(
                    null,
                    "It has no primary key.",
                    "Give it one. For an element collection, make the element not null (@Column(nullable = false)) in a Set, or use a map or @OrderColumn.");
        }
    }

    private void checkWidth() {
        if (shape.columns().size() > MAX_COLUMNS) {
            problem(
                    null,
                    "It has " + shape.columns().size() + " columns, and no more than " + MAX_COLUMNS
                            + " can be read together with their clocks.",
                    "Split the table.");
        }
        if (shape.keys().size() > MAX_KEY_COLUMNS) {
            problem(
                    null,
                    "Its key has " + shape.keys().size() + " columns, and no more than " + MAX_KEY_COLUMNS
                            + " can be packed within SQLite's limit on a statement.",
                    "Use a key of fewer columns.");
        }
    }

    private void checkKey() throws SQLException {
        for (TableShape.ShapeColumn key : shape.keys()) {
            // WITHOUT ROWID and STRICT tables report their keys as NOT NULL where they are.
            if (!key.notNull()) {
                problem(
                        key.name(),
                        "The key column can be NULL"
                                + (shape.hasRowidKey() ? ", and SQLite then makes up a number" : "") + ".",
                        "Declare it NOT NULL and let the application make the identifier.");
            }
            if (shape.affinity(key) == Affinity.REAL) {
                problem(
                        key.name(),
                        "The key column holds floating-point numbers, which have several spellings of one value.",
                        "Use text, an integer or a blob for the key.");
            }
            if (SqlNames.fold(key.name()).startsWith(CLOCK_COLUMN_PREFIX)) {
                problem(
                        key.name(),
                        "The key column's name is reserved.",
                        "Choose a name that does not begin with __crr_.");
            }
        }
        for (String column : collatedKeyColumns()) {
            problem(
                    column,
                    "The key column has a collation, under which two spellings name one row here and two rows elsewhere.",
                    "Use the default BINARY collation for key columns.");
        }
        if (AUTOINCREMENT.matcher(QUOTED.matcher(shape.sql()).replaceAll(" ")).find()) {
            problem(
                    shape.keys().get(0).name(),
                    "The database generates the key, and two instances would generate the same.",
                    "Let the application make the identifier, a UUID for example, and drop AUTOINCREMENT.");
        }
    }

    private void checkUniqueIndexes() throws SQLException {
        for (String index : Queries.list(
                connection,
                "SELECT name FROM pragma_index_list(?, 'main') WHERE \"unique\" AND origin <> 'pk'",
                row -> row.getString(1),
                shape.name())) {
            List<String> columns = Queries.list(
                    connection,
                    "SELECT name FROM pragma_index_info(?, 'main')",
                    row -> String.valueOf(row.getString(1)),
                    index);
            problem(
                    columns.size() == 1 ? columns.get(0) : null,
                    "It has a UNIQUE constraint besides its key, on " + String.join(", ", columns)
                            + ", which two instances can break together while each keeps it.",
                    "Drop the constraint (unique = true on the @Column), make the column the key, or use a plain index.");
        }
    }

    private void checkColumns() {
        for (TableShape.ShapeColumn column : shape.columns()) {
            // A merge knows what to begin a version with.
            boolean isLocal = spec.keepsLocal(column.name()) && !spec.countsIn(column.name());
            if (isLocal && column.keyPosition() > 0) {
                problem(column.name(), "A key column cannot stay local.", "Remove @LocalOnly from it.");
            }
            if (isLocal && column.keyPosition() == 0 && column.notNull() && column.defaultSql() == null) {
                problem(
                        column.name(),
                        "The local column is NOT NULL and has no default, so no row could arrive from elsewhere.",
                        "Give it a default (@ColumnDefault) or let it be NULL.");
            }
            if (column.keyPosition() == 0 && column.name().equals(Change.ROW)) {
                problem(column.name(), "A replicated column cannot be called -1.", "Choose another name.");
            }
        }
    }

    /** Keys that are there already must be such as the triggers would let pass. Looks at those only that no trigger saw. */
    private void checkStoredKeys() throws SQLException {
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        if (triggers.containsAll(TrackingTriggers.names(shape.name()).subList(0, 3))) {
            return;
        }
        List<String> keys =
                shape.keys().stream().map(TableShape.ShapeColumn::name).toList();
        String rows = CoarseTriggers.standIn(triggers, shape.name()) && KeyCheck.isRecorded(connection, shape)
                ? Quoting.inFile(CoarseTriggers.notes(shape.name())) + " d CROSS JOIN " + Quoting.inFile(shape.name())
                        + " t ON " + Quoting.equal("d.", "t.", keys)
                : Quoting.name(shape.name()) + " t";
        for (TableShape.ShapeColumn key : shape.keys()) {
            if (shape.affinity(key) != Affinity.TEXT
                    && !shape.hasRowidKey()
                    && Queries.exists(
                            connection,
                            "SELECT 1 FROM " + rows + " WHERE typeof(t." + Quoting.name(key.name())
                                    + ") = 'real' LIMIT 1")) {
                problem(
                        key.name(),
                        "Rows have a floating-point number in the key, which has several spellings of one value.",
                        "Change those keys to text or integers.");
            }
        }
    }

    private Set<String> collatedKeyColumns() throws SQLException {
        Set<String> collated = new TreeSet<>();
        for (TableShape.ShapeColumn key : shape.keys()) {
            // The key's index may say BINARY and the column not; a column of no rows still compares as it is told.
            if (Queries.exists(
                    connection,
                    "SELECT 1 FROM (SELECT " + Quoting.name(key.name()) + " AS k FROM " + Quoting.inFile(shape.name())
                            + " WHERE 0 UNION SELECT 'a') WHERE k = 'A' OR k = 'a '")) {
                collated.add(key.name());
            }
        }
        collated.addAll(Queries.list(connection, """
                SELECT x.name FROM pragma_index_list(?1, 'main') l JOIN pragma_index_xinfo(l.name, 'main') x
                WHERE l.origin = 'pk' AND x.key AND x.coll <> 'BINARY' AND x.name IS NOT NULL""", row -> row.getString(1), shape.name()));
        return collated;
    }

    private void problem(@Nullable String column, String description, String cure) {
        problems.add(new TableProblem(shape.name(), spec.entity(), column, description, cure));
    }
}
