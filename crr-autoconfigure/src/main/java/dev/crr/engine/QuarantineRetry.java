package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.PeerRefusedException;
import dev.crr.PeerRules;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what was set aside: some rows at a time, as there may be more in quarantine than fits into memory. What still cannot be
 * applied stays where it is.
 */
final class QuarantineRetry implements AutoCloseable {

    private static final int ROWS = 512;

    private final Connection connection;
    private final StoredForm stored;
    private final Batches statements;
    private final Map<SiteId, CrrEngine.Merge> merges = new LinkedHashMap<>();

    private QuarantineRetry(Connection connection) {
        this.connection = connection;
        this.stored = new StoredForm(connection);
        this.statements = new Batches(connection);
    }

    /**
     * Tries everything again.
     *
     * @return what came of it, by sender
     */
    static Map<SiteId, CrrEngine.Merge> run(Connection connection, Map<String, CrrTable> catalogue)
            throws SQLException {
        try (QuarantineRetry retry = new QuarantineRetry(connection)) {
            for (CrrTable table : catalogue.values()) {
                retry.all(table);
            }
            return retry.done();
        }
    }

    /** Whether rows may have changed here since what is held of them was tried last. */
    static boolean isDue(Connection connection) throws SQLException {
        return !unseen(connection).isEmpty();
    }

    /** Versions that were not seen yet: after the first, up to the last. */
    private record Unseen(long seen, long now) {}

    /** None or one. */
    private static List<Unseen> unseen(Connection connection) throws SQLException {
        return Queries.list(
                connection,
                "SELECT q.seen, s.version FROM main.crr_state s, main.crr_quarantine_state q WHERE s.version > q.seen"
                        + " AND EXISTS (SELECT 1 FROM main.crr_quarantine_size)",
                row -> new Unseen(row.getLong(1), row.getLong(2)));
    }

    /**
     * Tries again what is held of rows that were edited here since the last time. What is merged into a row meets what is held of it
     * anyway.
     *
     * @param notedFrom how many versions that were looked at in vain are worth a write to note it
     * @return what came of it, by sender
     */
    static Map<SiteId, CrrEngine.Merge> runChanged(
            Connection connection, Map<String, CrrTable> catalogue, int notedFrom) throws SQLException {
        List<Unseen> unseen = unseen(connection);
        if (unseen.isEmpty()) {
            return Map.of();
        }
        long seen = unseen.get(0).seen();
        long now = unseen.get(0).now();
        try (QuarantineRetry retry = new QuarantineRetry(connection)) {
            for (News.Of news : News.ofHeld(seen, List.copyOf(catalogue.values()), connection)) {
                retry.changed(news, seen, now);
            }
            return retry.merges.isEmpty() && now - seen < notedFrom ? Map.of() : retry.done();
        }
    }

    private Map<SiteId, CrrEngine.Merge> done() throws SQLException {
        Queries.update(connection, "UPDATE main.crr_quarantine_state SET seen = (SELECT version FROM main.crr_state)");
        return merges;
    }

    private void all(CrrTable table) throws SQLException {
        byte[] last = new byte[0];
        List<byte[]> page = page(table, last);
        while (!page.isEmpty()) {
            Set<List<Value>> keys = new LinkedHashSet<>();
            for (byte[] pk : page) {
                List<Value> key = key(table, pk);
                if (key != null) {
                    keys.add(key);
                }
            }
            merge(table, keys);
            last = page.get(page.size() - 1);
            page = page(table, last);
        }
    }

    private List<byte[]> page(CrrTable table, byte[] last) throws SQLException {
        return Queries.list(
                connection,
                "SELECT DISTINCT pk FROM main.crr_quarantine WHERE \"table\" = ? AND pk > ? AND " + Quarantine.TRIED
                        + " ORDER BY pk LIMIT " + ROWS,
                row -> row.getBytes(1),
                table.name(),
                last);
    }

    /** The key as the table stores it, which was perhaps not here when its changes were set aside; null if it cannot be one. */
    private @Nullable List<Value> key(CrrTable table, byte[] pk) throws SQLException {
        List<Value> key = PackedKey.unpack(pk);
        List<Value> storedKey = Merger.key(key, table, stored);
        String fault = KeyCheck.fault(table, storedKey);
        if (fault != null) {
            Queries.update(
                    connection,
                    "UPDATE main.crr_quarantine SET reason = ?, retry = 0 WHERE \"table\" = ? AND pk = ?",
                    fault,
                    table.name(),
                    pk);
            return null;
        }
        if (!Arrays.equals(PackedKey.pack(storedKey), pk)) {
            move(table, pk, storedKey);
        }
        return storedKey;
    }

    private void move(CrrTable table, byte[] pk, List<Value> key) throws SQLException {
        try (Quarantine quarantine = new Quarantine(connection, QuarantineLimit.NONE)) {
            List<String> columns = Queries.list(
                    connection,
                    "SELECT cid FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ?",
                    row -> row.getString(1),
                    table.name(),
                    pk);
            for (String cid : columns) {
                QuarantinedChange held = Queries.list(
                                connection,
                                "SELECT " + Quarantine.COLUMNS
                                        + " FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ? AND cid = ?",
                                Quarantine::read,
                                table.name(),
                                pk,
                                cid)
                        .get(0);
                Change change = held.change();
                quarantine.remove(change);
                int column = table.indexOf(cid);
                quarantine.put(
                        new Change(
                                change.table(),
                                key,
                                cid,
                                change.val(),
                                change.colVersion(),
                                change.dbVersion(),
                                change.siteId(),
                                change.cl(),
                                change.seq()),
                        new Quarantine.Reason(
                                held.reason(),
                                held.retried() ? Quarantine.Retry.ALWAYS : Quarantine.Retry.NEVER,
                                held.origin()),
                        column < 0 ? null : table.columns().get(column).affinity());
            }
        }
    }

    private void changed(News.Of news, long after, long upTo) throws SQLException {
        CrrTable table = news.table();
        String keys = Quoting.names("r.", table.keyNames());
        if (news.rows()) {
            changed(
                    table,
                    "SELECT r.__crr_version, " + keys + " FROM " + table.rowClocks()
                            + " r WHERE r.__crr_version > ? AND r.__crr_version <= ? AND r.__crr_site = " + Sites.OWN
                            + " ORDER BY r.__crr_version LIMIT " + ROWS,
                    after,
                    upTo);
        }
        if (news.cells()) {
            changed(
                    table,
                    "SELECT x.version, " + keys + " FROM " + table.cellClocks() + " x CROSS JOIN " + table.rowClocks()
                            + " r ON r.__crr_version = x.row WHERE x.version > ? AND x.version <= ? AND x.site = "
                            + Sites.OWN + " ORDER BY x.version LIMIT " + ROWS,
                    after,
                    upTo);
        }
    }

    private void changed(CrrTable table, String sql, long after, long upTo) throws SQLException {
        long from = after;
        int found;
        do {
            Set<List<Value>> keys = new LinkedHashSet<>();
            PreparedStatement select = statements.statement(sql);
            select.setLong(1, from);
            select.setLong(2, upTo);
            found = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found++;
                    from = row.getLong(1);
                    List<Value> key =
                            List.of(JdbcValues.read(row, 2, table.keys().size()));
                    if (isHeld(table, key)) {
                        keys.add(key);
                    }
                }
            }
            merge(table, keys);
        } while (found == ROWS);
    }

    private boolean isHeld(CrrTable table, List<Value> key) throws SQLException {
        PreparedStatement find =
                statements.statement("SELECT 1 FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ? AND "
                        + Quarantine.TRIED + " LIMIT 1");
        find.setString(1, table.name());
        find.setBytes(2, PackedKey.pack(key));
        try (ResultSet row = find.executeQuery()) {
            return row.next();
        }
    }

    private void merge(CrrTable table, Set<List<Value>> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        SiteId own = Sites.own(connection);
        Changeset nothing = new Changeset(own, null, 0, 0, null, null, false, List.of());
        Merger merger = new Merger(connection, nothing, Map.of(), true, QuarantineLimit.NONE, null);
        for (Map.Entry<SiteId, MergeTally> sender :
                merger.mergeHeld(table, keys).ofHeld().entrySet()) {
            TrackedPeer peer = Cursors.of(connection, sender.getKey(), null);
            MergeTally tally = sender.getValue();
            MergeReport report = new MergeReport(
                    own,
                    Epochs.current(connection),
                    peer.received(),
                    peer.receivedEpoch(),
                    tally.appliedCount(),
                    tally.lostCount(),
                    tally.quarantinedCount(),
                    Queries.number(connection, "SELECT version FROM main.crr_state"));
            merges.merge(sender.getKey(), new CrrEngine.Merge(report, tally.rows()), CrrEngine.Merge::plus);
        }
    }

    /**
     * Judges again what was refused, sender by sender, and merges what may be written now.
     *
     * @param judge gives what applies to a sender now
     * @return what came of it, one per sender
     */
    static List<CrrEngine.Retried> runRefused(
            Connection connection, Map<String, CrrTable> catalogue, Function<PeerIdentity, @Nullable PeerRules> judge)
            throws SQLException {
        List<CrrEngine.Retried> retried = new ArrayList<>();
        for (PeerIdentity sender : Refused.senders(connection)) {
            PeerRules rules;
            try {
                rules = judge.apply(sender);
            } catch (PeerRefusedException stillRefused) {
                continue;
            }
            SiteId origin = Objects.requireNonNull(sender.siteId());
            CrrEngine.Merge all = null;
            List<Change> piece = Refused.after(connection, sender, null);
            while (!piece.isEmpty()) {
                try (Refused refused = new Refused(connection, QuarantineLimit.NONE, sender)) {
                    for (Change change : piece) {
                        refused.remove(change, origin);
                    }
                }
                Changeset again = new Changeset(origin, null, 0, 0, null, null, false, piece);
                CrrEngine.Merge merge =
                        new Merger(connection, again, catalogue, true, QuarantineLimit.NONE, rules).merge();
                all = all == null ? merge : all.plus(merge);
                piece = Refused.after(connection, sender, piece.get(piece.size() - 1));
            }
            if (all != null) {
                retried.add(new CrrEngine.Retried(origin, all));
            }
        }
        return retried;
    }

    @Override
    public void close() throws SQLException {
        stored.close();
        statements.close();
    }
}
