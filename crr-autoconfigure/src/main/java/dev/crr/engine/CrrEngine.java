package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and merges changes over connections it is given. Thread-safe; a connection must not be used by two threads at a time.
 * The file must have been prepared by {@link CrrInstaller}. One engine serves one database file.
 */
public final class CrrEngine {

    private final int maxChanges;
    private final int maxQuarantined;
    private final CatalogueCache catalogue = new CatalogueCache();

    /**
     * Makes an engine.
     *
     * @param maxChanges about how many changes a changeset holds at most where the query does not say
     * @param maxQuarantined how many changes of one sender may be in quarantine
     */
    public CrrEngine(int maxChanges, int maxQuarantined) {
        this.maxChanges = maxChanges;
        this.maxQuarantined = maxQuarantined;
    }

    /**
     * Who this database is.
     *
     * @param siteId its site id
     * @param epoch its present epoch
     * @param version the last change number given out
     */
    public record Identity(SiteId siteId, Epoch epoch, long version) {}

    /**
     * What a merge did.
     *
     * @param report for the sender
     * @param rows by table in which something changed, the rows that did
     */
    public record Merge(MergeReport report, Map<String, MergedRows> rows) {

        public Merge {
            rows = Map.copyOf(rows);
        }
    }

    /**
     * Tells whether a file was prepared by {@link CrrInstaller}.
     *
     * @param connection any connection
     * @return true if it was
     * @throws SQLException if the database fails
     */
    public static boolean isReplica(Connection connection) throws SQLException {
        return CoreTables.exist(connection);
    }

    /**
     * Takes the write lock, or waits for it. The driver's IMMEDIATE mode has done so already; in its DEFERRED mode the first read
     * would fix a snapshot, and the first write after it would fail if anybody had written in between.
     *
     * @param connection a connection inside a transaction
     * @throws SQLException if another keeps the lock for too long, or the file was not prepared
     */
    public static void lock(Connection connection) throws SQLException {
        Queries.execute(connection, "UPDATE crr_state SET version = version WHERE 0");
    }

    /**
     * Reads who this database is.
     *
     * @param connection any connection
     * @return site id, epoch and version
     * @throws SQLException if the database fails
     */
    public Identity identity(Connection connection) throws SQLException {
        return Queries.list(
                        connection,
                        """
                        SELECT s.site_id, e.id, v.version FROM crr_state v, crr_site s, crr_epoch e
                        WHERE s.ordinal = 0 AND e.ordinal = (SELECT max(ordinal) FROM crr_epoch)""",
                        row -> new Identity(SiteId.of(row.getBytes(1)), Epoch.of(row.getBytes(2)), row.getLong(3)))
                .get(0);
    }

    /**
     * Reads changes in one snapshot.
     *
     * @param connection a connection in autocommit mode, outside any transaction; left so
     * @param query which changes
     * @return the changes, up to the query's limit or else this engine's own
     * @throws UnknownVersionException if the query begins at a version this database never gave out
     * @throws CrrException if the query names a table that does not replicate
     * @throws SQLException if the database fails
     */
    public Changeset read(Connection connection, ChangeQuery query) throws SQLException {
        int limit = query.limit() == 0 ? maxChanges : Math.min(query.limit(), maxChanges);
        return Transactions.read(
                connection, () -> new ChangeReader(connection, query, limit).read(catalogue.get(connection)));
    }

    /**
     * Merges a changeset and moves the cursor for its sender, in the caller's transaction, which is to be rolled back
     * if this throws.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param changeset what another database sent
     * @return what became of it
     * @throws MalformedChangesetException if a field is out of bounds
     * @throws QuarantineFullException if the sender has too many changes in quarantine
     * @throws HorizonException if only one of the two databases has some clean-up of tombstones behind it
     * @throws SQLException if the database fails
     */
    public Merge merge(Connection connection, Changeset changeset) throws SQLException {
        return merge(connection, changeset, false);
    }

    /**
     * Does the same, but sets single changes aside that are out of bounds, so that one odd record of a neighbour never blocks.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param changeset what was fetched from another database
     * @return what became of it
     * @throws QuarantineFullException if the sender has too many changes in quarantine
     * @throws HorizonException if only one of the two databases has some clean-up of tombstones behind it
     * @throws SQLException if the database fails
     */
    public Merge mergeTolerantly(Connection connection, Changeset changeset) throws SQLException {
        return merge(connection, changeset, true);
    }

    private Merge merge(Connection connection, Changeset changeset, boolean tolerant) throws SQLException {
        SortedMap<String, CrrTable> tables = catalogue.get(connection);
        Changeset admitted = Horizons.admit(connection, changeset, tables) ? changeset : empty(changeset);
        return new Merger(connection, admitted, tables, tolerant, maxQuarantined).merge();
    }

    /** Nothing of it, so that no cursor moves either. */
    private static Changeset empty(Changeset changeset) {
        return new Changeset(changeset.siteId(), null, 0, 0, null, changeset.scope(), false, List.of());
    }

    /**
     * Merges changes that somebody inserted by SQL, in the caller's transaction: all of them or, if this throws, none. Which
     * database they come from is not known, so no cursor moves; {@code crsql_tracked_peers} tells of the authors.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param changes the changes
     * @return what became of them
     * @throws MalformedChangesetException if a field is out of bounds
     * @throws QuarantineFullException if too many such changes are in quarantine
     * @throws SQLException if the database fails
     */
    public Merge mergeInserted(Connection connection, List<Change> changes) throws SQLException {
        SiteId own = Sites.own(connection);
        Horizons.requireNone(connection);
        Merge merge = merge(connection, new Changeset(own, null, 0, 0, null, null, false, changes));
        Cursors.noteAuthors(connection, changes, own);
        return merge;
    }

    /**
     * Tries the quarantined changes again, in the caller's transaction.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @return what became of them by sender; those quarantined stay
     * @throws SQLException if the database fails
     */
    public Map<SiteId, Merge> retryQuarantine(Connection connection) throws SQLException {
        return QuarantineRetry.run(connection, catalogue.get(connection));
    }

    /**
     * Lists quarantined changes.
     *
     * @param connection any connection
     * @param limit how many at most
     * @return the changes with their reasons
     * @throws SQLException if the database fails
     */
    public List<QuarantinedChange> quarantine(Connection connection, int limit) throws SQLException {
        return Quarantine.list(connection, limit);
    }

    /**
     * Counts quarantined changes.
     *
     * @param connection any connection
     * @return how many there are
     * @throws SQLException if the database fails
     */
    public long quarantined(Connection connection) throws SQLException {
        return Quarantine.count(connection);
    }

    /**
     * Gives up quarantined changes. They are lost to this database unless they are sent again.
     *
     * @param connection any connection
     * @param table of which table, null for all
     * @return how many there were
     * @throws SQLException if the database fails
     */
    public int clearQuarantine(Connection connection, @Nullable String table) throws SQLException {
        return Quarantine.clear(connection, table);
    }

    /**
     * Lists how far this database and others have come with each other.
     *
     * @param connection any connection
     * @return one entry per database and scope
     * @throws SQLException if the database fails
     */
    public List<TrackedPeer> trackedPeers(Connection connection) throws SQLException {
        return Cursors.all(connection);
    }

    /**
     * Lists what replicates.
     *
     * @param connection any connection
     * @return the tables, by name
     * @throws SQLException if the database fails
     */
    public List<ReplicatedTable> tables(Connection connection) throws SQLException {
        return catalogue.get(connection).values().stream()
                .map(table -> new ReplicatedTable(table.name(), table.entity(), table.keyNames(), table.columnNames()))
                .toList();
    }

    /**
     * Removes tombstones that no member of the group needs any more, in many short transactions. All members must have
     * acknowledged what this database had when the operation was first called with these members; until then it waits, and can be
     * called again. What is removed by then is refused from anybody who does not know. Killed at any moment, the next call
     * goes on.
     *
     * @param connection a connection in autocommit mode
     * @param members all databases of the group, this one included
     * @param dryRun whether only to tell what would happen
     * @return what happened, or would
     * @throws CrrException if this cannot be, as when this database is not among the members
     * @throws SQLException if the database fails
     */
    public TombstoneReport cleanTombstones(Connection connection, Set<SiteId> members, boolean dryRun)
            throws SQLException {
        return new TombstoneCleanup(connection, members).run(dryRun);
    }

    /**
     * Lists the clean-ups of tombstones that this database has behind it.
     *
     * @param connection any connection
     * @return the clean-ups with their members
     * @throws SQLException if the database fails
     */
    public List<Horizon> horizons(Connection connection) throws SQLException {
        return Horizons.behind(connection, 0);
    }

    /**
     * Counts rows and tombstones, at a cost that grows with the tables.
     *
     * @param connection any connection
     * @return the counts by table name
     * @throws SQLException if the database fails
     */
    public Map<String, RowCounts> rowCounts(Connection connection) throws SQLException {
        SortedMap<String, RowCounts> counts = new TreeMap<>();
        for (CrrTable table : catalogue.get(connection).values()) {
            List<RowCounts> count = Queries.list(
                    connection,
                    "SELECT count(*) FILTER (WHERE __crr_cl & 1), count(*) FILTER (WHERE NOT __crr_cl & 1) FROM "
                            + table.rowClocks(),
                    row -> new RowCounts(row.getLong(1), row.getLong(2)));
            counts.put(table.name(), count.get(0));
        }
        return counts;
    }

    /**
     * Tells how far this database and another have come with each other in one scope.
     *
     * @param connection any connection
     * @param peer the other database
     * @param scope the narrowing, null for everything
     * @return the cursors, at 0 if there are none yet
     * @throws SQLException if the database fails
     */
    public TrackedPeer cursor(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        return Cursors.of(connection, peer, scope);
    }

    /**
     * Sets the received cursor of a peer.
     *
     * @param connection any connection
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version the peer's version
     * @param epoch the peer's epoch the version belongs to, if known
     * @throws SQLException if the database fails
     */
    public void setReceived(
            Connection connection, SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch)
            throws SQLException {
        Cursors.setReceived(connection, peer, scope, version, epoch);
    }

    /**
     * Sets the sent cursor of a peer.
     *
     * @param connection any connection
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version our version
     * @param forwardOnly whether to leave the cursor alone if it is further already
     * @throws SQLException if the database fails
     */
    public void setSent(Connection connection, SiteId peer, @Nullable String scope, long version, boolean forwardOnly)
            throws SQLException {
        Cursors.setSent(connection, peer, scope, version, forwardOnly);
    }
}
