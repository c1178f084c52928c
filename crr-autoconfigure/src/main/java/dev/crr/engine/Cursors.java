package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far this database and others have come with each other: {@code crr_cursor}, and {@code crsql_tracked_peers} for people. */
final class Cursors {

    private static final int RECEIVED = 0;
    private static final int SENT = 1;

    /** From where on the peer is to be given all we have, even what it wrote itself. */
    private static final int OWED = 2;

    /** How many of the databases that only ever ask are remembered: whoever asks can make up as many as it likes. */
    private static final int MAX_ASKERS = 1000;

    private static final String SELECT = """
            SELECT site_id, scope,
              coalesce(max(version) FILTER (WHERE event = 0), 0), max(epoch) FILTER (WHERE event = 0),
              coalesce(max(version) FILTER (WHERE event = 1), 0), max(epoch) FILTER (WHERE event = 1)
            FROM main.crr_cursor %s GROUP BY site_id, scope ORDER BY site_id, scope""";

    private Cursors() {}

    static List<TrackedPeer> all(Connection connection) throws SQLException {
        return Queries.list(connection, SELECT.formatted(""), Cursors::read);
    }

    static TrackedPeer of(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        return Queries.list(
                        connection,
                        SELECT.formatted("WHERE site_id = ? AND scope = ?"),
                        Cursors::read,
                        peer.bytes(),
                        stored(scope))
                .stream()
                .findFirst()
                .orElse(new TrackedPeer(peer, scope, 0, null, 0));
    }

    /**
     * Moves the cursor for the sender of a changeset that was applied, if the changeset leaves no gap: it must continue what the
     * cursor stands for, and leave out nobody's changes but our own.
     */
    static TrackedPeer advance(Connection connection, Changeset changeset, SiteId own) throws SQLException {
        TrackedPeer peer = of(connection, changeset.siteId(), changeset.scope());
        // A copy of us may have written under our site id as well before it took another.
        boolean complete =
                changeset.exclude() == null || (changeset.exclude().equals(own) && !Clones.shared(connection, own));
        if (!complete
                || changeset.siteId().equals(own)
                || !continues(changeset, peer)
                || (changeset.version() <= peer.received() && !leaves(changeset, peer))) {
            return peer;
        }
        setReceived(connection, changeset.siteId(), changeset.scope(), changeset.version(), changeset.epoch());
        return new TrackedPeer(
                peer.siteId(), peer.scope(), changeset.version(), changeset.epoch(), peer.sent(), peer.sentEpoch());
    }

    /**
     * Whether a changeset begins within what is here already. A version is one of its epoch: of a sender that was restored there
     * are two of the same number, and only it knows which of its epochs follow each other.
     */
    static boolean continues(Changeset changeset, TrackedPeer peer) {
        Epoch had = peer.receivedEpoch();
        Epoch from = changeset.sinceEpoch();
        return changeset.since() <= peer.received()
                && (changeset.since() == 0
                        || had == null
                        || from == null
                        || had.equals(from)
                        || had.equals(changeset.epoch()));
    }

    /** Whether the sender's history left the epoch that the cursor is in before it came to the cursor. */
    private static boolean leaves(Changeset changeset, TrackedPeer peer) {
        return changeset.epoch() != null
                && !changeset.epoch().equals(peer.receivedEpoch())
                && changeset.sinceEpoch() != null
                && changeset.sinceEpoch().equals(peer.receivedEpoch());
    }

    /** Who we were, and thereby how far others have come with us, holds no more. */
    static void forgetAll(Connection connection) throws SQLException {
        Queries.update(connection, "DELETE FROM main.crr_cursor");
        Queries.update(connection, "DELETE FROM main.crsql_tracked_peers WHERE tag = 0");
    }

    /**
     * Begins anew with a database that others took for another one or another for it, in both directions, and gives it even what
     * goes by its own name.
     */
    static void beginAnew(Connection connection, SiteId peer) throws SQLException {
        Queries.update(
                connection,
                "INSERT INTO main.crr_cursor (site_id, scope, event, version)"
                        + " SELECT DISTINCT site_id, scope, ?, 0 FROM main.crr_cursor WHERE site_id = ?"
                        + " ON CONFLICT DO UPDATE SET version = 0",
                OWED,
                peer.bytes());
        Queries.update(connection, "DELETE FROM main.crr_cursor WHERE site_id = ? AND event <> ?", peer.bytes(), OWED);
        Queries.update(connection, "DELETE FROM main.crsql_tracked_peers WHERE site_id = ? AND tag = 0", peer.bytes());
    }

    /** Notes from where on a peer is to be given everything, unless that is noted already. */
    static void owe(Connection connection, SiteId peer, @Nullable String scope, long version) throws SQLException {
        Queries.update(
                connection,
                "INSERT INTO main.crr_cursor (site_id, scope, event, version) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET version = min(version, excluded.version)",
                peer.bytes(),
                stored(scope),
                OWED,
                version);
        Relayed.note(connection, peer);
    }

    static @Nullable Long owed(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        List<Long> version = Queries.list(
                connection,
                "SELECT version FROM main.crr_cursor WHERE site_id = ? AND scope = ? AND event = ?",
                row -> row.getLong(1),
                peer.bytes(),
                stored(scope),
                OWED);
        return version.isEmpty() ? null : version.get(0);
    }

    static void settle(Connection connection, SiteId peer, @Nullable String scope) throws SQLException {
        Queries.update(
                connection,
                "DELETE FROM main.crr_cursor WHERE site_id = ? AND scope = ? AND event = ?",
                peer.bytes(),
                stored(scope),
                OWED);
    }

    /** Lets all peers tell all they have once more, because something of it was not wanted when they did. */
    static void askAgain(Connection connection) throws SQLException {
        Queries.update(connection, "DELETE FROM main.crr_cursor WHERE event = ?", RECEIVED);
        Queries.update(connection, "DELETE FROM main.crsql_tracked_peers WHERE tag = 0 AND event = ?", RECEIVED);
    }

    static void setReceived(
            Connection connection, SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch)
            throws SQLException {
        put(connection, peer, scope, RECEIVED, version, epoch);
    }

    /**
     * Notes what the peer has of us.
     *
     * @param epoch our epoch that the peer has for the version, if it told
     */
    static void setSent(
            Connection connection,
            SiteId peer,
            @Nullable String scope,
            long version,
            @Nullable Epoch epoch,
            boolean forwardOnly)
            throws SQLException {
        TrackedPeer present = of(connection, peer, scope);
        if (forwardOnly && (version < present.sent() || (present.sent() == 0 && tooManyAskers(connection)))) {
            return;
        }
        if (version != present.sent() || !Objects.equals(epoch, present.sentEpoch())) {
            put(connection, peer, scope, SENT, version, epoch);
        }
    }

    private static boolean tooManyAskers(Connection connection) throws SQLException {
        return Queries.number(connection, "SELECT count(*) FROM main.crr_cursor WHERE event = ?", SENT) >= MAX_ASKERS;
    }

    /** Notes the largest version of each author among changes that somebody inserted by SQL. For people: no exchange relies on it. */
    static void noteAuthors(Connection connection, List<Change> changes, SiteId own) throws SQLException {
        Map<SiteId, Long> versions = new LinkedHashMap<>();
        for (Change change : changes) {
            if (!change.siteId().equals(own)) {
                versions.merge(change.siteId(), change.dbVersion(), Math::max);
            }
        }
        for (Map.Entry<SiteId, Long> author : versions.entrySet()) {
            Queries.update(connection, """
                    INSERT INTO main.crsql_tracked_peers (site_id, version, seq, tag, event) VALUES (?, ?, 0, 0, ?)
                    ON CONFLICT DO UPDATE SET version = excluded.version, seq = 0
                      WHERE excluded.version > version""", author.getKey().bytes(), author.getValue(), RECEIVED);
        }
    }

    private static void put(
            Connection connection, SiteId peer, @Nullable String scope, int event, long version, @Nullable Epoch epoch)
            throws SQLException {
        Queries.update(
                connection, """
                INSERT INTO main.crr_cursor (site_id, scope, event, version, epoch) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET version = excluded.version, epoch = excluded.epoch""", peer.bytes(), stored(scope), event, version, epoch == null ? null : epoch.bytes());
        if (scope != null) {
            return; // Tag 0 there means the whole database.
        }
        Queries.update(connection, """
                INSERT INTO main.crsql_tracked_peers (site_id, version, seq, tag, event) VALUES (?, ?, 0, 0, ?)
                ON CONFLICT DO UPDATE SET version = excluded.version, seq = 0""", peer.bytes(), version, event);
    }

    private static TrackedPeer read(ResultSet row) throws SQLException {
        String scope = row.getString(2);
        return new TrackedPeer(
                SiteId.of(row.getBytes(1)),
                scope.isEmpty() ? null : scope,
                row.getLong(3),
                epoch(row.getBytes(4)),
                row.getLong(5),
                epoch(row.getBytes(6)));
    }

    private static @Nullable Epoch epoch(byte @Nullable [] bytes) {
        return bytes == null ? null : Epoch.of(bytes);
    }

    private static String stored(@Nullable String scope) {
        return scope == null ? "" : scope;
    }
}
