package dev.crr.autoconfigure;

import java.util.Locale;

/** The words of a statement, one after the other in capitals, without comments, literals and quoted names. */
final class SqlWords {

    private final String sql;
    private int position;
    private int depth;

    SqlWords(String sql) {
        this.sql = sql;
    }

    /** Empty at the end. */
    String next() {
        while (position < sql.length()) {
            char c = sql.charAt(position);
            if (Character.isLetter(c) || c == '_') {
                return word();
            }
            skip(c);
        }
        return "";
    }

    /** The next that is in no parentheses; empty at the end. */
    String nextOutside() {
        String word = next();
        while (depth > 0 && !word.isEmpty()) {
            word = next();
        }
        return word;
    }

    boolean contains(String wanted) {
        for (String word = next(); !word.isEmpty(); word = next()) {
            if (word.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private String word() {
        int start = position;
        while (position < sql.length() && isPart(sql.charAt(position))) {
            position++;
        }
        return sql.substring(start, position).toUpperCase(Locale.ROOT);
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private void skip(char c) {
        switch (c) {
            case '\'', '"', '`' -> skipTo(String.valueOf(c), 1);
            case '[' -> skipTo("]", 1);
            case '-' -> skipComment("--", "\n");
            case '/' -> skipComment("/*", "*/");
            case '(' -> {
                depth++;
                position++;
            }
            case ')' -> {
                depth--;
                position++;
            }
            default -> position++;
        }
    }

    private void skipComment(String begin, String end) {
        if (sql.startsWith(begin, position)) {
            skipTo(end, begin.length());
        } else {
            position++;
        }
    }

    /** A quote that stands twice ends a literal and begins the next, which comes to the same. */
    private void skipTo(String end, int from) {
        int found = sql.indexOf(end, position + from);
        position = found < 0 ? sql.length() : found + end.length();
    }
}
