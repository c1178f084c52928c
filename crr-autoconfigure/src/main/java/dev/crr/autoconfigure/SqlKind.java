package dev.crr.autoconfigure;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a statement bears on locks, as far as its first words tell. In doubt it writes. */
enum SqlKind {
    READ,

    /** Changes rows; whether it did, SQLite counts. */
    WRITE,

    /** Changes more than rows, the schema for example, of which SQLite keeps no count. */
    CHANGE,

    /** Sets something that holds until the transaction ends. */
    SETTING,

    BEGIN,
    BEGIN_IMMEDIATE,
    SAVEPOINT,
    RELEASE,

    /** Ends the transaction, one way or the other. */
    END;

    private static final Set<String> READING_PRAGMAS = Set.of(
            "TABLE_INFO",
            "TABLE_XINFO",
            "INDEX_LIST",
            "INDEX_INFO",
            "INDEX_XINFO",
            "FOREIGN_KEY_LIST",
            "FOREIGN_KEY_CHECK",
            "INTEGRITY_CHECK",
            "QUICK_CHECK");

    boolean writes() {
        return this == WRITE || this == CHANGE;
    }

    /** Whether the transaction is no longer one that could be begun anew and be the same. */
    boolean pins() {
        return this == CHANGE || this == SETTING || this == SAVEPOINT;
    }

    static SqlKind of(@Nullable String sql) {
        if (sql == null) {
            return CHANGE;
        }
        SqlWords words = new SqlWords(sql);
        return switch (words.next()) {
            case "SELECT" -> changesSchema(sql) ? CHANGE : READ;
            case "VALUES", "EXPLAIN", "ATTACH", "DETACH", "" -> READ;
            case "INSERT", "UPDATE", "DELETE", "REPLACE" -> WRITE;
            case "WITH" -> ofCommonTables(words);
            case "PRAGMA" -> ofPragma(sql, words);
            case "BEGIN" -> Set.of("IMMEDIATE", "EXCLUSIVE").contains(words.next()) ? BEGIN_IMMEDIATE : BEGIN;
            case "COMMIT", "END" -> END;
            case "ROLLBACK" -> ofRollback(words);
            case "SAVEPOINT" -> SAVEPOINT;
            case "RELEASE" -> RELEASE;
            // Writes into another file only.
            case "VACUUM" -> words.contains("INTO") ? READ : CHANGE;
            default -> CHANGE;
        };
    }

    /** Functions of ours do so. */
    private static boolean changesSchema(String sql) {
        // Most statements end here, and all of them pass.
        if (!sql.contains("crsql_") && !sql.contains("CRSQL_")) {
            return false;
        }
        String lower = sql.toLowerCase(Locale.ROOT);
        return lower.contains("crsql_as_") || lower.contains("_alter");
    }

    /** Whether nothing but blanks follows a semicolon. In doubt, with one in a literal for example, it does not say so. */
    static boolean isSingle(String sql) {
        int semicolon = sql.indexOf(';');
        return semicolon < 0 || sql.substring(semicolon + 1).isBlank();
    }

    static boolean isVirtualTable(@Nullable String sql) {
        if (sql == null) {
            return false;
        }
        SqlWords words = new SqlWords(sql);
        return words.next().equals("CREATE") && words.next().equals("VIRTUAL");
    }

    private static SqlKind ofCommonTables(SqlWords words) {
        for (String word = words.nextOutside(); !word.isEmpty(); word = words.nextOutside()) {
            switch (word) {
                case "SELECT", "VALUES" -> {
                    return READ;
                }
                case "INSERT", "UPDATE", "DELETE", "REPLACE" -> {
                    return WRITE;
                }
                default -> {
                    // The name of a common table, and what belongs to it.
                }
            }
        }
        return WRITE;
    }

    private static SqlKind ofPragma(String sql, SqlWords words) {
        boolean sets = sql.indexOf('=') >= 0;
        boolean asks = sql.indexOf('(') < 0 || READING_PRAGMAS.contains(words.next());
        return !sets && asks ? READ : SETTING;
    }

    private static SqlKind ofRollback(SqlWords words) {
        String word = words.next();
        return (word.equals("TRANSACTION") ? words.next() : word).equals("TO") ? READ : END;
    }
}
