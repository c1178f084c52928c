package dev.crr;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A clean-up of tombstones that a database has behind it: what it sends tells no more of the rows whose deletion was forgotten
 * then. Only databases that have the clean-up behind them too may exchange changes with it.
 *
 * @param siteId the database that ran the clean-up
 * @param run which of its clean-ups, from 1
 * @param version that database's version up to which every member of the group had everything
 * @param members the group, and the version of each up to which {@code version} covers its changes; empty where whoever asks has
 *     been told already
 * @param epochs the epochs in which these versions were given out, each by its site, as far as known; that of {@code siteId} belongs
 *     to {@code version}
 */
public record Horizon(SiteId siteId, long run, long version, Map<SiteId, Long> members, Map<SiteId, Epoch> epochs) {

    public Horizon {
        if (run < 1 || version < 0 || members.values().stream().anyMatch(received -> received < 0)) {
            throw new IllegalArgumentException("run must be positive, versions must not be negative");
        }
        members = Map.copyOf(members);
        epochs = Map.copyOf(epochs);
    }

    /** A clean-up by a database that does not tell its epochs. */
    public Horizon(SiteId siteId, long run, long version, Map<SiteId, Long> members) {
        this(siteId, run, version, members, Map.of());
    }

    /**
     * When {@code version} was given out.
     *
     * @return the epoch, null if it is not known
     */
    public @Nullable Epoch epoch() {
        return epochs.get(siteId);
    }
}
