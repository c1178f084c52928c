package dev.crr.engine;

import dev.crr.Change;
import dev.crr.PeerIdentity;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import java.security.Principal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes that their sender may not write, kept in {@code crr_refused}: one per table, key, column and sender, the one that would
 * win. They take part in no merge until the sender is judged again.
 */
final class Refused {

    private static final String COLUMNS =
            "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq, origin, peer, principal";

    private final Connection connection;
    private final int maxPerPeer;
    private final @Nullable PeerIdentity peer;
    private long count = -1;

    /**
     * @param maxPerPeer how many changes of the sender may be here
     * @param peer the sender, null if nothing can be refused
     */
    Refused(Connection connection, int maxPerPeer, @Nullable PeerIdentity peer) {
        this.connection = connection;
        this.maxPerPeer = maxPerPeer;
        this.peer = peer;
    }

    /** The name is all that is left of a principal. */
    private record Known(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** One of them, and who sent it. */
    private record Entry(Change change, PeerIdentity sender, SiteId origin) {

        QuarantinedChange quarantined() {
            return new QuarantinedChange(change, "the policy does not let " + sender + " write this", origin, false);
        }
    }

    /** What is known of a change here, to tell which of two of one sender would win. */
    private record Present(long cl, long colVersion) {}

    static long count(Connection connection) throws SQLException {
        return Queries.number(connection, "SELECT count(*) FROM crr_refused");
    }

    /** Forgets a change, whoever sent it. */
    static void remove(Connection connection, Change change) throws SQLException {
        Queries.update(
                connection,
                "DELETE FROM crr_refused WHERE \"table\" = ? AND pk = ? AND cid = ? AND cl <= ?",
                change.table(),
                Quarantine.packedKey(change),
                change.cid(),
                change.cl());
    }

    static List<QuarantinedChange> list(Connection connection, int limit) throws SQLException {
        return entries(connection, limit).stream().map(Entry::quarantined).toList();
    }

    static int clear(Connection connection, @Nullable String table) throws SQLException {
        return Queries.update(
                connection, "DELETE FROM crr_refused WHERE ?1 IS NULL OR \"table\" = ?1 COLLATE NOCASE", table);
    }

    /** All of them, by sender; the site id of a sender is the origin. */
    static Map<PeerIdentity, List<Change>> bySender(Connection connection) throws SQLException {
        Map<PeerIdentity, List<Change>> bySender = new LinkedHashMap<>();
        for (Entry entry : entries(connection, Integer.MAX_VALUE)) {
            bySender.computeIfAbsent(entry.sender(), sender -> new ArrayList<>())
                    .add(entry.change());
        }
        return bySender;
    }

    /** Forgets all changes of a sender. */
    static void remove(Connection connection, PeerIdentity sender) throws SQLException {
        Queries.update(
                connection,
                "DELETE FROM crr_refused WHERE peer = ? AND principal = ? AND origin = ?",
                text(sender.name()),
                text(sender.principalName()),
                Objects.requireNonNull(sender.siteId()).bytes());
    }

    /**
     * Sets a change aside, or leaves the one of the same sender that is there if that would win.
     *
     * @throws QuarantineFullException if the sender has as many here as it may
     */
    void put(Change change, SiteId origin) throws SQLException {
        PeerIdentity sender = Objects.requireNonNull(peer);
        Object[] row = {
            change.table(),
            Quarantine.packedKey(change),
            change.cid(),
            text(sender.name()),
            text(sender.principalName()),
            origin.bytes()
        };
        List<Present> present = Queries.list(
                connection,
                "SELECT cl, col_version FROM crr_refused"
                        + " WHERE \"table\" = ? AND pk = ? AND cid = ? AND peer = ? AND principal = ? AND origin = ?",
                found -> new Present(found.getLong(1), found.getLong(2)),
                row);
        if (present.isEmpty()) {
            requireRoom(sender, origin, change);
        } else if (!wins(change, present.get(0))) {
            return;
        }
        try (PreparedStatement put = connection.prepareStatement("INSERT OR REPLACE INTO crr_refused (" + COLUMNS
                + ") VALUES (?, ?, ?, " + JdbcValues.placeholder(change.val()) + ", ?, ?, ?, ?, ?, ?, ?, ?)")) {
            put.setString(1, change.table());
            put.setBytes(2, Quarantine.packedKey(change));
            put.setString(3, change.cid());
            JdbcValues.bind(put, 4, change.val());
            put.setLong(5, change.colVersion());
            put.setLong(6, change.dbVersion());
            put.setBytes(7, change.siteId().bytes());
            put.setLong(8, change.cl());
            put.setLong(9, change.seq());
            put.setBytes(10, origin.bytes());
            put.setString(11, text(sender.name()));
            put.setString(12, text(sender.principalName()));
            put.executeUpdate();
        }
    }

    /** Counted by who is authenticated, and not by the site ids it may claim. */
    private void requireRoom(PeerIdentity sender, SiteId origin, Change change) throws SQLException {
        if (count < 0) {
            count = Queries.number(
                    connection,
                    "SELECT count(*) FROM crr_refused WHERE peer = ? AND principal = ?",
                    text(sender.name()),
                    text(sender.principalName()));
        }
        if (count >= maxPerPeer) {
            throw new QuarantineFullException(
                    origin, maxPerPeer, change, "the policy does not let " + sender + " write this");
        }
        count++;
    }

    private static boolean wins(Change change, Present present) {
        return change.cl() != present.cl() ? change.cl() > present.cl() : change.colVersion() >= present.colVersion();
    }

    private static List<Entry> entries(Connection connection, int limit) throws SQLException {
        return Queries.list(
                connection,
                "SELECT " + COLUMNS + " FROM crr_refused ORDER BY \"table\", pk, cid, peer, principal, origin LIMIT ?",
                Refused::read,
                limit);
    }

    private static Entry read(ResultSet row) throws SQLException {
        SiteId origin = SiteId.of(row.getBytes(10));
        String name = row.getString(11);
        String principal = row.getString(12);
        PeerIdentity sender = new PeerIdentity(
                name.isEmpty() ? null : name, principal.isEmpty() ? null : new Known(principal), origin);
        return new Entry(Quarantine.readChange(row), sender, origin);
    }

    private static String text(@Nullable String name) {
        return name == null ? "" : name;
    }
}
