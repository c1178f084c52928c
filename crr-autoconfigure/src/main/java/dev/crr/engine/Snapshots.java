package dev.crr.engine;

import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/**
 * Copies of a whole replica for instances that begin from one instead of receiving its changes one by one. A copy holds what
 * replicates, with its clocks, and the schema of all; what stays local is not in it. Stateless.
 */
public final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private static final int ALL_PAGES = -1;

    private Snapshots() {}

    /**
     * Writes a copy of a database to a file, as of one moment. Writers are not held up.
     *
     * @param connection a connection in autocommit mode, outside any transaction
     * @param target the file, which must not exist; left in parts if this fails
     * @param kept the names, in any case, of local tables whose rows go along
     * @throws CrrException if the database is none of ours yet
     * @throws SQLException if a database fails
     */
    public static void write(Connection connection, Path target, Collection<String> kept) throws SQLException {
        if (!CoreTables.exist(connection)) {
            throw new CrrException("nothing replicates in this database yet");
        }
        FileFormat.require(connection);
        copy(connection, target);
        try (Connection copy = open(target)) {
            // Whoever loses the copy half-way makes another.
            Queries.list(copy, "PRAGMA journal_mode = OFF", row -> true);
            Queries.execute(copy, "PRAGMA synchronous = OFF");
            Transactions.write(copy, () -> {
                new LocalContent(copy, kept).remove();
                return true;
            });
            // What was deleted is still there to read until the pages are written anew.
            Queries.execute(copy, "VACUUM");
        }
    }

    private static void copy(Connection connection, Path target) throws SQLException {
        try {
            Queries.update(connection, "VACUUM INTO ?", target.toString());
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_ERROR.code) {
                throw e;
            }
            log.debug(
                    "The database holds what SQLite cannot make anew, such as an index on a collation not known here",
                    e);
            delete(target);
            copyPages(connection, target);
        }
    }

    /** In one step, so that no writer makes it begin anew. */
    private static void copyPages(Connection connection, Path target) throws SQLException {
        int result = connection
                .unwrap(SQLiteConnection.class)
                .getDatabase()
                .backup("main", target.toString(), null, 0, 0, ALL_PAGES);
        if (result != SQLiteErrorCode.SQLITE_OK.code) {
            throw new SQLException("the database could not be copied to " + target, null, result);
        }
    }

    private static void delete(Path target) throws SQLException {
        try {
            Files.deleteIfExists(target);
        } catch (IOException e) {
            throw new SQLException("what was written of " + target + " cannot be removed", e);
        }
    }

    /**
     * Makes a copy the database of another instance: with a site id and an epoch of its own, and a cursor that knows it has all
     * the original had. One transaction, after which the file is synchronised with the disk.
     *
     * @param copy a file that {@link #write} made, which nobody uses
     * @return who the copy is now
     * @throws CrrException if it is no copy of a replica, or damaged
     * @throws SQLException if the database fails
     */
    public static CrrEngine.Identity adopt(Path copy) throws SQLException {
        try (Connection connection = open(copy)) {
            Queries.execute(connection, "PRAGMA trusted_schema = OFF");
            check(connection);
            CrrEngine engine = new CrrEngine(1, 0);
            CrrEngine.Identity original = engine.identity(connection);
            Transactions.write(connection, () -> {
                takeIdentity(connection, original);
                return true;
            });
            return engine.identity(connection);
        }
    }

    private static void check(Connection connection) throws SQLException {
        List<String> damage = damage(connection);
        if (!damage.isEmpty()) {
            throw new CrrException("the snapshot is damaged: " + String.join(", ", damage));
        }
        if (!CoreTables.exist(connection)) {
            throw new CrrException("the snapshot is of a database in which nothing replicates");
        }
        FileFormat.require(connection);
    }

    /** Not that of virtual tables, some of which find fault with themselves when they are empty. */
    private static List<String> damage(Connection connection) throws SQLException {
        List<String> virtual = Queries.list(
                connection, "SELECT name FROM pragma_table_list WHERE type = 'virtual'", row -> row.getString(1));
        List<String> damage = new ArrayList<>(Queries.list(connection, "PRAGMA quick_check", row -> row.getString(1)));
        damage.removeIf(line ->
                line.equals("ok") || virtual.stream().anyMatch(name -> line.contains("table main." + name + ":")));
        return damage;
    }

    private static void takeIdentity(Connection connection, CrrEngine.Identity original) throws SQLException {
        CoreTables.complete(connection); // The original may be of an earlier release.
        long ordinal = Queries.number(connection, "SELECT max(ordinal) + 1 FROM main.crr_site");
        Queries.update(
                connection,
                "UPDATE main.crr_site SET site_id = ? WHERE ordinal = ?",
                SiteId.random().bytes(),
                Sites.OWN);
        Queries.update(
                connection,
                "INSERT INTO main.crr_site (ordinal, site_id) VALUES (?, ?)",
                ordinal,
                original.siteId().bytes());
        for (CrrTable table : Catalogue.load(connection).values()) {
            Queries.update(
                    connection,
                    "UPDATE " + table.rowClocks() + " SET __crr_site = ? WHERE __crr_site = ?",
                    ordinal,
                    Sites.OWN);
            Queries.update(
                    connection, "UPDATE " + table.cellClocks() + " SET site = ? WHERE site = ?", ordinal, Sites.OWN);
        }
        // It was the original that took it.
        Queries.update(connection, "UPDATE main.crr_clone SET at = NULL");
        // The numbers are taken over, and count as given out by the new owner from the first on.
        Queries.update(connection, "DELETE FROM main.crr_epoch");
        Queries.update(
                connection,
                "INSERT INTO main.crr_epoch (start_version, id) VALUES (0, ?)",
                Epoch.random().bytes());
        Cursors.setReceived(connection, original.siteId(), null, original.version(), original.epoch());
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
