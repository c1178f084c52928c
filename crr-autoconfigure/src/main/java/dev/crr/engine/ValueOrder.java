package dev.crr.engine;

import dev.crr.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order that decides between two edits of the same version: NULL &lt; BLOB &lt; TEXT &lt; REAL &lt; INTEGER, and only
 * within one storage class by value (semantics of cr-sqlite, "Order of values").
 */
final class ValueOrder implements Comparator<Value> {

    static final ValueOrder INSTANCE = new ValueOrder();

    private ValueOrder() {}

    @Override
    public int compare(Value left, Value right) {
        int rank = rank(left);
        int byClass = Integer.compare(rank, rank(right));
        if (byClass != 0) {
            return byClass;
        }
        if (left instanceof Value.Int a && right instanceof Value.Int b) {
            return Long.compare(a.value(), b.value());
        }
        if (left instanceof Value.Real a && right instanceof Value.Real b) {
            return Double.compare(a.value(), b.value());
        }
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return compare(a.value(), b.value());
        }
        return rank == 0 ? 0 : Arrays.compareUnsigned(bytes(left), bytes(right));
    }

    private static int rank(Value value) {
        if (value instanceof Value.Int) {
            return 4;
        }
        if (value instanceof Value.Real) {
            return 3;
        }
        if (value instanceof Value.Text || value instanceof Value.RawText) {
            return 2;
        }
        return value instanceof Value.Blob ? 1 : 0;
    }

    /** By the bytes of UTF-8, whose order beyond ASCII is not that of Java's UTF-16. */
    private static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return a < 0x80 && b < 0x80 ? Character.compare(a, b) : Arrays.compareUnsigned(utf8(left), utf8(right));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Value value) {
        if (value instanceof Value.Text text) {
            return utf8(text.value());
        }
        if (value instanceof Value.RawText text) {
            return text.bytes();
        }
        if (value instanceof Value.Blob blob) {
            return blob.bytes();
        }
        throw new IllegalArgumentException("no bytes in " + value);
    }
}
