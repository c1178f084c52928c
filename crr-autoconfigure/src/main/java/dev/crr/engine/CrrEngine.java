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
import dev.crr.NewerFormatException;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.ReplicatedTable;
import dev.crr.RestlessTriggers;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and merges changes over connections it is given. Thread-safe; a connection must not be used by two threads at a time.
 * The file must have been prepared by {@link CrrInstaller}. One engine serves one database file.
 */
public final class CrrEngine {

    private static final Logger log = LoggerFactory.getLogger(CrrEngine.class);

    private final int maxChanges;
    private final QuarantineLimit quarantineLimit;
    private final boolean cleansTombstones;
    private final CatalogueCache catalogue = new CatalogueCache();
    private final RestlessWatch restless = new RestlessWatch();

    /**
     * Makes an engine.
     *
     * @param maxChanges about how many changes a changeset holds at most where the query does not say
     * @param maxQuarantined how many changes of one sender may be in quarantine
     */
    public CrrEngine(int maxChanges, int maxQuarantined) {
        this(maxChanges, maxQuarantined, Long.MAX_VALUE, true);
    }

    /**
     * Makes an engine.
     *
     * @param maxChanges about how many changes a changeset holds at most where the query does not say
     * @param maxQuarantined how many changes of one sender may be in quarantine
     * @param cleansTombstones whether this database takes part in clean-ups of tombstones: whether it takes the word of a sender that
     *     there was one
     */
    public CrrEngine(int maxChanges, int maxQuarantined, boolean cleansTombstones) {
        this(maxChanges, maxQuarantined, Long.MAX_VALUE, cleansTombstones);
    }

    /**
     * Makes an engine.
     *
     * @param maxChanges about how many changes a changeset holds at most where the query does not say
     * @param maxQuarantined how many changes of one sender may be in quarantine
     * @param maxQuarantinedBytes how many bytes, about, their keys and values may have
     * @param cleansTombstones whether this database takes part in clean-ups of tombstones: whether it takes the word of a sender that
     *     there was one
     */
    public CrrEngine(int maxChanges, int maxQuarantined, long maxQuarantinedBytes, boolean cleansTombstones) {
        this.maxChanges = maxChanges;
        this.quarantineLimit = new QuarantineLimit(maxQuarantined, maxQuarantinedBytes);
        this.cleansTombstones = cleansTombstones;
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

        /** This one and a later one of the same sender. */
        Merge plus(Merge later) {
            return new Merge(report.plus(later.report), both(rows, later.rows));
        }

        /** The same report, and the rows of another one, too. */
        Merge withRowsOf(Merge other) {
            return new Merge(report, both(rows, other.rows));
        }

        private static Map<String, MergedRows> both(Map<String, MergedRows> some, Map<String, MergedRows> others) {
            Map<String, MergedRows> both = new HashMap<>(some);
            others.forEach((table, rows) -> both.merge(table, rows, MergedRows::plus));
            return both;
        }
    }

    /**
     * What another try came to.
     *
     * @param sender who had sent the changes
     * @param merge what became of them
     */
    public record Retried(SiteId sender, Merge merge) {}

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
     * Refuses a file that a later release has used since this one started on it. Reading and merging ask it themselves.
     *
     * @param connection any connection
     * @throws NewerFormatException if one has
     * @throws SQLException if the database fails
     */
    public void requireKnownFormat(Connection connection) throws SQLException {
        FileFormat.require(connection);
    }

    /**
     * Takes the tables back in for which coarse triggers stand in, if another process put these there at its start and is gone.
     * What was written meanwhile is accounted for. Costs next to nothing otherwise.
     *
     * @param connection a connection in autocommit mode, outside any transaction
     * @return whether it did
     * @throws SQLException if the database fails
     */
    public boolean takeBackAbandoned(Connection connection) throws SQLException {
        FileFormat.require(connection);
        long owner = FileFormat.of(connection) == FileFormat.CURRENT ? AbandonedStart.noted(connection) : 0;
        if (owner == 0 || !AbandonedStart.isOver(connection)) {
            return false;
        }
        return Transactions.write(connection, () -> {
            if (AbandonedStart.noted(connection) != owner) {
                return false; // Another process has begun or ended a start of its own.
            }
            FileInstallation.takeBack(connection, null);
            log.warn(
                    "Another process was killed while it started. Its triggers were put back, and what was written is tracked.");
            return true;
        });
    }

    /**
     * Lists the tables for which coarse triggers stand in, so that what is written to them is noted but not announced yet.
     *
     * @param connection any connection
     * @return their names, usually none
     * @throws SQLException if the database fails
     */
    public List<String> standingAside(Connection connection) throws SQLException {
        return AbandonedStart.tables(connection);
    }

    /**
     * Takes the write lock, or waits for it. The driver's IMMEDIATE mode has done so already; in its DEFERRED mode the first read
     * would fix a snapshot, and the first write after it would fail if anybody had written in between.
     *
     * @param connection a connection inside a transaction
     * @throws SQLException if another keeps the lock for too long, or the file was not prepared
     */
    public static void lock(Connection connection) throws SQLException {
        Queries.execute(connection, "UPDATE main.crr_state SET version = version WHERE 0");
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
                        SELECT s.site_id, e.id, v.version FROM main.crr_state v, main.crr_site s, main.crr_epoch e
                        WHERE s.ordinal = 0 AND e.ordinal = (SELECT max(ordinal) FROM main.crr_epoch)""",
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
        return read(connection, query, null);
    }

    /**
     * Does the same for a peer that may not read everything.
     *
     * @param connection a connection in autocommit mode, outside any transaction; left so
     * @param query which changes
     * @param rules what the peer may read, null for everything
     * @return the changes
     * @throws UnknownVersionException also if the query names other rules than these
     * @throws SQLException if the database fails
     */
    public Changeset read(Connection connection, ChangeQuery query, @Nullable PeerRules rules) throws SQLException {
        catalogue.putInOrder(connection);
        int limit = query.limit() == 0 ? maxChanges : Math.min(query.limit(), maxChanges);
        return Transactions.read(
                connection, () -> new ChangeReader(connection, query, limit, rules).read(catalogue.get(connection)));
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
        return merge(connection, changeset, null);
    }

    /**
     * Does the same with what a peer sent that may not write everything.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param changeset what the peer sent
     * @param rules what the peer may write, null for everything
     * @return what became of it
     * @throws SQLException if the database fails
     */
    public Merge merge(Connection connection, Changeset changeset, @Nullable PeerRules rules) throws SQLException {
        return merge(connection, changeset, false, quarantineLimit, rules);
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
        return mergeTolerantly(connection, changeset, null);
    }

    /**
     * Does the same with what was fetched from a peer that may not write everything.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param changeset what was fetched
     * @param rules what the peer may write, null for everything
     * @return what became of it
     * @throws SQLException if the database fails
     */
    public Merge mergeTolerantly(Connection connection, Changeset changeset, @Nullable PeerRules rules)
            throws SQLException {
        return merge(connection, changeset, true, quarantineLimit, rules);
    }

    private Merge merge(
            Connection connection,
            Changeset changeset,
            boolean tolerant,
            QuarantineLimit limit,
            @Nullable PeerRules rules)
            throws SQLException {
        SortedMap<String, CrrTable> tables = catalogue.getForWriting(connection);
        Admission admission = new Admission(connection, tables, cleansTombstones, rules);
        Changeset admitted = admission.admits(changeset) ? changeset : empty(changeset);
        Map<SiteId, Merge> retried = QuarantineRetry.runChanged(connection, tables);
        Merger merger = new Merger(connection, admitted, tables, tolerant, limit, rules);
        Merge merge = merger.merge();
        restless.note(merger.trace());
        for (Merge each : retried.values()) {
            merge = merge.withRowsOf(each);
        }
        return merge;
    }

    /**
     * Tells whether merges keep making edits though nobody writes.
     *
     * @return the triggers that do, null if all comes to rest
     */
    public @Nullable RestlessTriggers restless() {
        return restless.current();
    }

    /** Nothing of it, so that no cursor moves either. */
    private static Changeset empty(Changeset changeset) {
        return new Changeset(changeset.siteId(), null, 0, 0, null, changeset.scope(), false, List.of());
    }

    /**
     * Merges changes that somebody inserted by SQL, in the caller's transaction: all of them or, if this throws, none. Which
     * database they come from is not known, so no cursor moves; {@code crsql_tracked_peers} tells of the authors. How many may be set
     * aside is as the application has it that {@link CrrInstaller installed} last.
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
        Changeset inserted = new Changeset(own, null, 0, 0, null, null, false, changes);
        QuarantineLimit limit = QuarantineSizes.limit(connection, quarantineLimit);
        Merge merge = merge(connection, inserted, false, limit, null);
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
        return QuarantineRetry.run(connection, catalogue.getForWriting(connection));
    }

    /**
     * Tells whether {@link #retryChanged} may have anything to do, without a look at the quarantine.
     *
     * @param connection any connection
     * @return false if nothing is in quarantine, or no row was changed since the last time
     * @throws SQLException if the database fails
     */
    public boolean isRetryDue(Connection connection) throws SQLException {
        return QuarantineRetry.isDue(connection);
    }

    /**
     * Tries quarantined changes again of rows that were edited here since the last time, in the caller's transaction. Each merge does
     * so as well.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @return what became of them by sender; those that still cannot be applied stay
     * @throws SQLException if the database fails
     */
    public Map<SiteId, Merge> retryChanged(Connection connection) throws SQLException {
        return QuarantineRetry.runChanged(connection, catalogue.getForWriting(connection));
    }

    /**
     * Judges again what peers sent and were not allowed to write, in the caller's transaction.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param judge gives what applies to a sender now, null for no limit
     * @return what became of it, by sender; what is refused again stays
     * @throws SQLException if the database fails
     */
    public List<Retried> retryRefused(Connection connection, Function<PeerIdentity, @Nullable PeerRules> judge)
            throws SQLException {
        return QuarantineRetry.runRefused(connection, catalogue.getForWriting(connection), judge);
    }

    /**
     * Lists quarantined changes.
     *
     * @param connection any connection
     * @param limit how many at most; fewer are listed if their values are large
     * @return the changes with their reasons
     * @throws SQLException if the database fails
     */
    public List<QuarantinedChange> quarantine(Connection connection, int limit) throws SQLException {
        List<QuarantinedChange> listed = new ArrayList<>(Quarantine.list(connection, limit));
        listed.addAll(Refused.list(connection, limit - listed.size()));
        return listed;
    }

    /**
     * Counts quarantined changes.
     *
     * @param connection any connection
     * @return how many there are
     * @throws SQLException if the database fails
     */
    public long quarantined(Connection connection) throws SQLException {
        return Quarantine.count(connection) + Refused.count(connection);
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
        return Quarantine.clear(connection, table) + Refused.clear(connection, table);
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
        FileFormat.require(connection);
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
     * @param epoch our epoch that the peer has for the version, if it told
     * @param forwardOnly whether to leave the cursor alone if it is further already
     * @throws SQLException if the database fails
     */
    public void setSent(
            Connection connection,
            SiteId peer,
            @Nullable String scope,
            long version,
            @Nullable Epoch epoch,
            boolean forwardOnly)
            throws SQLException {
        Cursors.setSent(connection, peer, scope, version, epoch, forwardOnly);
    }

    /**
     * Tells how much of this file somebody has who came to a version of it in one of its epochs. That is less if the file was
     * restored from an older copy since.
     *
     * @param connection any connection
     * @param version the version
     * @param epoch the epoch in which it was given out, null if it is not known
     * @return our version up to which it is the same; 0 if this file never was in that epoch
     * @throws SQLException if the database fails
     */
    public long reached(Connection connection, long version, @Nullable Epoch epoch) throws SQLException {
        return Epochs.reached(connection, version, epoch);
    }

    /**
     * From where on a peer is to be given all we have, even what it wrote itself, because it was restored or was taken for another.
     *
     * @param connection any connection
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @return our version; null if it lacks nothing of its own
     * @throws SQLException if the database fails
     */
    public @Nullable Long owed(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        return Cursors.owed(connection, peer, scope);
    }

    /**
     * Notes that a peer is to be given all we have from a version on, or from the one noted already if that is smaller.
     *
     * @param connection any connection
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version our version
     * @throws SQLException if the database fails
     */
    public void owe(Connection connection, SiteId peer, @Nullable String scope, long version) throws SQLException {
        Cursors.owe(connection, peer, scope, version);
    }

    /**
     * Notes that a peer has been given all that.
     *
     * @param connection any connection
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @throws SQLException if the database fails
     */
    public void settle(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        Cursors.settle(connection, peer, scope);
    }

    /**
     * Tells whether this file ever was in an epoch. If somebody with its site id is in one that it never was in, that is another
     * file, or this one before it was restored.
     *
     * @param connection any connection
     * @param epoch the epoch
     * @return whether it began here or in the file this one is a copy of
     * @throws SQLException if the database fails
     */
    public boolean knows(Connection connection, Epoch epoch) throws SQLException {
        return Epochs.known(connection, epoch);
    }

    /**
     * Gives this file an identity of its own, because it is a copy of another one that is in use: a new site id and epoch. What it
     * wrote is its own under the new id, and it begins anew with all peers. The application need not run, but must have before.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @return the new site id
     * @throws SQLException if the database fails
     */
    public SiteId takeNewSiteId(Connection connection) throws SQLException {
        FileFormat.require(connection);
        CoreTables.complete(connection);
        return Clones.takeNewSiteId(connection);
    }

    /**
     * Lists site ids that copies of databases took.
     *
     * @param connection any connection
     * @return by new id, the id that copy and original had in common
     * @throws SQLException if the database fails
     */
    public Map<SiteId, SiteId> clones(Connection connection) throws SQLException {
        return Clones.all(connection);
    }

    /**
     * Tells when this file last took a new site id.
     *
     * @param connection any connection
     * @return the time in ISO 8601, null if it never did
     * @throws SQLException if the database fails
     */
    public @Nullable String lastNewSiteId(Connection connection) throws SQLException {
        return Clones.lastTaken(connection);
    }

    /**
     * Notes that a copy of a database took a new site id, and forgets how far anybody had come with the former one.
     *
     * @param connection a connection inside a transaction; the caller commits
     * @param copy the new id
     * @param former the one it shared until then
     * @return whether that was news
     * @throws SQLException if the database fails
     */
    public boolean learnClone(Connection connection, SiteId copy, SiteId former) throws SQLException {
        return Clones.learn(connection, copy, former);
    }
}
