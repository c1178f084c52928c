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
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes that their sender may not write, kept in {@code crr_refused}: one per table, key, column and sender, the {@link
 * Winner}. They take part in no merge until the sender is judged again.
 */
final class Refused implements AutoCloseable {

    private static final String COLUMNS =
            "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq, origin, peer, principal";

    /** How many changes are judged again at a time. */
    private static final int AT_ONCE = 1000;

    private static final String OF_SENDER = " WHERE peer = ? AND principal = ? AND origin = ?";

    private static final String ONE =
            " FROM main.crr_refused WHERE \"table\" = ? AND pk = ? AND cid = ? AND peer = ? AND principal = ? AND origin = ?";

    private final Batches statements;
    private final StoredForm stored;
    private final QuarantineLimit limit;
    private final @Nullable PeerIdentity peer;

    /**
     * @param limit how much of the sender may be here
     * @param peer the sender, null if nothing can be refused
     */
    Refused(Connection connection, QuarantineLimit limit, @Nullable PeerIdentity peer) {
        this.statements = new Batches(connection);
        this.stored = new StoredForm(connection);
        this.limit = limit;
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

    static long count(Connection connection) throws SQLException {
        return QuarantineSizes.count(connection, "crr_refused");
    }

    /** The first of them; fewer if their values are large. */
    static List<QuarantinedChange> list(Connection connection, int limit) throws SQLException {
        return Pieces.of(
                connection,
                "SELECT " + COLUMNS
                        + " FROM main.crr_refused ORDER BY \"table\", pk, cid, peer, principal, origin LIMIT ?",
                row -> read(row).quarantined(),
                QuarantinedChange::change,
                limit);
    }

    static int clear(Connection connection, @Nullable String table) throws SQLException {
        return Queries.update(
                connection, "DELETE FROM main.crr_refused WHERE ?1 IS NULL OR \"table\" = ?1 COLLATE NOCASE", table);
    }

    /** Of whom there are any; the site id of a sender is the origin. */
    static List<PeerIdentity> senders(Connection connection) throws SQLException {
        return Queries.list(
                connection,
                "SELECT DISTINCT peer, principal, origin FROM main.crr_refused",
                row -> sender(row.getString(1), row.getString(2), SiteId.of(row.getBytes(3))));
    }

    /**
     * The next changes of a sender.
     *
     * @param last the change after which to begin, null to begin with the first
     */
    static List<Change> after(Connection connection, PeerIdentity sender, @Nullable Change last) throws SQLException {
        return Pieces.of(
                connection,
                "SELECT " + COLUMNS + " FROM main.crr_refused" + OF_SENDER
                        + " AND (\"table\", pk, cid) > (?, ?, ?) ORDER BY \"table\", pk, cid LIMIT " + AT_ONCE,
                Quarantine::readChange,
                Function.identity(),
                text(sender.name()),
                text(sender.principalName()),
                Objects.requireNonNull(sender.siteId()).bytes(),
                last == null ? "" : last.table(),
                last == null ? new byte[0] : Quarantine.packedKey(last),
                last == null ? "" : last.cid());
    }

    /** Forgets a change of this sender. */
    void remove(Change change, SiteId origin) throws SQLException {
        PreparedStatement remove = statements.statement("DELETE" + ONE);
        bindKey(remove, change, origin);
        remove.executeUpdate();
    }

    /**
     * Sets a change aside, or leaves the one of the same sender that is there if that would win.
     *
     * @param affinity what its column does to values, null if it has none here
     * @throws QuarantineFullException if the sender has as many here as it may
     */
    void put(Change change, SiteId origin, @Nullable Affinity affinity) throws SQLException {
        Winner.SetAside present = find(change, origin);
        if (present == null) {
            requireRoom(origin, change);
        } else if (present.losesTo(change, affinity, stored)) {
            remove(change, origin);
        } else {
            return;
        }
        PreparedStatement put = statements.statement("INSERT INTO main.crr_refused (" + COLUMNS + ") VALUES (?, ?, ?, "
                + JdbcValues.placeholder(change.val()) + ", ?, ?, ?, ?, ?, ?, ?, ?)");
        Quarantine.bind(put, change);
        put.setBytes(10, origin.bytes());
        put.setString(11, text(sender().name()));
        put.setString(12, text(sender().principalName()));
        put.executeUpdate();
    }

    private Winner.@Nullable SetAside find(Change change, SiteId origin) throws SQLException {
        PreparedStatement find = statements.statement("SELECT cl, col_version, val" + ONE);
        bindKey(find, change, origin);
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? new Winner.SetAside(row.getLong(1), row.getLong(2), JdbcValues.read(row, 3)) : null;
        }
    }

    private void bindKey(PreparedStatement statement, Change change, SiteId origin) throws SQLException {
        Quarantine.bindKey(statement, 1, change);
        statement.setString(4, text(sender().name()));
        statement.setString(5, text(sender().principalName()));
        statement.setBytes(6, origin.bytes());
    }

    /** Counted by who is authenticated, and not by the site ids it may claim. */
    private void requireRoom(SiteId origin, Change change) throws SQLException {
        PreparedStatement size = statements.statement(QuarantineSizes.REFUSED);
        size.setString(1, text(sender().name()));
        size.setString(2, text(sender().principalName()));
        limit.require(
                QuarantineSizes.Size.read(size), origin, change, "the policy does not let " + sender() + " write this");
    }

    private PeerIdentity sender() {
        return Objects.requireNonNull(peer);
    }

    private static Entry read(ResultSet row) throws SQLException {
        SiteId origin = SiteId.of(row.getBytes(10));
        return new Entry(Quarantine.readChange(row), sender(row.getString(11), row.getString(12), origin), origin);
    }

    private static PeerIdentity sender(String name, String principal, SiteId origin) {
        return new PeerIdentity(
                name.isEmpty() ? null : name, principal.isEmpty() ? null : new Known(principal), origin);
    }

    private static String text(@Nullable String name) {
        return name == null ? "" : name;
    }

    @Override
    public void close() throws SQLException {
        statements.close();
        stored.close();
    }
}
