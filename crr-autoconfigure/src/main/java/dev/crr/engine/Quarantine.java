package dev.crr.engine;

import dev.crr.Change;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are well formed but cannot be applied here, kept in {@code crr_quarantine} until they can: one per table, key and
 * column, the {@link Winner}. They take part in every later merge of their row ({@link HeldChanges}).
 */
final class Quarantine implements AutoCloseable {

    static final String COLUMNS =
            "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq, origin, reason, retry";

    private static final String ONE = " FROM main.crr_quarantine WHERE \"table\" = ? AND pk = ? AND cid = ?";

    private final Batches statements;
    private final StoredForm stored;
    private final QuarantineLimit limit;

    Quarantine(Connection connection, QuarantineLimit limit) {
        this.statements = new Batches(connection);
        this.stored = new StoredForm(connection);
        this.limit = limit;
    }

    static long count(Connection connection) throws SQLException {
        return QuarantineSizes.count(connection, "crr_quarantine");
    }

    /** Deletions that could not be applied, or were refused: their rows may still be here. */
    static long countDeletions(Connection connection) throws SQLException {
        return Queries.number(
                connection,
                "SELECT (SELECT count(*) FROM main.crr_quarantine WHERE (cl & 1) = 0)"
                        + " + (SELECT count(*) FROM main.crr_refused WHERE (cl & 1) = 0)");
    }

    /** The first of them; fewer if their values are large. */
    static List<QuarantinedChange> list(Connection connection, int limit) throws SQLException {
        return Pieces.of(
                connection,
                "SELECT " + COLUMNS + " FROM main.crr_quarantine ORDER BY \"table\", pk, cid LIMIT ?",
                Quarantine::read,
                QuarantinedChange::change,
                limit);
    }

    static int clear(Connection connection, @Nullable String table) throws SQLException {
        return Queries.update(
                connection, "DELETE FROM main.crr_quarantine WHERE ?1 IS NULL OR \"table\" = ?1 COLLATE NOCASE", table);
    }

    /**
     * Sets a change aside, or leaves the one that is there if that would win.
     *
     * @param reason why, whether it could be applied one day, and who sent it
     * @param affinity what its column does to values, null if it has none here
     * @throws QuarantineFullException if its sender has as many there as it may
     */
    void put(Change change, Reason reason, @Nullable Affinity affinity) throws SQLException {
        Present present = find(change);
        if (present == null) {
            PreparedStatement size = statements.statement(QuarantineSizes.QUARANTINED);
            size.setBytes(1, reason.origin().bytes());
            limit.require(QuarantineSizes.Size.read(size), reason.origin(), change, reason.text());
        } else if (present.retried() && reason.retry() != Retry.ALWAYS) {
            return; // what may come right one day is not lost to what never can
        } else if (present.retried() == (reason.retry() == Retry.ALWAYS)
                && !present.setAside().losesTo(change, affinity, stored)) {
            return;
        } else {
            remove(change);
        }
        PreparedStatement put = statements.statement("INSERT INTO main.crr_quarantine (" + COLUMNS
                + ") VALUES (?, ?, ?, " + JdbcValues.placeholder(change.val()) + ", ?, ?, ?, ?, ?, ?, ?, ?)");
        bind(put, change);
        put.setBytes(10, reason.origin().bytes());
        put.setString(11, reason.text());
        put.setInt(12, reason.retry().ordinal());
        put.executeUpdate();
    }

    /**
     * Why a change is set aside.
     *
     * @param text for people
     * @param retry whether it is tried again
     * @param origin who sent it
     */
    record Reason(String text, Retry retry, SiteId origin) {

        /** By the columns origin, reason and retry. */
        static Reason read(ResultSet row) throws SQLException {
            return new Reason(
                    row.getString("reason"), Retry.values()[row.getInt("retry")], SiteId.of(row.getBytes("origin")));
        }
    }

    /** Whether what is set aside is tried again; kept in the file by their order. */
    enum Retry {

        /** It can never be applied. */
        NEVER,

        /** It could be applied one day, after a change of the schema for example. */
        ALWAYS,

        /**
         * Once its table and column are here, and called so to the letter: a policy let it pass under that name, and was not asked
         * about another.
         */
        AS_SPELLED
    }

    /** The condition under which what is set aside takes part in merges. */
    static final String TRIED = "retry = " + Retry.ALWAYS.ordinal();

    /** Takes a change out that was applied, or lost. */
    void remove(Change change) throws SQLException {
        PreparedStatement remove = statements.statement("DELETE" + ONE);
        bindKey(remove, 1, change);
        remove.executeUpdate();
    }

    /** Notes that another reason keeps a change here. */
    void explain(Change change, Reason reason) throws SQLException {
        PreparedStatement explain = statements.statement(
                "UPDATE main.crr_quarantine SET reason = ?, retry = ? WHERE \"table\" = ? AND pk = ? AND cid = ?");
        explain.setString(1, reason.text());
        explain.setInt(2, reason.retry().ordinal());
        bindKey(explain, 3, change);
        explain.executeUpdate();
    }

    /** What has more values than a key can have will never be applied, and is held with those that fit. */
    static byte[] packedKey(Change change) {
        int size = Math.min(change.key().size(), PackedKey.MAX_VALUES);
        return PackedKey.pack(change.key().subList(0, size));
    }

    private record Present(Winner.SetAside setAside, boolean retried) {}

    private @Nullable Present find(Change change) throws SQLException {
        PreparedStatement find = statements.statement("SELECT cl, col_version, val, retry" + ONE);
        bindKey(find, 1, change);
        try (ResultSet row = find.executeQuery()) {
            return row.next()
                    ? new Present(
                            new Winner.SetAside(row.getLong(1), row.getLong(2), JdbcValues.read(row, 3)),
                            row.getInt(4) == Retry.ALWAYS.ordinal())
                    : null;
        }
    }

    /** Binds table, key and column. */
    static void bindKey(PreparedStatement statement, int first, Change change) throws SQLException {
        statement.setString(first, change.table());
        statement.setBytes(first + 1, packedKey(change));
        statement.setString(first + 2, change.cid());
    }

    /** Binds the first nine columns. */
    static void bind(PreparedStatement put, Change change) throws SQLException {
        bindKey(put, 1, change);
        JdbcValues.bind(put, 4, change.val());
        put.setLong(5, change.colVersion());
        put.setLong(6, change.dbVersion());
        put.setBytes(7, change.siteId().bytes());
        put.setLong(8, change.cl());
        put.setLong(9, change.seq());
    }

    static QuarantinedChange read(ResultSet row) throws SQLException {
        return new QuarantinedChange(
                readChange(row),
                row.getString(11),
                SiteId.of(row.getBytes(10)),
                row.getInt(12) == Retry.ALWAYS.ordinal());
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

    @Override
    public void close() throws SQLException {
        statements.close();
        stored.close();
    }
}
