package dev.crr.demo.process;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes SQL that edits a presentation at random. */
final class RandomEdits {

    private static final List<String> TABLES = List.of("deck", "slide", "component", "component", "component");
    private static final int MAX_STATEMENTS = 4;

    private static final List<String> TEXTS = List.of("''", "'9'", "'10'", "'a'", "'B'", "'é'", "'a''b'", "'600'");
    private static final List<String> POSITIONS = List.of("'a '", "'a!'", "'a!P'", "'Zz'");
    private static final List<String> INTEGERS = List.of(
            "0", "1", "2", "600", "-1", "9007199254740993", "9223372036854775807", "(-9223372036854775807 - 1)");
    private static final List<String> REALS = List.of("0.0", "1.0", "1.5", "600.0", "-2.25", "1e308", "0.1", "1e-7");
    private static final List<String> BLOBS = List.of("x''", "x'00'", "x'61'", "x'c3a9ff'");

    private final Random random;
    private final Keys keys;

    RandomEdits(Random random, Keys keys) {
        this.random = random;
        this.keys = keys;
    }

    /** One transaction or one statement. Key updates are left out where the replica does not get them right. */
    String next(boolean keyUpdates) {
        if (random.nextInt(3) != 0) {
            return statement(keyUpdates);
        }
        String statements = IntStream.rangeClosed(0, random.nextInt(MAX_STATEMENTS))
                .mapToObj(i -> statement(keyUpdates) + "; ")
                .collect(Collectors.joining());
        return "BEGIN; " + statements + (random.nextInt(6) == 0 ? "ROLLBACK" : "COMMIT");
    }

    private String statement(boolean keyUpdates) {
        String table = one(TABLES);
        int kind = random.nextInt(keyUpdates ? 12 : 11);
        if (kind < 2) {
            return insert("INSERT OR IGNORE", table);
        }
        if (kind < 4) {
            return insert("INSERT OR REPLACE", table);
        }
        if (kind < 5) {
            return insert("INSERT", table) + " ON CONFLICT (id) DO UPDATE SET " + assignment(table);
        }
        if (kind < 9) {
            return "UPDATE " + table + " SET " + assignment(table) + " WHERE " + rows();
        }
        if (kind < 11) {
            return "DELETE FROM " + table + " WHERE " + rows();
        }
        return "UPDATE OR REPLACE " + table + " SET id = " + key() + " WHERE id = " + key();
    }

    /** Names some of the columns and leaves the others to their defaults. */
    private String insert(String verb, String table) {
        List<String> columns =
                columns(table).stream().filter(column -> random.nextInt(3) != 0).toList();
        String names = columns.stream().map(column -> ", \"" + column + "\"").collect(Collectors.joining());
        String values = columns.stream().map(column -> ", " + value(column)).collect(Collectors.joining());
        return verb + " INTO " + table + " (id" + names + ") VALUES (" + key() + values + ")";
    }

    private String assignment(String table) {
        List<String> columns = columns(table);
        String first = one(columns);
        String second = one(columns);
        String assignment = "\"" + first + "\" = " + value(first);
        return first.equals(second) ? assignment : assignment + ", \"" + second + "\" = " + value(second);
    }

    private String rows() {
        return random.nextInt(5) == 0 ? "id IN (" + key() + ", " + key() + ", " + key() + ")" : "id = " + key();
    }

    private String key() {
        return "'" + keys.any() + "'";
    }

    private String value(String column) {
        return switch (column) {
            case "position" -> one(POSITIONS);
            case "x", "w" -> one(random.nextBoolean() ? REALS : List.of("0", "1", "600"));
            case "anything", "label", "amount", "count" -> anything();
            default -> one(TEXTS);
        };
    }

    private String anything() {
        List<Supplier<String>> kinds =
                List.of(() -> "NULL", () -> one(TEXTS), () -> one(INTEGERS), () -> one(REALS), () -> one(BLOBS));
        return one(kinds).get();
    }

    private static List<String> columns(String table) {
        return switch (table) {
            case "deck" -> List.of("name");
            case "slide" -> List.of("deck_id", "position");
            default -> List.of("content", "position", "x", "w", "anything", "label", "amount", "count");
        };
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
