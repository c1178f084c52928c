package dev.crr.autoconfigure;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements of a transaction, from which can be told afterwards which tables it has used. */
final class StatementLog {

    /** A transaction with more of them is long; it may have used anything. */
    private static final int MOST = 100;

    private final Set<String> statements = new LinkedHashSet<>();
    private boolean incomplete;

    /** Null stands for statements that nobody knows. */
    void add(@Nullable String sql) {
        if (incomplete) {
            return;
        }
        if (sql == null || (statements.size() == MOST && !statements.contains(sql))) {
            incomplete = true;
        } else {
            statements.add(sql);
        }
    }

    void clear() {
        statements.clear();
        incomplete = false;
    }

    /** Something that these statements have read and the other ones have written; null if there is nothing. */
    @Nullable String readOf(SqliteConnection connection, StatementLog other, SqliteConnection otherConnection)
            throws SQLException {
        if (incomplete || other.incomplete) {
            return "tables that nobody has kept account of";
        }
        return TablesUsed.by(connection, statements).readOf(TablesUsed.by(otherConnection, other.statements));
    }
}
