package dev.crr.engine;

import dev.crr.SqlNames;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file as it was when the triggers stood aside, held by a read transaction of a connection of its own. A table that is then
 * made anew (the 12-step rebuild) loses its triggers, and only by what it held before can be told what was changed. Costs
 * nothing unless a table is made anew.
 */
final class BeforeMigration implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BeforeMigration.class);

    /** How many columns one statement compares: SQLite does not nest expressions deeper than 1000. */
    private static final int COMPARED_AT_ONCE = 200;

    private final Connection before;
    private boolean byScript;

    private BeforeMigration(Connection before) {
        this.before = before;
    }

    /** Holds what is there now; null where that would keep writers out (without WAL), or cannot be done. */
    static @Nullable BeforeMigration hold(Connection live) {
        Connection before = null;
        try {
            String file = Queries.list(
                            live, "SELECT file FROM pragma_database_list WHERE name = 'main'", row -> row.getString(1))
                    .get(0);
            boolean wal = Queries.exists(live, "SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'");
            if (!wal || file == null || file.isEmpty()) {
                return null;
            }
            before = DriverManager.getConnection(live.getMetaData().getURL());
            try (PreparedStatement attach = before.prepareStatement("ATTACH ? AS present")) {
                attach.setString(1, file);
                attach.execute();
            }
            Queries.execute(before, "BEGIN");
            Queries.number(before, "SELECT count(*) FROM main.sqlite_master");
            return new BeforeMigration(before);
        } catch (SQLException e) {
            log.debug("Cannot hold the state before a migration", e);
            close(before);
            return null;
        }
    }

    /** What changes the schema is a script that makes tables anew, and does not carry over what they held. */
    void noteScript() {
        byScript = true;
    }

    boolean byScript() {
        return byScript;
    }

    /** Whether the writes to a table were noted when this began: then it tells all that came after. */
    boolean knows(CrrTable table) throws SQLException {
        Set<String> triggers = new TreeSet<>(SqlNames.ORDER);
        triggers.addAll(Queries.list(
                before, "SELECT name FROM main.sqlite_master WHERE type = 'trigger'", row -> row.getString(1)));
        return CoarseTriggers.standIn(triggers, table.name());
    }

    /**
     * Whether a column of a table that kept its triggers holds its default where it held something else, and nobody wrote to it. Looks
     * at one row only, and at none if the schema is what it was.
     */
    boolean isReset(TableShape shape, TableShape.ShapeColumn column, int ordinal) throws SQLException {
        String table = Quoting.name(shape.name());
        String name = Quoting.name(column.name());
        boolean sameSchema = Queries.number(before, "PRAGMA main.schema_version")
                == Queries.number(before, "PRAGMA present.schema_version");
        boolean there = Queries.exists(
                before, "SELECT 1 FROM pragma_table_xinfo(?, 'main') WHERE name = ?", shape.name(), column.name());
        if (sameSchema || !there) {
            return false;
        }
        List<String> keys =
                shape.keys().stream().map(TableShape.ShapeColumn::name).toList();
        String standard = column.defaultSql() == null ? "NULL" : "(" + column.defaultSql() + ")";
        String notes = Quoting.name(CoarseTriggers.notes(shape.name()));
        return !Queries.list(
                        before,
                        "SELECT n." + name + " IS " + standard + " FROM main." + table + " o CROSS JOIN present."
                                + table
                                + " n ON " + Quoting.equal("o.", "n.", keys) + " WHERE o." + name + " IS NOT "
                                + standard
                                + " AND NOT EXISTS (SELECT 1 FROM present." + notes + " d WHERE "
                                + Quoting.equal("d.", "n.", keys) + " AND d." + CoarseTriggers.COLUMN + " IN ("
                                + ordinal
                                + ", " + CoarseTriggers.WHOLE_ROW + ")) LIMIT 1",
                        row -> row.getBoolean(1))
                .stream()
                .filter(reset -> reset)
                .toList()
                .isEmpty();
    }

    /**
     * Notes the cells that hold something else than before; in columns that joined since, something else than the default.
     *
     * @param live the connection to note them over; what it has not committed is not seen
     * @param version the version before this start
     */
    void note(Connection live, CrrTable table, long version) throws SQLException {
        Set<String> known = new TreeSet<>(SqlNames.ORDER);
        known.addAll(Queries.list(
                before, "SELECT name FROM pragma_table_xinfo(?, 'main')", row -> row.getString(1), table.name()));
        List<CrrTable.Column> columns = table.columns().stream()
                .filter(column -> known.contains(column.name()) || column.since() > version)
                .toList();
        CoarseTriggers.createNotes(live, table);
        for (int from = 0; from < columns.size(); from += COMPARED_AT_ONCE) {
            note(live, table, columns.subList(from, Math.min(from + COMPARED_AT_ONCE, columns.size())), known);
        }
    }

    private void note(Connection live, CrrTable table, List<CrrTable.Column> columns, Set<String> known)
            throws SQLException {
        List<String> differences = columns.stream()
                .map(column -> difference(column, known.contains(column.name())))
                .toList();
        String keys = Quoting.names("n.", table.keyNames());
        int width = table.keys().size();
        String sql = "SELECT " + keys + ", " + String.join(", ", differences) + " FROM main." + table.bareName()
                + " o CROSS JOIN present." + table.bareName() + " n ON "
                + Quoting.equal("o.", "n.", table.keyNames()) + " WHERE "
                + differences.stream().collect(Collectors.joining(" OR "));
        String insert = "INSERT INTO " + table.touchedKeys() + " VALUES (" + Quoting.parameters(width + 1)
                + ") ON CONFLICT DO NOTHING";
        try (PreparedStatement note = live.prepareStatement(insert);
                PreparedStatement compare = before.prepareStatement(sql);
                ResultSet row = compare.executeQuery()) {
            while (row.next()) {
                List<Integer> changed = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    if (row.getBoolean(width + 1 + i)) {
                        changed.add(columns.get(i).ordinal());
                    }
                }
                for (int ordinal : changed) {
                    for (int i = 1; i <= width; i++) {
                        note.setObject(i, row.getObject(i));
                    }
                    note.setInt(width + 1, ordinal);
                    note.executeUpdate();
                }
            }
        }
    }

    /** Columns compare with their affinities applied: what only takes the form of another type is not changed. */
    private static String difference(CrrTable.Column column, boolean known) {
        String present = "n." + Quoting.name(column.name());
        if (!known) {
            return present + " IS NOT " + column.standard();
        }
        String past = "o." + Quoting.name(column.name());
        if (column.affinity() == Affinity.TEXT) {
            // Between columns SQLite turns text into numbers, but not numbers into text.
            past = "iif(typeof(" + past + ") IN ('integer', 'real'), CAST(" + past + " AS TEXT), " + past + ")";
        }
        String differs = past + " COLLATE BINARY IS NOT " + present;
        return column.affinity().storesEqualNumbersApart()
                ? "(" + differs + " OR typeof(" + past + ") <> typeof(" + present + "))"
                : differs;
    }

    @Override
    public void close() {
        close(before);
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("Cannot let go of the state before a migration", e);
            }
        }
    }
}
