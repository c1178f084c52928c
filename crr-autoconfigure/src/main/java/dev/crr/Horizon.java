package dev.crr;

import java.util.Map;

/**
 * A clean-up of tombstones that a database has behind it: what it sends tells no more of the rows whose deletion was forgotten
 * then. Only databases that have the clean-up behind them too may exchange changes with it.
 *
 * @param siteId the database that ran the clean-up
 * @param run which of its clean-ups, from 1
 * @param version that database's version up to which every member of the group had everything
 * @param members the group, and the version of each up to which {@code version} covers its changes; empty where whoever asks has
 *     been told already
 */
public record Horizon(SiteId siteId, long run, long version, Map<SiteId, Long> members) {

    public Horizon {
        if (run < 1 || version < 0 || members.values().stream().anyMatch(received -> received < 0)) {
            throw new IllegalArgumentException("run must be positive, versions must not be negative");
        }
        members = Map.copyOf(members);
    }
}
