package dev.crr.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Makes up local writes. Some of them fail on a constraint, as they do in life; then they change nothing. */
final class Statements {

    private final Random random;
    private final List<Table> tables;

    Statements(Random random, List<Table> tables) {
        this.random = random;
        this.tables = tables;
    }

    /** One statement, or a transaction of several with savepoints and rollbacks in it. */
    List<String> write(boolean newer) {
        if (random.nextInt(4) > 0) {
            return List.of(statement(newer));
        }
        List<String> statements = new ArrayList<>();
        statements.add("BEGIN");
        statements.addAll(some(newer, 4));
        if (random.nextInt(3) == 0) {
            statements.add("SAVEPOINT s");
            statements.addAll(some(newer, 3));
            statements.add(random.nextBoolean() ? "ROLLBACK TO s" : "RELEASE s");
            statements.addAll(some(newer, 2));
        }
        statements.add(random.nextInt(5) == 0 ? "ROLLBACK" : "COMMIT");
        return statements;
    }

    /** Up to so many statements, at least one. */
    List<String> some(boolean newer, int max) {
        List<String> statements = new ArrayList<>();
        for (int i = random.nextInt(max); i >= 0; i--) {
            statements.add(statement(newer));
        }
        return statements;
    }

    private String statement(boolean newer) {
        List<Table> there =
                tables.stream().filter(table -> newer || !table.later()).toList();
        if (there.isEmpty()) {
            return "SELECT 1";
        }
        Table table = there.get(random.nextInt(there.size()));
        List<Table.Column> columns = table.columns(newer);
        return switch (random.nextInt(columns.isEmpty() ? 7 : 15)) {
            case 0 -> "DELETE FROM " + table.name() + where(table);
            case 2 -> "UPDATE " + orElse() + table.name() + " SET " + assignment(pick(table.keys())) + where(table);
            case 3 -> "INSERT OR REPLACE" + into(table, columns, 1);
            case 1, 4 -> "INSERT OR IGNORE" + into(table, columns, 1);
            case 5 -> "INSERT" + into(table, columns, 2);
            case 6 -> "REPLACE" + into(table, columns, 1 + random.nextInt(2));
            case 7 ->
                "INSERT" + into(table, columns, 1) + " ON CONFLICT DO UPDATE SET " + assignment(pick(columns))
                        + (random.nextInt(4) == 0 ? " WHERE " + pick(columns).name() + " IS NOT NULL" : "");
            case 8 -> "UPDATE " + table.name() + " SET " + assignment(pick(columns));
            case 9 -> "UPDATE " + table.name() + " SET " + assignments(columns) + where(table);
            case 10 ->
                "UPDATE " + table.name() + " SET " + pick(columns).name() + " = "
                        + pick(columns).name() + where(table);
            case 11 ->
                random.nextInt(4) == 0
                        ? "DELETE FROM " + table.name()
                        : "UPDATE " + table.name() + " SET " + pick(columns).name() + " = NULL" + where(table);
            case 12 ->
                "UPDATE " + orElse() + table.name() + " SET " + assignment(pick(table.keys())) + ", "
                        + assignment(pick(columns)) + where(table);
            default -> "UPDATE " + table.name() + " SET " + assignment(pick(columns)) + where(table);
        };
    }

    private String orElse() {
        return pick(List.of("", "OR REPLACE ", "OR REPLACE ", "OR IGNORE "));
    }

    private String into(Table table, List<Table.Column> columns, int rows) {
        List<Table.Column> named = new ArrayList<>(table.keys());
        columns.stream()
                .filter(column -> column.required() || random.nextInt(3) > 0)
                .forEach(named::add);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            values.add(named.stream().map(column -> pick(column.values())).collect(Collectors.joining(", ", "(", ")")));
        }
        return " INTO " + table.name() + " (" + Table.names(named) + ") VALUES " + String.join(", ", values);
    }

    private String where(Table table) {
        return table.keys().stream().map(this::assignment).collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private String assignments(List<Table.Column> columns) {
        return columns.stream().map(this::assignment).collect(Collectors.joining(", "));
    }

    private String assignment(Table.Column column) {
        return column.name() + " = " + pick(column.values());
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
