package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the constraints of a table that are on several cells of a row. Each instance may keep such a constraint, and both edits together
 * break it: no merge of cells can keep it.
 */
final class MultiCellConstraints {

    private final List<SqlTokens.Token> tokens;
    private final Set<String> cells = new TreeSet<>(SqlNames.ORDER);
    private final Set<String> replicated = new TreeSet<>(SqlNames.ORDER);

    /** The cells that generated columns are made of. */
    private final Map<String, Set<String>> generated = new TreeMap<>(SqlNames.ORDER);

    private final List<String> found = new ArrayList<>();

    private MultiCellConstraints(TableShape shape, CrrTable table) {
        this.tokens = SqlTokens.of(shape.sql());
        shape.others().forEach(column -> cells.add(column.name()));
        replicated.addAll(table.columnNames());
    }

    /** What they are, for people. */
    static List<String> of(TableShape shape, CrrTable table) {
        MultiCellConstraints constraints = new MultiCellConstraints(shape, table);
        constraints.find();
        return constraints.found;
    }

    private void find() {
        int body = 0;
        while (body < tokens.size() && !tokens.get(body).is("(")) {
            body++;
        }
        List<List<SqlTokens.Token>> definitions = definitions(SqlTokens.inParentheses(tokens, body));
        definitions.forEach(this::readGenerated);
        for (List<SqlTokens.Token> definition : definitions) {
            for (int i = 0; i + 1 < definition.size(); i++) {
                if (definition.get(i).is("CHECK") && definition.get(i + 1).is("(")) {
                    List<SqlTokens.Token> condition = SqlTokens.inParentheses(definition, i + 1);
                    add("the CHECK", named(condition));
                }
            }
            Set<String> sources = generated.get(definition.get(0).text());
            if (sources != null && isNotNull(definition)) {
                add("NOT NULL of the generated column " + definition.get(0).text(), sources);
            }
        }
    }

    private static boolean isNotNull(List<SqlTokens.Token> definition) {
        for (int i = 0; i + 1 < definition.size(); i++) {
            if (definition.get(i).is("NOT") && definition.get(i + 1).is("NULL")) {
                return true;
            }
        }
        return false;
    }

    private void add(String constraint, Set<String> names) {
        if (names.size() > 1 && names.stream().anyMatch(replicated::contains)) {
            found.add(constraint + " on " + names.stream().sorted().collect(Collectors.joining(" and ")));
        }
    }

    /** A generated column may be made of others. */
    private void readGenerated(List<SqlTokens.Token> definition) {
        for (int i = 1; i + 1 < definition.size(); i++) {
            if (definition.get(i).is("AS")
                    && definition.get(i + 1).is("(")
                    && !cells.contains(definition.get(0).text())) {
                generated.put(definition.get(0).text(), named(SqlTokens.inParentheses(definition, i + 1)));
                return;
            }
        }
    }

    /** The cells that an expression names, those behind generated columns included. */
    private Set<String> named(List<SqlTokens.Token> expression) {
        Set<String> names = new TreeSet<>(SqlNames.ORDER);
        for (int i = 0; i < expression.size(); i++) {
            SqlTokens.Token token = expression.get(i);
            boolean function =
                    i + 1 < expression.size() && expression.get(i + 1).is("(");
            boolean other = i > 0
                    && (expression.get(i - 1).is("COLLATE")
                            || expression.get(i - 1).is("AS"));
            if (token.canBeName() && !function && !other) {
                if (cells.contains(token.text())) {
                    names.add(SqlNames.fold(token.text()));
                }
                names.addAll(generated.getOrDefault(token.text(), Set.of()));
            }
        }
        return names;
    }

    private static List<List<SqlTokens.Token>> definitions(List<SqlTokens.Token> body) {
        List<List<SqlTokens.Token>> definitions = new ArrayList<>();
        List<SqlTokens.Token> current = new ArrayList<>();
        int depth = 0;
        for (SqlTokens.Token token : body) {
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth == 0 && token.is(",")) {
                definitions.add(current);
                current = new ArrayList<>();
            } else {
                current.add(token);
            }
        }
        definitions.add(current);
        definitions.removeIf(List::isEmpty);
        return definitions;
    }
}
