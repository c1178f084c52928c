package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.RestlessTriggers;
import dev.crr.sync.Fault;
import dev.crr.sync.PeerState;
import dev.crr.sync.PeerStateChangedEvent;
import dev.crr.sync.ReplicaIdentity;
import dev.crr.sync.SyncLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;

/** Everything that somebody should look at. Thread-safe. */
public final class Alarms {

    /** Health probes, scrapes and people may ask at the same time, each for several things. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    /** Longer than a start takes, migrations and all. */
    private static final Duration A_START = Duration.ofMinutes(5);

    /** Long enough for whoever comes to work the next morning. */
    private static final Duration A_DAY = Duration.ofDays(1);

    private final ChangesetService service;
    private final SyncLoop loop;
    private final Served served;
    private final ReplicaIdentity identity;
    private final DatabaseCheck database;
    private final Duration stuckAfter;
    private final Clock clock;
    private final FailingSince failingSince = new FailingSince();
    private @Nullable Instant schemaOpenSince;

    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Found found;

    private record Found(List<Alarm> alarms, Instant at) {}

    /**
     * @param service this database
     * @param loop its peers
     * @param served those who call us
     * @param identity who we are
     * @param database checks the file
     * @param stuckAfter for how long a peer may fail
     * @param clock tells the time
     */
    public Alarms(
            ChangesetService service,
            SyncLoop loop,
            Served served,
            ReplicaIdentity identity,
            DatabaseCheck database,
            Duration stuckAfter,
            Clock clock) {
        this.service = service;
        this.loop = loop;
        this.served = served;
        this.identity = identity;
        this.database = database;
        this.stuckAfter = stuckAfter;
        this.clock = clock;
    }

    @EventListener
    void note(PeerStateChangedEvent event) {
        failingSince.note(event.state(), clock.instant());
    }

    /**
     * Looks for all that is wrong now. What was found less than a second ago is not looked for again, and who comes while another
     * looks is told what was found before: a disk that hangs must not let all who ask hang with it.
     *
     * @return the alarms, our own database's first
     */
    public List<Alarm> current() {
        if (looking.tryLock()) {
            try {
                Instant now = clock.instant();
                Found before = found;
                if (before == null || Duration.between(before.at(), now).abs().compareTo(KEPT) >= 0) {
                    found = new Found(List.copyOf(find(now)), clock.instant());
                }
            } finally {
                looking.unlock();
            }
        }
        Found latest = found;
        return latest == null ? List.of() : latest.alarms();
    }

    private List<Alarm> find(Instant now) {
        List<Alarm> alarms = new ArrayList<>(database.run());
        if (!isOpenForLong(alarms, now)) {
            alarms.removeIf(alarm -> alarm.kind() == AlarmKind.SCHEMA_CHANGE_OPEN);
        }
        for (PeerState peer : loop.peers()) {
            AlarmKind kind = kind(peer, now);
            if (kind != null) {
                alarms.add(new Alarm(kind, peer.name(), message(peer)));
            }
            if (peer.skipped() > 0 && kind != AlarmKind.ROW_TOO_LARGE) {
                alarms.add(new Alarm(
                        AlarmKind.ROW_TOO_LARGE,
                        peer.name(),
                        peer.skipped()
                                + " rows were left out since the start, because one side finds them too large, or their"
                                + " versions are out of bounds; the log names them"));
            }
        }
        String refusal = served.refusedWithin(stuckAfter);
        if (refusal != null) {
            alarms.add(new Alarm(AlarmKind.QUARANTINE_FULL, null, refusal));
        }
        boolean failing = alarms.stream().anyMatch(alarm -> alarm.kind() == AlarmKind.DATABASE_FAILING);
        if (!failing) {
            addNewSiteId(alarms, now);
        }
        long quarantined = failing ? 0 : quarantined();
        if (quarantined > 0) {
            alarms.add(new Alarm(
                    AlarmKind.QUARANTINE_NOT_EMPTY,
                    null,
                    quarantined + " changes cannot be applied here and are set aside; GET quarantine lists them"));
        }
        RestlessTriggers restless = service.restless();
        if (restless != null) {
            alarms.add(new Alarm(AlarmKind.RESTLESS, null, message(restless)));
        }
        return alarms;
    }

    private static String message(RestlessTriggers restless) {
        return "the last " + restless.merges() + " merges into " + String.join(", ", restless.tables())
                + " all made edits, though nobody writes: instances answer each other for ever. Let the triggers "
                + String.join(", ", restless.triggers())
                + " keep still during a merge, on all instances: WHEN (SELECT merging FROM crr_state) IS NULL";
    }

    private boolean isOpenForLong(List<Alarm> alarms, Instant now) {
        boolean open = alarms.stream().anyMatch(alarm -> alarm.kind() == AlarmKind.SCHEMA_CHANGE_OPEN);
        if (!open) {
            schemaOpenSince = null;
        } else if (schemaOpenSince == null) {
            schemaOpenSince = now;
        }
        return schemaOpenSince != null && Duration.between(schemaOpenSince, now).compareTo(A_START) > 0;
    }

    private @Nullable AlarmKind kind(PeerState peer, Instant now) {
        Fault fault = peer.fault();
        if (fault == null || peer.condition() != PeerState.Condition.FAILING) {
            return null;
        }
        return switch (fault) {
            case CLONE -> AlarmKind.CLONE_FOUND;
            case TOO_LARGE -> AlarmKind.ROW_TOO_LARGE;
            case QUARANTINE_FULL -> AlarmKind.QUARANTINE_FULL;
            // Where all instances are given the same list of peers.
            case ITSELF -> null;
            default -> isStuck(peer, now) ? AlarmKind.PEER_STUCK : null;
        };
    }

    private boolean isStuck(PeerState peer, Instant now) {
        Instant since = failingSince.of(peer.name());
        return since != null && Duration.between(since, now).compareTo(stuckAfter) > 0;
    }

    private String message(PeerState peer) {
        Instant since = failingSince.of(peer.name());
        return (since == null ? "" : "since " + since + ": ") + peer.lastError();
    }

    /** It healed by itself, but somebody should know that a file was copied. */
    private void addNewSiteId(List<Alarm> alarms, Instant now) {
        String taken;
        try {
            taken = identity.lastTaken();
        } catch (DataAccessException e) {
            return; // The check of the database says why.
        }
        if (taken != null && Duration.between(Instant.parse(taken), now).compareTo(A_DAY) < 0) {
            alarms.add(new Alarm(
                    AlarmKind.CLONE_FOUND,
                    null,
                    "this database and a copy of it were in use side by side, so it took a new site id at " + taken));
        }
    }

    /** None if they cannot be counted: then the check of the database says why. */
    private long quarantined() {
        try {
            return service.quarantined();
        } catch (DataAccessException e) {
            return 0;
        }
    }
}
