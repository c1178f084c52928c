package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** A database of a test: a real file, one connection, the engine. */
final class Replica implements AutoCloseable {

    final Path file;
    final Connection connection;
    final CrrEngine engine = new CrrEngine(100_000, 100);
    final CrrInstaller installer = new CrrInstaller();

    Replica(Path file) {
        this.file = file;
        this.connection = open(file);
    }

    static Connection open(Path file) {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "OFF");
        properties.setProperty("temp_store", "MEMORY");
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + file, properties);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs statements, one by one. */
    Replica run(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in " + Arrays.toString(statements), e);
        }
        return this;
    }

    Replica install(String... tables) {
        try {
            installer.install(
                    connection,
                    Arrays.stream(tables)
                            .map(table -> new TableSpec(table, null, Set.of()))
                            .toList());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** All rows of a query, each as SQLite literals joined by {@code |}. */
    List<String> query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int count = row.getMetaData().getColumnCount();
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(Arrays.stream(JdbcValues.read(row, 1, count))
                        .map(Value::toString)
                        .collect(Collectors.joining("|")));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in " + sql, e);
        }
    }

    /** The value of an SQL literal, storage class and all. */
    Value valueOf(String literal) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + literal)) {
            return JdbcValues.read(row, 1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    SiteId siteId() {
        try {
            return engine.identity(connection).siteId();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How far this one has come with another. */
    long cursor(Replica peer) {
        try {
            return engine.cursor(connection, peer.siteId(), null).received();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Changeset changes(ChangeQuery query) {
        try {
            return engine.read(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a test does in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    <T> T inTransaction(Work<T> work) {
        try {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.run();
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    CrrEngine.Merge merge(Changeset changeset) {
        return inTransaction(() -> engine.merge(connection, changeset));
    }

    CrrEngine.Merge mergeTolerantly(Changeset changeset) {
        return inTransaction(() -> engine.mergeTolerantly(connection, changeset));
    }

    /** Merges changes as if another site, without epochs and cursors, had sent them. */
    CrrEngine.Merge merge(SiteId from, Change... changes) {
        return merge(new Changeset(from, null, 0, 0, null, null, false, List.of(changes)));
    }

    /** Goes without a word: {@link #installer} is not told, and still has to be closed when all is over. */
    void kill() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        installer.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
