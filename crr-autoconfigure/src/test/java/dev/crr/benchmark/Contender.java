package dev.crr.benchmark;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import dev.crr.engine.TableSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/** One way to keep the table: plain, with crr, or with the native cr-sqlite extension. All share driver and pragmas. */
interface Contender {

    int PIECE = 20_000;

    String name();

    /** Prepares the connection for the table, which exists. */
    void install(Connection connection) throws SQLException;

    /** Reads all changes after a version and returns how many there were. */
    long readAll(Connection from, long since) throws SQLException;

    /**
     * Merges all changes of one database after a version into another.
     *
     * @param pieces whether each {@link #PIECE} changes are a transaction of their own, or everything is one
     * @return the milliseconds it took to merge and commit what was read before
     */
    double merge(Connection from, Connection to, long since, boolean pieces) throws SQLException;

    long version(Connection connection) throws SQLException;

    default void close(Connection connection) throws SQLException {
        connection.close();
    }

    static Connection open(Path file, boolean extensions) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-16384);
        config.enableLoadExtension(extensions);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** SQLite as it is: what the others are measured against. */
    record Plain() implements Contender {

        @Override
        public String name() {
            return "plain SQLite";
        }

        @Override
        public void install(Connection connection) {}

        @Override
        public long readAll(Connection from, long since) {
            return 0;
        }

        @Override
        public double merge(Connection from, Connection to, long since, boolean pieces) {
            return 0;
        }

        @Override
        public long version(Connection connection) {
            return 0;
        }
    }

    /** This project. */
    record Crr(CrrEngine engine) implements Contender {

        @Override
        public String name() {
            return "crr";
        }

        @Override
        public void install(Connection connection) throws SQLException {
            new CrrInstaller().install(connection, List.of(new TableSpec("t", null, Set.of())));
        }

        @Override
        public long readAll(Connection from, long since) throws SQLException {
            long count = 0;
            for (Changeset piece = read(from, since); ; piece = read(from, piece.version())) {
                count += piece.changes().size();
                if (!piece.more()) {
                    return count;
                }
            }
        }

        @Override
        public double merge(Connection from, Connection to, long since, boolean pieces) throws SQLException {
            Stopwatch merging = new Stopwatch();
            to.setAutoCommit(false);
            for (Changeset piece = read(from, since); ; piece = read(from, piece.version())) {
                merging.start();
                engine.merge(to, piece);
                if (pieces || !piece.more()) {
                    to.commit();
                }
                merging.stop();
                if (!piece.more()) {
                    to.setAutoCommit(true);
                    return merging.millis();
                }
            }
        }

        @Override
        public long version(Connection connection) throws SQLException {
            return engine.identity(connection).version();
        }

        Changeset read(Connection from, long since) throws SQLException {
            return engine.read(from, ChangeQuery.since(since).limitedTo(PIECE));
        }
    }

    /** The native extension, from a library the user names. */
    record CrSqlite(Path library) implements Contender {

        private static final String COLUMNS = "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq";

        @Override
        public String name() {
            return "cr-sqlite";
        }

        @Override
        public void install(Connection connection) throws SQLException {
            run(connection, "SELECT load_extension('" + library + "', 'sqlite3_crsqlite_init')");
            run(connection, "SELECT crsql_as_crr('t')");
        }

        @Override
        public long readAll(Connection from, long since) throws SQLException {
            long count = 0;
            try (PreparedStatement statement = select(from, since);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    for (int i = 1; i <= 9; i++) {
                        row.getObject(i);
                    }
                    count++;
                }
            }
            return count;
        }

        @Override
        public double merge(Connection from, Connection to, long since, boolean pieces) throws SQLException {
            Stopwatch merging = new Stopwatch();
            to.setAutoCommit(false);
            try (PreparedStatement select = select(from, since);
                    ResultSet row = select.executeQuery();
                    PreparedStatement insert = to.prepareStatement(
                            "INSERT INTO crsql_changes (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                for (List<Object[]> piece = read(row); !piece.isEmpty(); piece = read(row)) {
                    merging.start();
                    for (Object[] change : piece) {
                        for (int i = 0; i < change.length; i++) {
                            insert.setObject(i + 1, change[i]);
                        }
                        insert.executeUpdate();
                    }
                    if (pieces) {
                        to.commit();
                    }
                    merging.stop();
                }
            }
            merging.start();
            to.commit();
            merging.stop();
            to.setAutoCommit(true);
            return merging.millis();
        }

        private static List<Object[]> read(ResultSet row) throws SQLException {
            List<Object[]> piece = new ArrayList<>();
            while (piece.size() < PIECE && row.next()) {
                Object[] change = new Object[9];
                for (int i = 0; i < change.length; i++) {
                    change[i] = row.getObject(i + 1);
                }
                piece.add(change);
            }
            return piece;
        }

        private static PreparedStatement select(Connection from, long since) throws SQLException {
            PreparedStatement statement = from.prepareStatement(
                    "SELECT " + COLUMNS + " FROM crsql_changes WHERE db_version > ? ORDER BY db_version, seq");
            statement.setLong(1, since);
            return statement;
        }

        @Override
        public long version(Connection connection) throws SQLException {
            return number(connection, "SELECT crsql_db_version()");
        }

        @Override
        public void close(Connection connection) throws SQLException {
            run(connection, "SELECT crsql_finalize()");
            connection.close();
        }
    }
}
