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
     * @param connectTimeout Time to wait for a connection to a peer.
     * @param readTimeout Time to wait for a peer's answer.
     * @param maxBodySize Largest changeset to accept, uncompressed.
     * @param maxChanges Largest number of changes in one changeset, sent or received.
     * @param maxQuarantined Largest number of changes of one sender that may be in quarantine.
     */
    record Sync(
            @DefaultValue("5s") Duration interval,
            @DefaultValue("20000") int batchSize,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("60s") Duration readTimeout,
            @DefaultValue("64MB") DataSize maxBodySize,
            @DefaultValue("100000") int maxChanges,
            @DefaultValue("10000") int maxQuarantined) {

        Sync {
            // A scheduler counts in milliseconds at best.
            require("interval", interval, interval.toMillis() > 0, "It must be at least a millisecond.");
            require("batch-size", batchSize, batchSize > 0, "It must be at least 1.");
            require(
                    "connect-timeout",
                    connectTimeout,
                    connectTimeout.toMillis() > 0,
                    "It must be at least a millisecond.");
            require("read-timeout", readTimeout, readTimeout.toMillis() > 0, "It must be at least a millisecond.");
            require("max-body-size", maxBodySize, maxBodySize.toBytes() > 0, "It must be at least a byte.");
            require("max-changes", maxChanges, maxChanges > 0, "It must be at least 1.");
            require("max-quarantined", maxQuarantined, maxQuarantined >= 0, "It must not be negative.");
        }

        private static void require(String property, Object value, boolean valid, String reason) {
            if (!valid) {
                throw new InvalidConfigurationPropertyValueException("crr.sync." + property, value, reason);
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
     * @param enabled Whether to hand out snapshots at the endpoint: all replicated tables, whatever a change policy says.
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
