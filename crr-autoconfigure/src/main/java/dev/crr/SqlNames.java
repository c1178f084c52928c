package dev.crr;

import java.util.Comparator;

/**
 * Names of tables and columns, compared as SQLite compares them: the case of ASCII letters makes no difference, any other
 * difference does. Java's own ways take "étude" and "Étude" for one name, which to SQLite are two. Stateless.
 */
public final class SqlNames {

    /** Orders names so that those that are the same to SQLite are equal. */
    public static final Comparator<String> ORDER = SqlNames::compare;

    private SqlNames() {}

    /**
     * Tells whether two names are the same to SQLite.
     *
     * @param one a name, unquoted
     * @param other a name, unquoted
     * @return whether they differ in the case of ASCII letters at most
     */
    public static boolean same(String one, String other) {
        return one.length() == other.length() && compare(one, other) == 0;
    }

    /**
     * The one spelling that stands for all that are the same to SQLite.
     *
     * @param name a name, unquoted
     * @return the name with its ASCII letters in lower case
     */
    public static String fold(String name) {
        StringBuilder folded = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != fold(c)) {
                folded = folded == null ? new StringBuilder(name) : folded;
                folded.setCharAt(i, fold(c));
            }
        }
        return folded == null ? name : folded.toString();
    }

    private static int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            int difference = fold(one.charAt(i)) - fold(other.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return one.length() - other.length();
    }

    private static char fold(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
