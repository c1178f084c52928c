package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.engine.UserTrigger.Event;
import dev.crr.engine.UserTrigger.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All triggers that are not crr's, and which of their writes make which of them fire in turn. */
final class UserTriggers {

    private static final String OURS = "name LIKE '%\\_\\_crr\\_%' ESCAPE '\\'";

    private final List<UserTrigger> triggers;

    private UserTriggers(List<UserTrigger> triggers) {
        this.triggers = triggers;
    }

    /** Something that triggers react to: a change of a column, or the birth or death of rows, in a table. */
    private record Change(String table, Event event, String column) {

        static Change ofRows(String table, Event event) {
            return new Change(table, event, "");
        }

        static Change ofCells(String table, String column) {
            return new Change(table, Event.UPDATE, column);
        }
    }

    /** Those of the file. */
    static UserTriggers of(Connection connection) throws SQLException {
        return new UserTriggers(read(connection, "main"));
    }

    /** Those of the file and those that only this connection has. */
    static UserTriggers ofConnection(Connection connection) throws SQLException {
        return new UserTriggers(Stream.of(read(connection, "main"), read(connection, "temp"))
                .flatMap(List::stream)
                .toList());
    }

    /** Whether this connection has triggers that no other has. */
    static boolean hasTemporary(Connection connection) throws SQLException {
        return Queries.exists(connection, "SELECT 1 FROM temp.sqlite_master WHERE type = 'trigger' AND NOT " + OURS);
    }

    private static List<UserTrigger> read(Connection connection, String schema) throws SQLException {
        return Queries.list(
                connection,
                "SELECT name, tbl_name, sql FROM " + schema + ".sqlite_master WHERE type = 'trigger' AND NOT " + OURS
                        + " ORDER BY name",
                row -> TriggerSql.parse(row.getString(1), row.getString(2), row.getString(3)));
    }

    List<UserTrigger> all() {
        return triggers;
    }

    private boolean any(String table) {
        String name = SqlNames.fold(table);
        return triggers.stream().anyMatch(trigger -> trigger.table().equals(name));
    }

    /** Whether another table that counts the rows of this one has any. */
    boolean anyOnOwners(String table, Collection<VersionColumn> versions) {
        return versions.stream().anyMatch(version -> !version.isOf(table) && any(version.table()));
    }

    /** What they do to a table. */
    Reactions reactions(String table, Collection<String> keys, List<String> columns) {
        if (triggers.isEmpty()) {
            return Reactions.NONE;
        }
        String name = SqlNames.fold(table);
        List<String> cells = columns.stream().map(SqlNames::fold).toList();
        Set<String> assigned = new LinkedHashSet<>();
        boolean lives = false;
        for (UserTrigger trigger : triggers) {
            for (Write write : trigger.writes()) {
                if (write.table().equals(name)) {
                    assigned.addAll(write.columns());
                    lives |= write.kind() != Write.Kind.UPDATE;
                }
            }
        }
        Set<String> others = new LinkedHashSet<>(assigned);
        cells.forEach(others::remove);
        others.remove(Write.ANY_COLUMN);
        lives |= UserTrigger.ROWID.stream().anyMatch(others::contains)
                || keys.stream().map(SqlNames::fold).anyMatch(others::contains);
        BitSet written = new BitSet();
        for (int i = 0; i < cells.size(); i++) {
            written.set(i, assigned.contains(cells.get(i)) || assigned.contains(Write.ANY_COLUMN));
        }
        return new Reactions(
                triggers.stream()
                        .filter(trigger -> trigger.table().equals(name))
                        .map(UserTrigger::name)
                        .toList(),
                written,
                consequences(name, cells, written),
                others,
                lives);
    }

    /** For each column the written ones that follow from it, and that it does not follow from. */
    private List<BitSet> consequences(String table, List<String> columns, BitSet written) {
        List<Set<Change>> following = columns.stream()
                .map(column -> following(Change.ofCells(table, column)))
                .toList();
        return columns.stream()
                .map(column -> {
                    int from = columns.indexOf(column);
                    BitSet below = new BitSet();
                    written.stream()
                            .filter(to -> isAmong(following.get(from), table, columns.get(to))
                                    && !isAmong(following.get(to), table, column))
                            .forEach(below::set);
                    return below;
                })
                .toList();
    }

    private static boolean isAmong(Set<Change> changes, String table, String column) {
        return changes.contains(Change.ofCells(table, column))
                || changes.contains(Change.ofCells(table, Write.ANY_COLUMN));
    }

    /** Whether what a trigger writes makes triggers write the table that it is on. */
    boolean comesBack(UserTrigger trigger, Write write) {
        Set<Change> reached = new HashSet<>();
        Deque<Change> open = new ArrayDeque<>(changes(write));
        follow(open, reached);
        return reached.stream().anyMatch(change -> change.table().equals(trigger.table()));
    }

    private Set<Change> following(Change change) {
        Set<Change> reached = new HashSet<>();
        follow(new ArrayDeque<>(List.of(change)), reached);
        return reached;
    }

    /** Adds all that follows; what was open at first only if it follows from something. */
    private void follow(Deque<Change> open, Set<Change> reached) {
        while (!open.isEmpty()) {
            Change change = open.remove();
            for (UserTrigger trigger : triggers) {
                if (isFiredBy(trigger, change)) {
                    for (Write write : trigger.writes()) {
                        changes(write).stream().filter(reached::add).forEach(open::add);
                    }
                }
            }
        }
    }

    private static boolean isFiredBy(UserTrigger trigger, Change change) {
        return trigger.table().equals(change.table())
                && trigger.event() == change.event()
                && (change.event() != Event.UPDATE || trigger.isFiredBy(change.column()));
    }

    private static List<Change> changes(Write write) {
        return switch (write.kind()) {
            case INSERT -> List.of(Change.ofRows(write.table(), Event.INSERT));
            case DELETE -> List.of(Change.ofRows(write.table(), Event.DELETE));
            case UPDATE ->
                write.columns().stream()
                        .map(column -> Change.ofCells(write.table(), column))
                        .toList();
        };
    }
}
