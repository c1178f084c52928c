package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token of SQL.
 *
 * @param kind what it is
 * @param text a word or name as SQLite compares it, the content of a string, or a symbol
 */
record SqlToken(Kind kind, String text) {

    static final SqlToken NONE = new SqlToken(Kind.SYMBOL, "");

    private static final Pattern NEXT = Pattern.compile("""
            (?s)\\s+|--[^\\n]*|/\\*.*?(?:\\*/|\\z)\
            |(?<blob>[xX]'[^']*')\
            |(?<string>'(?:[^']|'')*')\
            |(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\\[[^]]*])\
            |(?<word>[A-Za-z_\\x{80}-\\x{10FFFF}][\\w$\\x{80}-\\x{10FFFF}]*)\
            |(?<symbol>==|.)""");

    enum Kind {
        /** A keyword or a bare name. */
        WORD,
        /** A quoted name. */
        NAME,
        /** Text. */
        STRING,
        /** Anything else. */
        SYMBOL
    }

    /** All tokens, without comments. */
    static List<SqlToken> of(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        Matcher next = NEXT.matcher(sql);
        while (next.lookingAt()) {
            if (next.group("word") != null) {
                tokens.add(new SqlToken(Kind.WORD, SqlNames.fold(next.group())));
            } else if (next.group("name") != null) {
                tokens.add(new SqlToken(Kind.NAME, SqlNames.fold(unquoted(next.group()))));
            } else if (next.group("string") != null) {
                tokens.add(new SqlToken(Kind.STRING, unquoted(next.group())));
            } else if (next.group("symbol") != null) {
                tokens.add(new SqlToken(Kind.SYMBOL, next.group()));
            }
            next.region(next.end(), sql.length());
        }
        return tokens;
    }

    private static String unquoted(String quoted) {
        char quote = quoted.charAt(0);
        String content = quoted.substring(1, quoted.length() - 1);
        return quote == '[' ? content : content.replace("" + quote + quote, "" + quote);
    }

    boolean isWord(String keyword) {
        return kind == Kind.WORD && text.equals(keyword);
    }

    boolean isName(String name) {
        return isAnyName() && text.equals(name);
    }

    boolean isAnyName() {
        return kind == Kind.WORD || kind == Kind.NAME;
    }

    /** Where a name must be, SQLite takes text for one. */
    boolean isText() {
        return kind == Kind.STRING;
    }

    boolean isText(String content) {
        return isText() && text.equals(content);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }
}
