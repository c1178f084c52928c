package dev.crr.engine;

import dev.crr.CrrException;
import dev.crr.Horizon;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One call of the clean-up of tombstones. First all members must have what this database had at one moment, the {@link Cut}; then
 * it puts the clean-up behind itself ({@link Horizons}); then, in short transactions, it removes. A kill in between leaves a file
 * with some tombstones more.
 */
final class TombstoneCleanup {

    /** At most some 25 ms of work under the write lock, on a slow machine too. */
    private static final int AT_ONCE = 500;

    /**
     * Those that go. What a dishonest peer has counted up stays, as new keys begin above all that went, and must not be too far
     * ahead for others.
     */
    private static final String TOMBSTONE = "(__crr_cl & 1) = 0 AND __crr_cl < " + (1L << 31);

    private final Connection connection;
    private final Set<SiteId> members;

    TombstoneCleanup(Connection connection, Set<SiteId> members) {
        this.connection = connection;
        this.members = members;
    }

    TombstoneReport run(boolean dryRun) throws SQLException {
        Progress progress =
                dryRun ? Transactions.read(connection, this::look) : Transactions.write(connection, this::begin);
        Map<String, TombstoneReport.Table> tables = new HashMap<>();
        for (CrrTable table : Catalogue.load(connection).values()) {
            long removed = dryRun ? count(table, progress.limit()) : remove(table, progress.limit());
            long present = count(table, Long.MAX_VALUE);
            tables.put(table.name(), new TombstoneReport.Table(removed, dryRun ? present - removed : present));
        }
        return new TombstoneReport(dryRun, progress.cut().version(), tables, progress.behind());
    }

    /**
     * How far it has come.
     *
     * @param cut what all members must have
     * @param behind who has not
     * @param limit the version up to which tombstones may go
     */
    private record Progress(Cut cut, List<TombstoneReport.Behind> behind, long limit) {}

    private Progress look() throws SQLException {
        SiteId own = Sites.own(connection);
        requireMember(own);
        Cut cut = Cut.of(connection, own, members);
        List<TombstoneReport.Behind> behind = behind(cut);
        long limit = Horizons.limit(connection, own);
        return new Progress(cut, behind, behind.isEmpty() ? Math.max(limit, cut.version()) : limit);
    }

    private Progress begin() throws SQLException {
        SiteId own = Sites.own(connection);
        requireMember(own);
        requireUnhindered();
        Cut cut = Cut.of(connection, own, members);
        List<TombstoneReport.Behind> behind = behind(cut);
        if (behind.isEmpty()) {
            pass(cut);
            Cut.forget(connection);
        } else {
            cut.keep(connection);
            // Whoever was left out last time refuses what came since, and so can never acknowledge more than it has.
            Cut last = Cut.ofLastRun(connection, own, members);
            if (last != null && behind(last).isEmpty()) {
                pass(last);
            }
        }
        return new Progress(cut, behind, Horizons.limit(connection, own));
    }

    private void pass(Cut cut) throws SQLException {
        SiteId own = cut.own();
        long run = 1
                + Queries.number(
                        connection, "SELECT run FROM main.crr_horizon WHERE site_id = ?", (Object) own.bytes());
        Horizon horizon = new Horizon(own, run, cut.version(), cut.versions(), cut.epochs());
        Horizons.pass(connection, horizon, own, Catalogue.load(connection));
    }

    private void requireMember(SiteId own) {
        if (!members.contains(own)) {
            throw new CrrException("the members must be all databases of the group, this one, " + own + ", included");
        }
    }

    private void requireUnhindered() throws SQLException {
        long deletions = Quarantine.countDeletions(connection);
        if (deletions > 0) {
            throw new CrrException(
                    deletions
                            + " deletions are in quarantine, so their rows are here still. Retry the quarantine once they can be applied.");
        }
        Set<String> triggers = InstalledTriggers.all(connection).keySet();
        for (String table : Catalogue.load(connection).keySet()) {
            if (CoarseTriggers.standIn(triggers, table)) {
                throw new CrrException("the schema of table \"" + table + "\" is being changed; try again afterwards");
            }
        }
    }

    private List<TombstoneReport.Behind> behind(Cut cut) throws SQLException {
        List<TombstoneReport.Behind> behind = new ArrayList<>();
        for (SiteId member : new TreeSet<>(members)) {
            long sent = Cursors.of(connection, member, null).sent();
            // Also where nothing was ever written: who never said anything has acknowledged nothing.
            long needed = Math.max(1, cut.version());
            if (!member.equals(cut.own()) && sent < needed) {
                behind.add(new TombstoneReport.Behind(member, sent, needed - sent));
            }
        }
        return behind;
    }

    private long count(CrrTable table, long limit) throws SQLException {
        return Queries.number(
                connection,
                "SELECT count(*) FROM " + table.rowClocks() + " WHERE __crr_version <= ? AND " + TOMBSTONE,
                limit);
    }

    /** No tombstone up to the limit can come any more, because what is deleted now takes a later version. */
    private long remove(CrrTable table, long limit) throws SQLException {
        long largest = Queries.number(
                connection,
                "SELECT max(__crr_cl) FROM " + table.rowClocks() + " WHERE __crr_version <= ? AND " + TOMBSTONE,
                limit);
        if (largest == 0) {
            return 0;
        }
        if (largest >= table.firstCl()) {
            Transactions.write(connection, () -> {
                requireUnhindered();
                FileInstallation.changeTriggers(connection, () -> Floors.raise(connection, table, largest));
                return true;
            });
        }
        long removed = 0;
        long from = 0;
        List<Long> versions = next(table, from, limit);
        while (!versions.isEmpty()) {
            String batch = versions.toString();
            removed += Transactions.write(
                    connection,
                    () -> Queries.update(
                            connection,
                            "DELETE FROM " + table.rowClocks()
                                    + " WHERE __crr_version IN (SELECT value FROM json_each(?)) AND " + TOMBSTONE,
                            batch));
            from = versions.get(versions.size() - 1);
            versions = next(table, from, limit);
        }
        return removed;
    }

    /** Looked up outside the write lock: a record that changes moves to another version, and then is not found. */
    private List<Long> next(CrrTable table, long from, long limit) throws SQLException {
        return Queries.list(
                connection,
                "SELECT __crr_version FROM " + table.rowClocks()
                        + " WHERE __crr_version > ? AND __crr_version <= ? AND " + TOMBSTONE
                        + " ORDER BY __crr_version LIMIT " + AT_ONCE,
                row -> row.getLong(1),
                from,
                limit);
    }
}
