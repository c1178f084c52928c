package dev.crr.engine;

import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.SiteId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Copies of a whole replica for instances that begin from one instead of receiving its changes one by one. A copy holds what
 * replicates, with its clocks, and the schema of all; what stays local is not in it. Stateless.
 */
public final class Snapshots {

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
        Queries.update(connection, "VACUUM INTO ?", target.toString());
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
        List<String> damage = Queries.list(connection, "PRAGMA quick_check(1)", row -> row.getString(1));
        if (!damage.equals(List.of("ok"))) {
            throw new CrrException("the snapshot is damaged: " + String.join(", ", damage));
        }
        if (!CoreTables.exist(connection)) {
            throw new CrrException("the snapshot is of a database in which nothing replicates");
        }
        FileFormat.require(connection);
    }

    private static void takeIdentity(Connection connection, CrrEngine.Identity original) throws SQLException {
        CoreTables.complete(connection); // The original may be of an earlier release.
        long ordinal = Queries.number(connection, "SELECT max(ordinal) + 1 FROM crr_site");
        Queries.update(
                connection,
                "UPDATE crr_site SET site_id = ? WHERE ordinal = ?",
                SiteId.random().bytes(),
                Sites.OWN);
        Queries.update(
                connection,
                "INSERT INTO crr_site (ordinal, site_id) VALUES (?, ?)",
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
        Queries.update(connection, "UPDATE crr_clone SET at = NULL");
        // The numbers are taken over, and count as given out by the new owner from the first on.
        Queries.update(connection, "DELETE FROM crr_epoch");
        Queries.update(
                connection,
                "INSERT INTO crr_epoch (start_version, id) VALUES (0, ?)",
                Epoch.random().bytes());
        Cursors.setReceived(connection, original.siteId(), null, original.version(), original.epoch());
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
