package dev.crr.engine;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names and literals as they stand in SQL, and the lists made of them. */
final class Quoting {

    private Quoting() {}

    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A table of the database file, whatever temporary tables there are. */
    static String inFile(String table) {
        return "main." + name(table);
    }

    static String text(String literal) {
        return '\'' + literal.replace("'", "''") + '\'';
    }

    static String blob(byte[] literal) {
        return "x'" + HexFormat.of().formatHex(literal) + '\'';
    }

    /** Names with a prefix such as {@code NEW.}, separated by commas. */
    static String names(String prefix, List<String> identifiers) {
        return identifiers.stream().map(name -> prefix + name(name)).collect(Collectors.joining(", "));
    }

    /** A condition that two sets of columns of the same names are equal. */
    static String equal(String left, String right, List<String> identifiers) {
        return identifiers.stream()
                .map(name -> left + name(name) + " = " + right + name(name))
                .collect(Collectors.joining(" AND "));
    }

    /** So many parameters, separated by commas. */
    static String parameters(int count) {
        return IntStream.range(0, count).mapToObj(i -> "?").collect(Collectors.joining(", "));
    }
}
