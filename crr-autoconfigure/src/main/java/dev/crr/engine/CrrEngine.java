package dev.crr.engine;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and merges changes over connections it is given. Thread-safe; a connection must not be used by two threads at a time.
 * The file must have been prepared by {@link CrrInstaller}.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class CrrEngine {

    /**
     * @param maxChanges about how many changes a changeset holds at most where the query does not say
     */
    @SuppressWarnings("UnusedVariable")
    public CrrEngine(int maxChanges) {}

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
     * @param tables tables in which something changed
     */
    public record Merge(MergeReport report, Set<String> tables) {}

    /** Reads who this database is. */
    public Identity identity(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads changes in one snapshot.
     *
     * @param connection a connection in autocommit mode, outside any transaction; left so
     */
    public Changeset read(Connection connection, ChangeQuery query) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Merges a changeset and moves the cursor for its sender, in the caller's transaction.
     *
     * @param connection a connection inside a transaction; the caller commits, or rolls back if this throws
     */
    public Merge merge(Connection connection, Changeset changeset) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Lists how far this database and others have come with each other. */
    public List<TrackedPeer> trackedPeers(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Lists what replicates. */
    public List<ReplicatedTable> tables(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Counts rows and tombstones by table. */
    public Map<String, RowCounts> rowCounts(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** The cursor for a peer in a scope, or null if there is none yet. */
    public @Nullable TrackedPeer cursor(Connection connection, SiteId peer, @Nullable String scope)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Sets the received cursor of a peer. */
    public void setReceived(
            Connection connection, SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Sets the sent cursor of a peer; with {@code forwardOnly}, never to a smaller version. */
    public void setSent(Connection connection, SiteId peer, @Nullable String scope, long version, boolean forwardOnly)
            throws SQLException {
        throw new UnsupportedOperationException();
    }
}
