package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.sync.PeerState;
import dev.crr.sync.SyncLoop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.springframework.dao.DataAccessException;

/** Gauges of how replication stands. Each costs a small query at most, and nothing between two scrapes. */
public final class CrrMetrics implements MeterBinder {

    private final ChangesetService service;
    private final SyncLoop loop;
    private final Alarms alarms;
    private final Clock clock;
    private final Instant start;

    /**
     * @param service this database
     * @param loop its peers
     * @param alarms what is wrong
     * @param clock tells the time
     */
    public CrrMetrics(ChangesetService service, SyncLoop loop, Alarms alarms, Clock clock) {
        this.service = service;
        this.loop = loop;
        this.alarms = alarms;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("crr.version", () -> number(service::version))
                .description("Number of the last change in this database")
                .register(registry);
        Gauge.builder("crr.quarantined", () -> number(service::quarantined))
                .description("Changes that are set aside because they cannot be applied")
                .baseUnit("changes")
                .register(registry);
        for (AlarmKind kind : AlarmKind.values()) {
            Gauge.builder("crr.alarms", () -> count(kind))
                    .description("Alarms that are raised")
                    .tag("alarm", kind.code())
                    .register(registry);
        }
        for (PeerState.Condition condition : PeerState.Condition.values()) {
            Gauge.builder("crr.peers", () -> count(condition))
                    .description("Configured peers by condition")
                    .tag("condition", condition.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (PeerState peer : loop.peers()) {
            bindTo(registry, peer.name());
        }
    }

    private void bindTo(MeterRegistry registry, String peer) {
        Gauge.builder("crr.peer.connected", () -> of(peer, CrrMetrics::connected))
                .description("1 if the last exchange with the peer succeeded, else 0")
                .tag("peer", peer)
                .register(registry);
        Gauge.builder("crr.peer.lag", () -> of(peer, CrrMetrics::lag))
                .description("The peer's versions that are still to be received")
                .baseUnit("versions")
                .tag("peer", peer)
                .register(registry);
        Gauge.builder("crr.peer.success.age", () -> of(peer, this::age))
                .description("Time since an exchange with the peer last succeeded, or since the start")
                .baseUnit("seconds")
                .tag("peer", peer)
                .register(registry);
    }

    private double of(String name, ToDoubleFunction<PeerState> value) {
        return loop.peers().stream()
                .filter(peer -> peer.name().equals(name))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double connected(PeerState peer) {
        return peer.condition() == PeerState.Condition.CONNECTED ? 1 : 0;
    }

    private static double lag(PeerState peer) {
        return peer.lag() == null ? Double.NaN : peer.lag();
    }

    private double age(PeerState peer) {
        Instant since = peer.lastSuccess() == null ? start : peer.lastSuccess();
        return Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
    }

    private double count(AlarmKind kind) {
        return alarms.current().stream().filter(alarm -> alarm.kind() == kind).count();
    }

    private double count(PeerState.Condition condition) {
        return loop.peers().stream()
                .filter(peer -> peer.condition() == condition)
                .count();
    }

    private double number(LongSupplier query) {
        if (count(AlarmKind.DATABASE_FAILING) > 0) {
            return Double.NaN; // after waiting once for a connection, and not for each gauge
        }
        try {
            return query.getAsLong();
        } catch (DataAccessException e) {
            return Double.NaN; // the alarms say why
        }
    }
}
