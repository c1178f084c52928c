package dev.crr.engine;

import dev.crr.SqlNames;
import dev.crr.engine.UserTrigger.Event;
import dev.crr.engine.UserTrigger.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the text of a trigger: what fires it, and what its statements write. SQLite has parsed the text before, so it is known to be
 * right, and a trigger has neither WITH at the head of a statement nor the name of a schema before a table.
 */
final class TriggerSql {

    private static final Set<String> STATEMENTS = Set.of("update", "insert", "replace", "delete", "select");
    private static final Set<String> AFTER_ASSIGNMENTS = Set.of("from", "where", "on", "returning");

    /** What these come to is not the same on every instance, or not the same twice. */
    private static final Set<String> VOLATILE =
            Set.of("random", "randomblob", "last_insert_rowid", "changes", "total_changes");

    private static final Set<String> NOW = Set.of("current_timestamp", "current_date", "current_time");

    private static final Set<String> OF_TIME =
            Set.of("strftime", "datetime", "date", "time", "julianday", "unixepoch", "timediff");

    private final List<SqlToken> tokens;

    private TriggerSql(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /** Reads a trigger by its row in {@code sqlite_master}. */
    static UserTrigger parse(String name, String table, String sql) {
        return new TriggerSql(SqlToken.of(sql)).trigger(name, table);
    }

    private TriggerSql part(int from, int to) {
        return new TriggerSql(tokens.subList(Math.min(from, to), to));
    }

    private UserTrigger trigger(String name, String table) {
        int at = find(0, "trigger") + 1;
        at += is(at, "if") ? 3 : 0;
        at += symbol(at + 1, ".") ? 3 : 1;
        at += is(at, "instead") ? 2 : is(at, "before") || is(at, "after") ? 1 : 0;
        Event event = is(at, "insert") ? Event.INSERT : is(at, "delete") ? Event.DELETE : Event.UPDATE;
        Set<String> columns = is(at + 1, "of") ? part(at + 2, find(at, "on")).names() : Set.of();
        boolean guarded = tokens.stream().anyMatch(token -> token.isName("crr_state"));
        return new UserTrigger(name, SqlNames.fold(table), event, columns, writes(body(at)), guarded);
    }

    /** Begins after BEGIN, which may also be the name of a column. */
    private int body(int header) {
        for (int i = header; i < tokens.size(); i++) {
            if (is(i, "begin") && STATEMENTS.stream().anyMatch(next(i)::isWord)) {
                return i + 1;
            }
        }
        return tokens.size();
    }

    private SqlToken next(int at) {
        return at + 1 < tokens.size() ? tokens.get(at + 1) : SqlToken.NONE;
    }

    private List<Write> writes(int from) {
        List<Write> writes = new ArrayList<>();
        int begin = from;
        for (int i = from; i < tokens.size(); i++) {
            if (symbol(i, ";")) {
                part(begin, i).addWrites(writes);
                begin = i + 1;
            }
        }
        return writes;
    }

    /** This is one statement. */
    private void addWrites(List<Write> writes) {
        if (is(0, "update")) {
            int table = is(1, "or") ? 3 : 1;
            int set = find(table, "set");
            writes.add(update(name(table), set, Map.copyOf(sameAsRow(find(set, "where")))));
        } else if (is(0, "delete")) {
            writes.add(new Write(Write.Kind.DELETE, name(2), Set.of(), Map.of(), !isVolatile(), false));
        } else if (is(0, "insert") || is(0, "replace")) {
            addInsert(writes);
        }
    }

    private void addInsert(List<Write> writes) {
        int into = find(0, "into");
        boolean replaces = is(0, "replace") || is(2, "replace");
        String table = name(into + 1);
        int conflict = find(into, "on");
        boolean upserts = conflict < tokens.size() && is(conflict + 1, "conflict");
        boolean taken = replaces || upserts || is(2, "ignore");
        Set<String> listed =
                symbol(into + 2, "(") ? part(into + 3, closing(into + 2)).names() : Set.of();
        writes.add(new Write(Write.Kind.INSERT, table, listed, Map.of(), !isVolatile(), taken));
        if (replaces) {
            writes.add(new Write(Write.Kind.UPDATE, table, Set.of(Write.ANY_COLUMN), Map.of(), !isVolatile(), true));
        }
        for (int set = find(into, "set"); set < tokens.size(); set = find(set + 1, "set")) {
            writes.add(update(table, set, Map.of()));
        }
    }

    private Write update(String table, int set, Map<String, String> sameAsRow) {
        Set<String> columns = new LinkedHashSet<>();
        boolean repeatable = !isVolatile();
        int at = set + 1;
        while (at < tokens.size() && AFTER_ASSIGNMENTS.stream().noneMatch(tokens.get(at)::isWord)) {
            int end = endOfAssignment(at);
            int equals = symbol(at, "(") ? closing(at) + 1 : at + 1;
            Set<String> assigned = part(at, equals).names();
            columns.addAll(assigned);
            repeatable &= !part(equals + 1, end).readsAny(assigned);
            at = symbol(end, ",") ? end + 1 : end;
        }
        return new Write(Write.Kind.UPDATE, table, columns, sameAsRow, repeatable, true);
    }

    private int endOfAssignment(int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 && (token.isSymbol(",") || AFTER_ASSIGNMENTS.stream().anyMatch(token::isWord))) {
                return i;
            }
        }
        return tokens.size();
    }

    /** Whether what is assigned depends on what was there before. */
    private boolean readsAny(Set<String> columns) {
        for (int i = 0; i < tokens.size(); i++) {
            boolean ofRow = i > 1 && isOfRow(i - 2);
            if (!ofRow && columns.stream().anyMatch(tokens.get(i)::isName)) {
                return true;
            }
        }
        return false;
    }

    /** Columns that the condition holds equal to one of the row that fired the trigger; none if it has alternatives. */
    private Map<String, String> sameAsRow(int where) {
        Map<String, String> same = new LinkedHashMap<>();
        for (int i = where; i + 4 < tokens.size(); i++) {
            if (isEqualSign(i + 1) && isOfRow(i + 2)) {
                same.put(rowid(name(i)), rowid(name(i + 4)));
            } else if (isOfRow(i) && isEqualSign(i + 3)) {
                same.put(rowid(name(symbol(i + 5, ".") ? i + 6 : i + 4)), rowid(name(i + 2)));
            }
        }
        return find(where, "or") < tokens.size() ? Map.of() : same;
    }

    private boolean isEqualSign(int at) {
        return symbol(at, "=") || symbol(at, "==") || is(at, "is");
    }

    private boolean isOfRow(int at) {
        return (isName(at, "new") || isName(at, "old")) && symbol(at + 1, ".");
    }

    private static String rowid(String column) {
        return UserTrigger.ROWID.contains(column) ? "rowid" : column;
    }

    private boolean isVolatile() {
        boolean now = tokens.stream().anyMatch(token -> token.isText("now"));
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            boolean called = symbol(i + 1, "(");
            if (NOW.stream().anyMatch(token::isWord)
                    || (called && VOLATILE.stream().anyMatch(token::isWord))
                    || (called && OF_TIME.stream().anyMatch(token::isWord) && (now || symbol(i + 2, ")")))) {
                return true;
            }
        }
        return false;
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (SqlToken token : tokens) {
            if (token.isAnyName() || token.isText()) {
                names.add(SqlNames.fold(token.text()));
            }
        }
        return names;
    }

    private int closing(int opening) {
        int depth = 0;
        for (int i = opening; i < tokens.size(); i++) {
            depth += symbol(i, "(") ? 1 : symbol(i, ")") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return tokens.size();
    }

    /** Where a keyword is, outside parentheses; the end if it is nowhere. */
    private int find(int from, String keyword) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            depth += symbol(i, "(") ? 1 : symbol(i, ")") ? -1 : 0;
            if (depth == 0 && is(i, keyword)) {
                return i;
            }
        }
        return tokens.size();
    }

    private String name(int at) {
        return at < tokens.size() ? SqlNames.fold(tokens.get(at).text()) : "";
    }

    private boolean is(int at, String keyword) {
        return at < tokens.size() && tokens.get(at).isWord(keyword);
    }

    private boolean isName(int at, String name) {
        return at < tokens.size() && tokens.get(at).isName(name);
    }

    private boolean symbol(int at, String symbol) {
        return at < tokens.size() && tokens.get(at).isSymbol(symbol);
    }
}
