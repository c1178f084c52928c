package dev.crr.engine;

import dev.crr.Change;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are well formed but cannot be applied here, kept in {@code crr_quarantine} until they can: one per table, key and
 * column, the one that would win. They take part in every later merge of their row.
 */
final class Quarantine {

    private static final String COLUMNS =
            "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq, origin, reason, retry";

    /** A change that is not tried again. */
    private static final int NEVER = 0;

    /** A change that is tried again. */
    private static final int TRIED = 1;

    /**
     * A change that is tried once its table and column are here, and called so to the letter: a policy let it pass under that
     * name, and was not asked about another.
     */
    private static final int AS_SPELLED = 2;

    private final Connection connection;
    private final int maxPerPeer;
    private final Map<SiteId, Long> counts = new HashMap<>();

    Quarantine(Connection connection, int maxPerPeer) {
        this.connection = connection;
        this.maxPerPeer = maxPerPeer;
    }

    static long count(Connection connection) throws SQLException {
        return Queries.number(connection, "SELECT count(*) FROM crr_quarantine");
    }

    /** Deletions that could not be applied, or were refused: their rows may still be here. */
    static long countDeletions(Connection connection) throws SQLException {
        return Queries.number(
                connection,
                "SELECT (SELECT count(*) FROM crr_quarantine WHERE (cl & 1) = 0)"
                        + " + (SELECT count(*) FROM crr_refused WHERE (cl & 1) = 0)");
    }

    static List<QuarantinedChange> list(Connection connection, int limit) throws SQLException {
        return Queries.list(
                connection,
                "SELECT " + COLUMNS + " FROM crr_quarantine ORDER BY \"table\", pk, cid LIMIT ?",
                Quarantine::read,
                limit);
    }

    static int clear(Connection connection, @Nullable String table) throws SQLException {
        return Queries.update(
                connection, "DELETE FROM crr_quarantine WHERE ?1 IS NULL OR \"table\" = ?1 COLLATE NOCASE", table);
    }

    /** Changes of a table worth another try, by key. */
    Map<List<Value>, List<Change>> of(CrrTable table) throws SQLException {
        Map<List<Value>, List<Change>> held = new HashMap<>();
        Queries.list(
                connection,
                "SELECT " + COLUMNS + " FROM crr_quarantine WHERE \"table\" = ? AND retry = " + TRIED,
                row -> {
                    Change change = read(row).change();
                    return held.computeIfAbsent(change.key(), key -> new ArrayList<>())
                            .add(change);
                },
                table.name());
        return held;
    }

    /**
     * Sets a change aside, or leaves the one that is there if that would win.
     *
     * @param retry whether it could be applied one day, after a change of the schema for example
     * @throws QuarantineFullException if its sender has as many there as it may
     */
    void put(Change change, String reason, boolean retry, SiteId origin) throws SQLException {
        put(change, reason, retry ? TRIED : NEVER, origin);
    }

    /** Sets aside what a policy let pass for a table or column that is not here. */
    void putAsSpelled(Change change, String reason, SiteId origin) throws SQLException {
        put(change, reason, AS_SPELLED, origin);
    }

    /**
     * Finds out what was set aside for tables and columns that have come since, in whatever spelling of their names, and lets it
     * be tried.
     */
    void recognise(Map<String, CrrTable> catalogue) throws SQLException {
        record Names(String table, String cid) {}
        for (Names held : Queries.list(
                connection,
                "SELECT DISTINCT \"table\", cid FROM crr_quarantine",
                row -> new Names(row.getString(1), row.getString(2)))) {
            CrrTable table = catalogue.get(held.table());
            int column = table == null ? -1 : table.indexOf(held.cid());
            if (table == null || (column < 0 && !held.cid().equals(Change.ROW))) {
                continue;
            }
            String cid = column < 0 ? held.cid() : table.spelled(column, held.cid());
            if (table.name().equals(held.table()) && cid.equals(held.cid())) {
                Queries.update(
                        connection,
                        "UPDATE crr_quarantine SET retry = " + TRIED + " WHERE \"table\" = ? AND cid = ? AND retry = "
                                + AS_SPELLED,
                        held.table(),
                        held.cid());
            } else {
                respell(held.table(), held.cid(), table.name(), cid);
            }
        }
    }

    private void respell(String from, String fromCid, String to, String toCid) throws SQLException {
        List<QuarantinedChange> all = Queries.list(
                connection,
                "SELECT " + COLUMNS + " FROM crr_quarantine WHERE \"table\" = ? AND cid = ? AND retry = " + TRIED,
                Quarantine::read,
                from,
                fromCid);
        for (QuarantinedChange held : all) {
            remove(held.change());
            put(held.change().called(to, toCid), held.reason(), TRIED, held.origin());
        }
    }

    private void put(Change change, String reason, int retry, SiteId origin) throws SQLException {
        QuarantinedChange present = find(change);
        if (present == null && count(origin) >= maxPerPeer) {
            throw new QuarantineFullException(origin, maxPerPeer, change, reason);
        }
        boolean retried = retry == TRIED;
        if (present != null && present.retried() && !retried) {
            return; // what may come right one day is not lost to what never can
        }
        if (present != null && present.retried() == retried && !wins(change, present.change())) {
            return;
        }
        if (present == null) {
            counts.merge(origin, 1L, Long::sum);
        }
        try (PreparedStatement put = connection.prepareStatement("INSERT OR REPLACE INTO crr_quarantine (" + COLUMNS
                + ") VALUES (?, ?, ?, " + JdbcValues.placeholder(change.val()) + ", ?, ?, ?, ?, ?, ?, ?, ?)")) {
            put.setString(1, change.table());
            put.setBytes(2, packedKey(change));
            put.setString(3, change.cid());
            JdbcValues.bind(put, 4, change.val());
            put.setLong(5, change.colVersion());
            put.setLong(6, change.dbVersion());
            put.setBytes(7, change.siteId().bytes());
            put.setLong(8, change.cl());
            put.setLong(9, change.seq());
            put.setBytes(10, origin.bytes());
            put.setString(11, reason);
            put.setInt(12, retry);
            put.executeUpdate();
        }
    }

    /** Takes a change out that was applied, or lost. */
    void remove(Change change) throws SQLException {
        Queries.update(
                connection,
                "DELETE FROM crr_quarantine WHERE \"table\" = ? AND pk = ? AND cid = ?",
                change.table(),
                packedKey(change),
                change.cid());
    }

    /** What has more values than a key can have will never be applied, and is held with those that fit. */
    static byte[] packedKey(Change change) {
        int size = Math.min(change.key().size(), PackedKey.MAX_VALUES);
        return PackedKey.pack(change.key().subList(0, size));
    }

    /** How many there are of a sender, counted once and kept up to date; those taken out meanwhile still count. */
    private long count(SiteId origin) throws SQLException {
        Long known = counts.get(origin);
        if (known == null) {
            known = Queries.number(connection, "SELECT count(*) FROM crr_quarantine WHERE origin = ?", origin.bytes());
            counts.put(origin, known);
        }
        return known;
    }

    private @Nullable QuarantinedChange find(Change change) throws SQLException {
        return Queries.list(
                        connection,
                        "SELECT " + COLUMNS + " FROM crr_quarantine WHERE \"table\" = ? AND pk = ? AND cid = ?",
                        Quarantine::read,
                        change.table(),
                        packedKey(change),
                        change.cid())
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static boolean wins(Change change, Change present) {
        if (change.cl() != present.cl()) {
            return change.cl() > present.cl();
        }
        if (change.colVersion() != present.colVersion()) {
            return change.colVersion() > present.colVersion();
        }
        return ValueOrder.INSTANCE.compare(change.val(), present.val()) > 0;
    }

    private static QuarantinedChange read(ResultSet row) throws SQLException {
        return new QuarantinedChange(
                readChange(row), row.getString(11), SiteId.of(row.getBytes(10)), row.getInt(12) == TRIED);
    }

    /** The first nine columns. */
    static Change readChange(ResultSet row) throws SQLException {
        return new Change(
                row.getString(1),
                PackedKey.unpack(row.getBytes(2)),
                row.getString(3),
                JdbcValues.read(row, 4),
                row.getLong(5),
                row.getLong(6),
                SiteId.of(row.getBytes(7)),
                row.getLong(8),
                row.getLong(9));
    }
}
