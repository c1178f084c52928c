package dev.crr.engine;

import dev.crr.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An SQL statement cut into names, words, literals and signs, without comments. */
final class SqlTokens {

    private static final Pattern TOKEN = Pattern.compile(
            "--[^\\n]*|/\\*.*?(?:\\*/|$)|(?<literal>[xX]?'(?:[^']|'')*'|[0-9][\\w.]*)"
                    + "|(?<quoted>\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*])"
                    + "|(?<word>[\\p{L}_\\x{80}-\\x{10FFFF}][\\w$\\x{80}-\\x{10FFFF}]*)|(?<sign>\\S)",
            Pattern.DOTALL);

    private SqlTokens() {}

    /** What a token is. */
    enum Kind {
        /** A keyword or a name. */
        WORD,
        /** A name for sure. */
        NAME,
        LITERAL,
        SIGN
    }

    /** One of them; the text of a name is without its quotes. */
    record Token(Kind kind, String text) {

        boolean is(String other) {
            return kind != Kind.NAME && kind != Kind.LITERAL && SqlNames.same(text, other);
        }

        boolean canBeName() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }
    }

    static List<Token> of(String sql) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            if (matcher.group("literal") != null) {
                tokens.add(new Token(Kind.LITERAL, matcher.group()));
            } else if (matcher.group("quoted") != null) {
                tokens.add(new Token(Kind.NAME, unquoted(matcher.group())));
            } else if (matcher.group("word") != null) {
                tokens.add(new Token(Kind.WORD, matcher.group()));
            } else if (matcher.group("sign") != null) {
                tokens.add(new Token(Kind.SIGN, matcher.group()));
            }
        }
        return tokens;
    }

    private static String unquoted(String name) {
        String quote = name.substring(name.length() - 1);
        String inner = name.substring(1, name.length() - 1);
        return quote.equals("]") ? inner : inner.replace(quote + quote, quote);
    }

    /** What stands between the parenthesis at an index and the one that closes it. */
    static List<Token> inParentheses(List<Token> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
            if (depth == 0) {
                return tokens.subList(open + 1, i);
            }
        }
        return tokens.subList(Math.min(open + 1, tokens.size()), tokens.size());
    }
}
