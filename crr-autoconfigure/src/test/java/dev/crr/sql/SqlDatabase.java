package dev.crr.sql;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.autoconfigure.SqliteDriver;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A file and one of the starter's connections to it, without Spring. */
final class SqlDatabase implements AutoCloseable {

    /** A call that may fail as SQL does. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    final Path file;
    final Connection connection;
    final CrrEngine engine = new CrrEngine(100_000, 100);

    SqlDatabase(Path file) {
        this.file = file;
        this.connection = open(file);
    }

    static Connection open(Path file) {
        try {
            return Objects.requireNonNull(new SqliteDriver().connect("jdbc:sqlite:" + file, settings()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As any other program would. */
    static Connection openPlainly(Path file) {
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + file, settings());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Properties settings() {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "OFF");
        properties.setProperty("busy_timeout", "20");
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return properties;
    }

    /** Runs statements, one by one. */
    SqlDatabase run(String... statements) throws SQLException {
        for (String sql : statements) {
            run(connection, sql);
        }
        return this;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Prepares and runs a statement. */
    void update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    /** All rows of a query, values joined by {@code |}, blobs in hexadecimal. */
    List<String> query(String sql) throws SQLException {
        return query(connection, sql);
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    Object value = row.getObject(i);
                    values.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    /** Commits, or rolls back if the work throws. */
    void inTransaction(Work work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            work.run();
            connection.commit();
            done = true;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    void rolledBack(Work work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            work.run();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    Changeset changes() throws SQLException {
        return engine.read(connection, ChangeQuery.ALL);
    }

    /** Takes everything another database has, as synchronisation does. */
    void pull(SqlDatabase other) throws SQLException {
        Changeset changes = other.changes();
        inTransaction(() -> engine.mergeTolerantly(connection, changes));
    }

    /** What happens at every start of an application without entities. */
    void restart() throws SQLException {
        new CrrInstaller().install(connection, List.of());
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
