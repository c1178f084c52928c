package dev.crr.sql;

import dev.crr.FractionalIndex;
import dev.crr.SqlNames;
import dev.crr.Value;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.InsertTrigger;
import dev.crr.engine.PackedKey;
import dev.crr.engine.TableSwitch;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteException;

/**
 * cr-sqlite's functions and {@code INSERT INTO crsql_changes} on one connection. Whoever makes the connection's statements reports
 * how each ended. Not thread-safe, as a connection is not.
 */
public final class SqlSurface {

    private static final int ANY_NUMBER = -1;
    private static final int NO_FLAGS = 0;

    /** Changes a table. */
    @FunctionalInterface
    private interface TableChange {
        void run(SQLiteConnection connection, String table) throws SQLException;
    }

    private final SQLiteConnection connection;
    private final Callbacks callbacks;
    private final Inserts inserts;
    private final CrrEngine engine = new CrrEngine(1, 0);

    /**
     * Gives a connection the functions.
     *
     * @param connection the connection, just opened
     * @throws SQLException if the driver refuses
     */
    public SqlSurface(SQLiteConnection connection) throws SQLException {
        this.connection = connection;
        this.callbacks = new Callbacks(connection);
        this.inserts = new Inserts(connection);
        // Deterministic within a statement, so that SQLite asks once, and not per row.
        add("crsql_site_id", 0, Function.FLAG_DETERMINISTIC, this::siteId);
        add("crsql_siteid", 0, Function.FLAG_DETERMINISTIC, this::siteId);
        add("crsql_db_version", 0, Function.FLAG_DETERMINISTIC, this::version);
        add("crsql_rows_impacted", 0, NO_FLAGS, none -> Value.of(inserts.applied()));
        add("crsql_pack_columns", ANY_NUMBER, Function.FLAG_DETERMINISTIC, values -> Value.of(PackedKey.pack(values)));
        add("crsql_fract_key_between", 2, Function.FLAG_DETERMINISTIC, SqlSurface::keyBetween);
        addSwitch("crsql_as_crr", TableSwitch::on);
        addSwitch("crsql_as_table", TableSwitch::off);
        addSwitch("crsql_begin_alter", TableSwitch::beginAlter);
        addSwitch("crsql_commit_alter", TableSwitch::commitAlter);
        SqlFunction insert = new SqlFunction("INSERT INTO crsql_changes", callbacks, inserts::take);
        Function.create(connection, InsertTrigger.FUNCTION, insert, InsertTrigger.ARGUMENTS, NO_FLAGS);
    }

    /**
     * A statement has done what it should. Merges what it inserted into {@code crsql_changes}.
     *
     * @throws SQLException if that cannot be merged; nothing of it is
     */
    public void succeeded() throws SQLException {
        if (inserts.waiting() && !callbacks.running()) {
            if (connection.getAutoCommit()) {
                inserts.countAnew();
            }
            callbacks.run(() -> {
                // More than once if a trigger of a merged table inserts, too.
                while (inserts.waiting()) {
                    inserts.merge(callbacks.autoCommit());
                }
                return true;
            });
        }
    }

    /**
     * A statement has failed.
     *
     * @param thrown what the driver threw
     * @return what to throw: the same, or an exception that tells more
     */
    public SQLException failed(SQLException thrown) throws SQLException {
        if (callbacks.running()) {
            return thrown;
        }
        inserts.drop();
        return isAway(thrown) ? explainAway(thrown) : callbacks.explain(thrown);
    }

    private static boolean isAway(SQLException thrown) {
        return String.valueOf(thrown.getMessage()).matches("(?s).*no such table: (main\\.)?crsql_changes\\b.*");
    }

    /** The view is away while the schema may change, which the application's own start and another process's can be the reason of. */
    private SQLException explainAway(SQLException thrown) throws SQLException {
        if (!CrrEngine.isReplica(connection)) {
            return thrown;
        }
        List<String> tables = engine.standingAside(connection);
        String message = thrown.getMessage() + ". The schema is prepared for changes"
                + (tables.isEmpty() ? "" : " of " + String.join(", ", tables))
                + ": by a start that is under way or has failed, by a migration, or by crsql_begin_alter. What is written"
                + " meanwhile is noted, and announced after the next start, or after crsql_commit_alter of each table.";
        SQLException explained = thrown instanceof SQLiteException sqlite
                ? new SQLiteException(message, sqlite.getResultCode())
                : new SQLException(message);
        explained.initCause(thrown);
        return explained;
    }

    /** The transaction was committed or rolled back. */
    public void transactionEnded() {
        inserts.countAnew();
    }

    private void add(String name, int arguments, int flags, SqlFunction.Body body) throws SQLException {
        Function.create(connection, name, new SqlFunction(name, callbacks, body), arguments, flags);
    }

    private void addSwitch(String name, TableChange change) throws SQLException {
        add(name, ANY_NUMBER, NO_FLAGS, arguments -> {
            String table = table(arguments);
            AllOrNothing.run(connection, callbacks.autoCommit(), "crsql_schema", () -> {
                Lock.take(connection);
                change.run(connection, table);
                return true;
            });
            return Value.of("OK");
        });
    }

    private static String table(List<Value> arguments) {
        int last = arguments.size() - 1;
        boolean inMain = last == 0
                || (last == 1
                        && arguments.get(0) instanceof Value.Text schema
                        && SqlNames.same(schema.value(), "main"));
        if (inMain && arguments.get(last) instanceof Value.Text table) {
            return table.value();
        }
        throw new IllegalArgumentException(
                "takes the name of a table, or 'main' and the name of a table, and not " + arguments);
    }

    private Value siteId(List<Value> none) throws SQLException {
        requireReplica();
        return Value.of(engine.identity(connection).siteId().bytes());
    }

    private Value version(List<Value> none) throws SQLException {
        return Value.of(
                CrrEngine.isReplica(connection) ? engine.identity(connection).version() : 0);
    }

    private void requireReplica() throws SQLException {
        if (!CrrEngine.isReplica(connection)) {
            throw new IllegalStateException("nothing in this file replicates yet");
        }
    }

    private static Value keyBetween(List<Value> arguments) {
        return Value.of(FractionalIndex.between(key(arguments.get(0)), key(arguments.get(1))));
    }

    private static @Nullable String key(Value value) {
        if (value instanceof Value.Null) {
            return null;
        }
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw new IllegalArgumentException("a key of a fractional index is a TEXT, and not " + value);
    }
}
