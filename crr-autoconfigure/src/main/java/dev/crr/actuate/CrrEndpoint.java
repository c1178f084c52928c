package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.CrrException;
import dev.crr.PeerRules;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.sync.NoSuchPeerException;
import dev.crr.sync.ReplicaIdentity;
import dev.crr.sync.SyncLoop;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** Tells how replication stands, and starts an exchange with the peers on demand. Thread-safe. */
@Endpoint(id = CrrEndpoint.ID)
public class CrrEndpoint {

    static final String ID = "crr";

    private static final int LISTED = 100;

    private final ChangesetService service;
    private final SyncLoop loop;
    private final ReplicaIdentity identity;
    private final Alarms alarms;

    /**
     * @param service this database
     * @param loop its peers
     * @param identity who it is
     * @param alarms what is wrong
     */
    public CrrEndpoint(ChangesetService service, SyncLoop loop, ReplicaIdentity identity, Alarms alarms) {
        this.service = service;
        this.loop = loop;
        this.identity = identity;
        this.alarms = alarms;
    }

    /**
     * Tells how things stand.
     *
     * @param detail whether to count rows, at a cost that grows with the tables
     * @return the status
     */
    @ReadOperation
    public CrrStatus status(@Nullable Boolean detail) {
        return status(detail, null);
    }

    CrrStatus status(@Nullable Boolean detail, @Nullable PeerRules rules) {
        Map<String, RowCounts> counts = Boolean.TRUE.equals(detail) ? service.rowCounts() : Map.of();
        Map<String, CrrStatus.Table> tables = new LinkedHashMap<>();
        for (ReplicatedTable table : service.tables()) {
            CrrStatus.Table told =
                    CrrStatus.Table.of(table, counts.get(table.name())).under(rules, table.name());
            if (told != null) {
                tables.put(table.name(), told);
            }
        }
        return new CrrStatus(
                service.siteId().toString(),
                service.epoch().toString(),
                service.version(),
                rules == null ? null : rules.name(),
                tables,
                service.quarantined(),
                loop.paused(),
                loop.peers().stream().map(CrrStatus.Peer::of).toList(),
                alarms.current().stream().map(CrrStatus.AlarmEntry::of).toList(),
                identity.lastTaken(),
                clones());
    }

    /**
     * Exchanges changes now and waits until that is done.
     *
     * @param peer the name of one peer; null for all
     * @return the outcome per peer
     * @throws InvalidEndpointRequestException if there is no such peer
     */
    @WriteOperation
    public SyncReport sync(@Nullable String peer) {
        try {
            return syncWith(peer);
        } catch (NoSuchPeerException e) {
            String message = String.valueOf(e.getMessage());
            throw new InvalidEndpointRequestException(message, message);
        }
    }

    SyncReport syncWith(@Nullable String peer) {
        return new SyncReport(
                loop.syncNow(peer).stream().map(SyncReport.Outcome::of).toList());
    }

    /**
     * Lists something.
     *
     * @param part {@code quarantine} for quarantined changes, {@code tombstones} for the clean-ups of tombstones
     * @param limit how many quarantined changes at most; null for 100
     * @return the changes with their reasons, or the clean-ups that this database has behind it; null for any other part
     */
    @ReadOperation
    public @Nullable OperationResponseBody list(@Selector String part, @Nullable Integer limit) {
        return list(part, limit, null);
    }

    @Nullable OperationResponseBody list(String part, @Nullable Integer limit, @Nullable PeerRules rules) {
        if (part.equals("tombstones")) {
            return TombstoneAnswer.of(service.horizons());
        }
        return isQuarantine(part) ? report(limit == null ? LISTED : Math.max(0, limit), rules) : null;
    }

    /**
     * Does something by name.
     *
     * @param part {@code quarantine} to try quarantined changes again, {@code pause} to exchange nothing until {@code resume},
     *     {@code tombstones} to clean them up
     * @param peer whom to pause or resume; null for everybody
     * @param members the site ids of all databases of the group, for a clean-up
     * @param dryRun whether only to tell what a clean-up would do
     * @return what is left in quarantine, what is paused now, or what was cleaned up; null for any other part
     * @throws InvalidEndpointRequestException if there is no such peer
     */
    @WriteOperation
    public @Nullable OperationResponseBody act(
            @Selector String part, @Nullable String peer, @Nullable List<String> members, @Nullable Boolean dryRun) {
        try {
            return actOn(part, peer, members, dryRun, null);
        } catch (NoSuchPeerException | RefusedRequestException | IllegalStateException e) {
            String message = String.valueOf(e.getMessage());
            throw new InvalidEndpointRequestException(message, message);
        }
    }

    @Nullable OperationResponseBody actOn(
            String part,
            @Nullable String peer,
            @Nullable List<String> members,
            @Nullable Boolean dryRun,
            @Nullable PeerRules rules) {
        switch (part) {
            case "quarantine" -> {
                service.retryQuarantine();
                return report(LISTED, rules);
            }
            case "tombstones" -> {
                return cleanTombstones(members, Boolean.TRUE.equals(dryRun));
            }
            case "pause" -> loop.pause(peer);
            case "resume" -> loop.resume(peer);
            default -> {
                return null;
            }
        }
        return PauseReport.of(loop);
    }

    /**
     * Gives quarantined changes up.
     *
     * @param part must be {@code quarantine}
     * @param table of which table; null for all
     * @return what is left, null for any other part
     */
    @DeleteOperation
    public @Nullable QuarantineReport clear(@Selector String part, @Nullable String table) {
        return clear(part, table, null);
    }

    @Nullable QuarantineReport clear(String part, @Nullable String table, @Nullable PeerRules rules) {
        if (!isQuarantine(part)) {
            return null;
        }
        service.clearQuarantine(table);
        return report(LISTED, rules);
    }

    private TombstoneAnswer cleanTombstones(@Nullable List<String> members, boolean dryRun) {
        Set<SiteId> sites = new LinkedHashSet<>();
        for (String member : members == null ? List.<String>of() : members) {
            try {
                sites.add(SiteId.parse(member));
            } catch (IllegalArgumentException e) {
                throw RefusedRequestException.parameter(
                        "members", "be site ids of 32 lower-case hexadecimal digits each");
            }
        }
        if (sites.isEmpty()) {
            throw RefusedRequestException.parameter("members", "name all databases of the group by their site ids");
        }
        try {
            return TombstoneAnswer.of(service.cleanTombstones(sites, dryRun), service.horizons());
        } catch (CrrException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The asker sees of it what it may read of its table. */
    private QuarantineReport report(int limit, @Nullable PeerRules rules) {
        return new QuarantineReport(
                service.quarantined(),
                service.quarantine(limit).stream()
                        .filter(held -> rules == null
                                || rules.reading(held.change().table()).allows(held.change()))
                        .map(QuarantineReport.Entry::of)
                        .toList());
    }

    private static boolean isQuarantine(String part) {
        return part.equals("quarantine");
    }

    private Map<String, String> clones() {
        Map<String, String> clones = new LinkedHashMap<>();
        identity.clones().forEach((copy, former) -> clones.put(copy.toString(), former.toString()));
        return clones;
    }
}
