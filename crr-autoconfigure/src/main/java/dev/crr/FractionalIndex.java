package dev.crr;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Positions for a list that several people order at once. Each item keeps a key in a column of its own, and the list is what
 * {@code ORDER BY position, id} gives. To insert or move one item, write one key between those of its neighbours; no other item
 * changes, so edits at different places never meet.
 *
 * <p>Keys are text, compared byte by byte: by {@link String#compareTo} in Java, and by SQLite in a column with its standard
 * collation, BINARY. The form is that of cr-sqlite's {@code crsql_fract_key_between}: printable ASCII, an integer part whose
 * first letter tells its length, and an optional fraction that does not end in a space. A key may contain and end with spaces
 * and must not be trimmed. Appending and prepending make keys that grow with the logarithm of how often; always inserting at one
 * and the same place adds a character about every six times.
 *
 * <p><b>Equal keys.</b> The same neighbours always give the same key. So two people who insert at one place while they are apart
 * make equal keys; hence the {@code id} in the ORDER BY, by which every instance shows both in the same order. Nothing fits
 * between two equal keys; {@link #insert} then also moves those apart that stand in the way.
 *
 * <p>Stateless.
 */
public final class FractionalIndex {

    /** A printable ASCII character is a digit of base 95: its distance from the space. */
    private static final char ZERO = ' ';

    private static final char LAST = '~';

    private static final int BASE = LAST - ZERO + 1;

    /** The integer part from which counting starts in both directions. */
    private static final String FIRST = "a" + ZERO;

    /** The smallest integer part, which has nothing before it, and so does not stand as a key by itself. */
    private static final String SMALLEST = "A" + String.valueOf(ZERO).repeat(26);

    private FractionalIndex() {}

    /**
     * What {@link #insert} asks for.
     *
     * @param key the new item's key
     * @param moved new keys for items that have equal keys and are in the way, by their index in the list that was given; mostly
     *     empty
     */
    public record Insertion(String key, SortedMap<Integer, String> moved) {
        public Insertion {
            moved = Collections.unmodifiableSortedMap(new TreeMap<>(moved));
        }
    }

    /**
     * Makes a key between two others.
     *
     * @param before the key to come after, null for the beginning of the list
     * @param after the key to come before, null for the end of the list
     * @return a key greater than {@code before} and less than {@code after}; always the same for the same two
     * @throws IllegalArgumentException if one of them is not a key, or {@code before} is not less than {@code after}
     */
    public static String between(@Nullable String before, @Nullable String after) {
        require(before);
        require(after);
        if (before != null && after != null && before.compareTo(after) >= 0) {
            throw new IllegalArgumentException("nothing fits between the keys \"" + before + "\" and \"" + after
                    + "\": the first is not the lesser");
        }
        if (before == null) {
            return after == null ? FIRST : first(after);
        }
        String integer = integer(before);
        String fraction = before.substring(integer.length());
        if (after != null && integer.equals(integer(after))) {
            return integer + middle(fraction, after.substring(integer.length()));
        }
        String next = next(integer);
        if (next != null && (after == null || next.compareTo(after) < 0)) {
            return next;
        }
        return integer + middle(fraction, null);
    }

    /**
     * Makes keys for several items that come to stand between two others, as short as those of single insertions can be.
     *
     * @param before the key to come after, null for the beginning of the list
     * @param after the key to come before, null for the end of the list
     * @param count how many, not negative
     * @return as many keys, ascending, all between the two
     * @throws IllegalArgumentException if one of the two is not a key, {@code before} is not less than {@code after}, or
     *     {@code count} is negative
     */
    public static List<String> between(@Nullable String before, @Nullable String after, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("\"count\" must not be negative, but is " + count);
        }
        String[] keys = new String[count];
        if (count == 0) {
            between(before, after);
        } else if (after == null) {
            String last = before;
            for (int i = 0; i < count; i++) {
                last = between(last, null);
                keys[i] = last;
            }
        } else if (before == null) {
            String first = after;
            for (int i = count - 1; i >= 0; i--) {
                first = between(null, first);
                keys[i] = first;
            }
        } else {
            halve(before, after, keys, 0, count);
        }
        return List.copyOf(Arrays.asList(keys));
    }

    /**
     * Finds a place for a new item in a list as it is shown, equal keys and all. To move an item, leave it out of the list first.
     *
     * @param keys the keys of the items, in the order in which the list shows them
     * @param index where the new item goes: 0 for the beginning, the size of the list for its end
     * @return the new item's key, and new keys for those items after it that have to make room
     * @throws IllegalArgumentException if the keys at the place are none, or not in ascending order
     * @throws IndexOutOfBoundsException if the index is negative or greater than the size
     */
    public static Insertion insert(List<String> keys, int index) {
        if (index < 0 || index > keys.size()) {
            throw new IndexOutOfBoundsException("index " + index + " in a list of " + keys.size());
        }
        String before = index == 0 ? null : keys.get(index - 1);
        int end = index;
        while (before != null && end < keys.size() && keys.get(end).equals(before)) {
            end++;
        }
        List<String> made = between(before, end == keys.size() ? null : keys.get(end), end - index + 1);
        SortedMap<Integer, String> moved = new TreeMap<>();
        for (int i = index; i < end; i++) {
            moved.put(i, made.get(i - index + 1));
        }
        return new Insertion(made.get(0), moved);
    }

    /**
     * Tells whether a text is a key.
     *
     * @param text any text
     * @return true if it has the form of a key
     */
    public static boolean isKey(String text) {
        return fault(text) == null;
    }

    private static void halve(String before, String after, String[] keys, int from, int to) {
        if (from < to) {
            int middle = (from + to) >>> 1;
            keys[middle] = between(before, after);
            halve(before, keys[middle], keys, from, middle);
            halve(keys[middle], after, keys, middle + 1, to);
        }
    }

    private static String first(String after) {
        String integer = integer(after);
        if (integer.equals(SMALLEST)) {
            return integer + middle("", after.substring(integer.length()));
        }
        if (integer.length() < after.length()) {
            return integer;
        }
        String previous = previous(integer);
        return previous.equals(SMALLEST) ? previous + middle("", null) : previous;
    }

    /** A fraction between two others, of which the second, if it is there, is not empty. */
    private static String middle(String low, @Nullable String high) {
        StringBuilder result = new StringBuilder();
        String end = high;
        for (int i = 0; ; i++) {
            int lowDigit = i < low.length() ? low.charAt(i) - ZERO : 0;
            int highDigit = end == null ? BASE : end.charAt(i) - ZERO;
            if (highDigit - lowDigit > 1) {
                return result.append(digit((lowDigit + highDigit + 1) / 2)).toString();
            }
            if (lowDigit != highDigit) {
                if (end != null && end.length() > i + 1) {
                    return result.append(digit(highDigit)).toString();
                }
                // Below the upper bound from here on, whatever follows.
                end = null;
            }
            result.append(digit(lowDigit));
        }
    }

    private static char digit(int value) {
        return (char) (ZERO + value);
    }

    /** The integer part after another, null if there is none. */
    private static @Nullable String next(String integer) {
        char[] digits = integer.toCharArray();
        for (int i = digits.length - 1; i > 0; i--) {
            if (digits[i] < LAST) {
                digits[i]++;
                return new String(digits);
            }
            digits[i] = ZERO;
        }
        char head = digits[0];
        if (head == 'z') {
            return null;
        }
        return head == 'Z' ? FIRST : filled((char) (head + 1), ZERO);
    }

    /** The integer part before another, which is not the smallest. */
    private static String previous(String integer) {
        char[] digits = integer.toCharArray();
        for (int i = digits.length - 1; i > 0; i--) {
            if (digits[i] > ZERO) {
                digits[i]--;
                return new String(digits);
            }
            digits[i] = LAST;
        }
        char head = digits[0];
        return head == 'a' ? filled('Z', LAST) : filled((char) (head - 1), LAST);
    }

    private static String filled(char head, char digit) {
        return head + String.valueOf(digit).repeat(length(head) - 1);
    }

    private static String integer(String key) {
        return key.substring(0, length(key.charAt(0)));
    }

    /** How long an integer part is that begins so; 0 if none does. */
    private static int length(char head) {
        if (head >= 'a' && head <= 'z') {
            return head - 'a' + 2;
        }
        return head >= 'A' && head <= 'Z' ? 'Z' - head + 2 : 0;
    }

    private static void require(@Nullable String key) {
        String fault = key == null ? null : fault(key);
        if (fault != null) {
            throw new IllegalArgumentException("\"" + key + "\" is not a key of a fractional index: " + fault);
        }
    }

    private static @Nullable String fault(String key) {
        if (key.isEmpty()) {
            return "it is empty";
        }
        if (!key.chars().allMatch(c -> c >= ZERO && c <= LAST)) {
            return "only printable ASCII characters are allowed";
        }
        int length = length(key.charAt(0));
        if (length == 0) {
            return "it must begin with a letter";
        }
        if (key.length() < length) {
            return "it begins with " + key.charAt(0) + " and so must have at least " + length + " characters";
        }
        if (key.equals(SMALLEST)) {
            return "nothing could come before it";
        }
        if (key.length() > length && key.charAt(key.length() - 1) == ZERO) {
            return "its fraction must not end in a space";
        }
        return null;
    }
}
