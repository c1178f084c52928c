package dev.crr.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Properties under {@code crr}.
 *
 * @param enabled Whether to track changes of tables mapped by @Crr entities.
 * @param peers Databases to exchange changes with, each with its url, credentials and direction.
 * @param sync Exchange of changes with the peers.
 * @param sqlite Connections to SQLite.
 * @param health What counts as healthy.
 * @param snapshot Copies of the whole database for new instances.
 * @param bootstrap Beginning of a new instance.
 * @param tombstones What is remembered of deleted rows.
 */
@ConfigurationProperties("crr")
record CrrProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<Peer> peers,
        @DefaultValue Sync sync,
        @DefaultValue Sqlite sqlite,
        @DefaultValue Health health,
        @DefaultValue Snapshot snapshot,
        @DefaultValue Bootstrap bootstrap,
        @DefaultValue Tombstones tombstones) {

    CrrProperties {
        peers = List.copyOf(peers);
    }

    /**
     * A database to exchange changes with.
     *
     * @param name Name in logs, metrics and status, unique among the peers. Host and port of the url if not set.
     * @param url Address of the peer's endpoint, such as http://host:8080/actuator/crr.
     * @param username User name for HTTP basic authentication.
     * @param password Password for HTTP basic authentication.
     * @param bearerToken Token to send as bearer token.
     * @param sslBundle Name of the SSL bundle to connect with.
     * @param pull Whether to fetch the peer's changes.
     * @param push Whether to send changes to the peer.
     */
    record Peer(
            @Nullable String name,
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @Nullable String bearerToken,
            @Nullable String sslBundle,
            @DefaultValue("true") boolean pull,
            @DefaultValue("true") boolean push) {

        /** Leaves the credentials out. */
        @Override
        public String toString() {
            return "Peer[name=" + name + ", url=" + url + ", pull=" + pull + ", push=" + push + "]";
        }
    }

    /**
     * How to exchange changes.
     *
     * @param interval Time to wait between two rounds of exchange with the peers.
     * @param batchSize Number of changes in one piece of a long exchange.
     * @param maxApplyTime Longest time to apply one piece of a long exchange, about, while local writers wait.
     * @param connectTimeout Time to wait for a connection to a peer.
     * @param readTimeout Time to wait until all of a peer's answer, or of a changeset sent here, has arrived.
     * @param maxBodySize Largest changeset to accept, uncompressed.
     * @param maxChanges Largest number of changes in one changeset, sent or received.
     * @param maxQuarantined Largest number of changes of one sender that may be in quarantine.
     * @param maxQuarantinedBytes Largest size of the changes of one sender that may be in quarantine.
     * @param live Whether to exchange changes as soon as they are committed, and not in rounds only.
     * @param maxBackoff Longest time to leave a peer alone that fails again and again.
     * @param maxHeld Largest number of peers' requests that wait here for changes at a time.
     */
    record Sync(
            @DefaultValue("5s") Duration interval,
            @DefaultValue("20000") int batchSize,
            @DefaultValue("100ms") Duration maxApplyTime,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("60s") Duration readTimeout,
            @DefaultValue("64MB") DataSize maxBodySize,
            @DefaultValue("100000") int maxChanges,
            @DefaultValue("10000") int maxQuarantined,
            @DefaultValue("256MB") DataSize maxQuarantinedBytes,
            @DefaultValue("true") boolean live,
            @DefaultValue("1m") Duration maxBackoff,
            @DefaultValue("256") int maxHeld) {

        Sync {
            // A scheduler counts in milliseconds at best.
            require("interval", interval, interval.toMillis() > 0, "It must be at least a millisecond.");
            require("batch-size", batchSize, batchSize > 0, "It must be at least 1.");
            require("max-apply-time", maxApplyTime, maxApplyTime.toMillis() > 0, "It must be at least a millisecond.");
            require(
                    "connect-timeout",
                    connectTimeout,
                    connectTimeout.toMillis() > 0,
                    "It must be at least a millisecond.");
            require("read-timeout", readTimeout, readTimeout.toMillis() > 0, "It must be at least a millisecond.");
            require("max-body-size", maxBodySize, maxBodySize.toBytes() > 0, "It must be at least a byte.");
            require("max-changes", maxChanges, maxChanges > 0, "It must be at least 1.");
            require("max-quarantined", maxQuarantined, maxQuarantined >= 0, "It must not be negative.");
            require(
                    "max-quarantined-bytes",
                    maxQuarantinedBytes,
                    maxQuarantinedBytes.toBytes() >= 0,
                    "It must not be negative.");
            require("max-backoff", maxBackoff, maxBackoff.toMillis() > 0, "It must be at least a millisecond.");
            require("max-held", maxHeld, maxHeld >= 0, "It must not be negative.");
        }

        private static void require(String property, Object value, boolean valid, String reason) {
            if (!valid) {
                throw new InvalidConfigurationPropertyValueException("crr.sync." + property, value, reason);
            }
        }
    }

    /**
     * When to raise an alarm.
     *
     * @param stuckAfter Time for which exchanges with a peer may fail.
     * @param minFreeSpace Space that must be free on the disk of the database, in addition to what the database has.
     */
    record Health(
            @DefaultValue("15m") Duration stuckAfter,
            @DefaultValue("10MB") DataSize minFreeSpace) {

        Health {
            require("stuck-after", stuckAfter, !stuckAfter.isNegative());
            require("min-free-space", minFreeSpace, !minFreeSpace.isNegative());
        }

        private static void require(String property, Object value, boolean valid) {
            if (!valid) {
                throw new InvalidConfigurationPropertyValueException(
                        "crr.health." + property, value, "It must not be negative.");
            }
        }
    }

    /**
     * How to connect to SQLite. Settings of the driver itself are spring.datasource.hikari.data-source-properties.
     *
     * @param readOnlyPool Connections for read-only transactions.
     */
    record Sqlite(@DefaultValue ReadOnlyPool readOnlyPool) {}

    /**
     * A second pool beside each Hikari pool of a SQLite file.
     *
     * @param enabled Whether read-only transactions use connections of their own, which wait for no writer and cannot write.
     * @param maximumSize Largest number of read-only connections. That of the main pool if not set.
     */
    record ReadOnlyPool(
            @DefaultValue("false") boolean enabled,
            @Nullable Integer maximumSize) {

        ReadOnlyPool {
            if (maximumSize != null && maximumSize < 1) {
                throw new InvalidConfigurationPropertyValueException(
                        "crr.sqlite.read-only-pool.maximum-size", maximumSize, "It must be at least 1.");
            }
        }
    }

    /**
     * Copies of the whole database, for new instances to begin from.
     *
     * @param enabled Whether to hand out snapshots at the endpoint, to whoever may read all replicated tables.
     * @param localTables Local tables whose rows go along, such as those of migration tools.
     */
    record Snapshot(
            @DefaultValue("false") boolean enabled,

            @DefaultValue({"flyway_schema_history", "DATABASECHANGELOG", "DATABASECHANGELOGLOCK"})
            List<String> localTables) {

        Snapshot {
            localTables = List.copyOf(localTables);
        }
    }

    /**
     * How a new instance begins.
     *
     * @param from Name of the peer whose snapshot to begin from if the database file does not exist yet.
     * @param timeout Time to wait until all of the snapshot has arrived.
     */
    record Bootstrap(
            @Nullable String from, @DefaultValue("1h") Duration timeout) {

        Bootstrap {
            if (timeout.toMillis() < 1) {
                throw new InvalidConfigurationPropertyValueException(
                        "crr.bootstrap.timeout", timeout, "It must be at least a millisecond.");
            }
        }
    }

    /**
     * What is remembered of deleted rows.
     *
     * @param cleanupEnabled Whether tombstones may be cleaned up on demand.
     */
    record Tombstones(@DefaultValue("false") boolean cleanupEnabled) {}
}
