package dev.crr.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.sqlite.SQLiteConnection;

/** One SQLite database, in a file or in memory, and the one connection to it. */
final class Database implements AutoCloseable {

    private final Path folder;
    private int generation;
    private Connection connection;

    private Database(Path folder, Connection connection) {
        this.folder = folder;
        this.connection = connection;
    }

    /** A database in memory, empty. */
    static Database empty() throws SQLException {
        return new Database(null, open("jdbc:sqlite::memory:", "MEMORY"));
    }

    /** A copy of a database, in a file of that folder or, if it is null, in memory. */
    static Database of(byte[] image, Path folder) throws SQLException {
        if (folder == null) {
            Database database = empty();
            ((SQLiteConnection) database.connection).deserialize("main", image);
            return database;
        }
        try {
            Files.createDirectories(folder);
            Files.write(file(folder, 0), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Database(folder, openFile(folder, 0));
    }

    /** The database that was made in a folder before. */
    static Database in(Path folder) throws SQLException {
        return new Database(folder, openFile(folder, 0));
    }

    byte[] image() throws SQLException {
        return ((SQLiteConnection) connection).serialize("main");
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of all rows. */
    List<String> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    /** Closes and opens the file; nothing for a database in memory, which would be gone. */
    void reopen() throws SQLException {
        if (folder != null) {
            connection.close();
            connection = openFile(folder, generation);
        }
    }

    /** As if the process had been killed: what is on the disk at this moment is all that is left. */
    void kill() throws SQLException {
        if (folder == null) {
            return;
        }
        try {
            Path left = file(folder, generation);
            Path found = file(folder, ++generation);
            Files.copy(left, found);
            Path log = Path.of(left + "-wal");
            if (Files.exists(log)) {
                Files.copy(log, Path.of(found + "-wal"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connection.close();
        connection = openFile(folder, generation);
    }

    /** Goes on with another content. */
    void replace(byte[] image) throws SQLException {
        connection.close();
        if (folder == null) {
            connection = open("jdbc:sqlite::memory:", "MEMORY");
            ((SQLiteConnection) connection).deserialize("main", image);
            return;
        }
        try {
            Files.write(file(folder, ++generation), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connection = openFile(folder, generation);
    }

    static Path file(Path folder, int generation) {
        return folder.resolve(generation + ".db");
    }

    private static Connection openFile(Path folder, int generation) throws SQLException {
        return open("jdbc:sqlite:" + file(folder, generation), "WAL");
    }

    private static Connection open(String url, String journal) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", journal);
        properties.setProperty("synchronous", "OFF");
        properties.setProperty("temp_store", "MEMORY");
        return DriverManager.getConnection(url, properties);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
