package dev.crr.engine;

import dev.crr.Epoch;
import dev.crr.UnknownVersionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which versions were given out in which stretch of this database's history. */
final class Epochs {

    private Epochs() {}

    static Epoch current(Connection connection) throws SQLException {
        return Queries.list(
                        connection,
                        "SELECT id FROM main.crr_epoch ORDER BY ordinal DESC LIMIT 1",
                        row -> Epoch.of(row.getBytes(1)))
                .get(0);
    }

    /** The epoch in which a version was given out; version 0 belongs to the first. */
    static Epoch of(Connection connection, long version) throws SQLException {
        List<Epoch> found = Queries.list(connection, """
                SELECT id FROM main.crr_epoch WHERE start_version < ?1 OR (?1 = 0 AND ordinal = (SELECT min(ordinal) FROM main.crr_epoch))
                ORDER BY ordinal DESC LIMIT 1""", row -> Epoch.of(row.getBytes(1)), version);
        return found.isEmpty() ? current(connection) : found.get(0);
    }

    static boolean known(Connection connection, Epoch epoch) throws SQLException {
        return Queries.exists(connection, "SELECT 1 FROM main.crr_epoch WHERE id = ?", epoch.bytes());
    }

    /**
     * Checks that a version somebody asks from is one of ours. If it is not, this file was restored from an older copy, and the
     * asker has seen more of it than there is.
     *
     * @param current the last version given out
     * @throws UnknownVersionException if it is not
     */
    static void check(Connection connection, long since, @Nullable Epoch epoch, long current) throws SQLException {
        if (epoch == null) {
            if (since > current) {
                throw unknown("version " + since + " was never given out; the last one is " + current, current);
            }
            return;
        }
        Long end = end(connection, epoch, current);
        if (end == null) {
            throw unknown("epoch " + epoch + " was never here", 0);
        }
        if (since > end) {
            throw unknown("version " + since + " is past the end of epoch " + epoch + " at " + end, end);
        }
    }

    /**
     * How much of this database somebody has who came to a version in an epoch. If this file was restored from an older copy since,
     * that is where its history and the one that was lost part; nothing if it never was in that epoch.
     *
     * @param epoch null if it is not known
     */
    static long reached(Connection connection, long version, @Nullable Epoch epoch) throws SQLException {
        long current = Queries.number(connection, "SELECT version FROM main.crr_state");
        Long end = epoch == null ? Long.valueOf(current) : end(connection, epoch, current);
        return end == null ? 0 : Math.min(version, end);
    }

    /**
     * What goes for the epoch of a version at which a piece of more was cut. What it leaves out has later versions now, and had
     * others in an older copy of this file; so the version holds only as long as this file is no older than it is now. To others it
     * is an epoch like any other: the first half of the present one, and the version that this database is at.
     */
    static Epoch mark(Connection connection, long current) throws SQLException {
        return new Epoch(current(connection).high(), current);
    }

    /** The last version of an epoch, null if this file never was in it, or is older than what is marked. */
    private static @Nullable Long end(Connection connection, Epoch epoch, long current) throws SQLException {
        Long end = last(connection, epoch, epoch, current);
        if (end != null) {
            return end;
        }
        Long ofMarked = last(connection, new Epoch(epoch.high(), 0), new Epoch(epoch.high(), -1), current);
        return ofMarked != null && 0 <= epoch.low() && epoch.low() <= ofMarked ? ofMarked : null;
    }

    /** The last version of the first epoch between two, null if there is none. */
    private static @Nullable Long last(Connection connection, Epoch least, Epoch greatest, long current)
            throws SQLException {
        List<Long> ordinal = Queries.list(
                connection,
                "SELECT ordinal FROM main.crr_epoch WHERE id BETWEEN ? AND ?",
                row -> row.getLong(1),
                least.bytes(),
                greatest.bytes());
        return ordinal.isEmpty()
                ? null
                : Queries.list(
                                connection,
                                "SELECT start_version FROM main.crr_epoch WHERE ordinal > ? ORDER BY ordinal LIMIT 1",
                                row -> row.getLong(1),
                                ordinal.get(0))
                        .stream()
                        .findFirst()
                        .orElse(current);
    }

    private static UnknownVersionException unknown(String message, long resume) {
        return new UnknownVersionException(
                message + ". This database may have been restored from an older copy.", resume);
    }
}
