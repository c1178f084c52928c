package dev.crr.engine;

import dev.crr.Value;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * SQLite's column affinities: what a column does to a value that is stored in it
 * (<a href="https://www.sqlite.org/datatype3.html#determination_of_column_affinity">determination of column affinity</a>).
 */
enum Affinity {
    TEXT("TEXT"),
    NUMERIC("NUMERIC"),
    INTEGER("INTEGER"),
    REAL("REAL"),
    /** Stores everything as it comes. */
    NONE("BLOB");

    /** Text that a numeric column makes a number of. */
    private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*");

    private final String declaration;

    Affinity(String declaration) {
        this.declaration = declaration;
    }

    static Affinity of(String declaredType, boolean strict) {
        String type = declaredType.toUpperCase(Locale.ROOT);
        if (strict && type.equals("ANY")) {
            return NONE;
        }
        if (type.contains("INT")) {
            return INTEGER;
        }
        if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
            return TEXT;
        }
        if (type.isEmpty() || type.contains("BLOB")) {
            return NONE;
        }
        if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
            return REAL;
        }
        return NUMERIC;
    }

    /** A declared type that has this affinity; never empty, because Hibernate cannot read a column without a type. */
    String declaration() {
        return declaration;
    }

    /** Whether text that looks like a number becomes one. */
    boolean isNumeric() {
        return this == NUMERIC || this == INTEGER || this == REAL;
    }

    /** Whether a column can hold two numbers that are equal and yet different, such as 1 and 1.0. */
    boolean storesEqualNumbersApart() {
        return this == NONE;
    }

    /** Whether {@link #apply} can tell what SQLite would do to the value; if not, SQLite must be asked. */
    boolean knows(Value value) {
        return switch (this) {
            case NONE -> true;
            case TEXT -> !(value instanceof Value.Real);
            case NUMERIC, INTEGER, REAL ->
                !(value instanceof Value.RawText)
                        && !(value instanceof Value.Text text
                                && NUMBER.matcher(text.value()).matches());
        };
    }

    /** What the column would store. Only for values it {@link #knows}. */
    Value apply(Value value) {
        return switch (this) {
            case NONE -> value;
            case TEXT -> value instanceof Value.Int number ? Value.of(Long.toString(number.value())) : value;
            case REAL -> value instanceof Value.Int number ? Value.of((double) number.value()) : value;
            case NUMERIC, INTEGER -> value instanceof Value.Real number ? integerIfWhole(number) : value;
        };
    }

    private static Value integerIfWhole(Value.Real number) {
        long whole = (long) number.value();
        boolean exact = whole == number.value() && whole > Long.MIN_VALUE && whole < Long.MAX_VALUE;
        return exact ? Value.of(whole) : number;
    }
}
