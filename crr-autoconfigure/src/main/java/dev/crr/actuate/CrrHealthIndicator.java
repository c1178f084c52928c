package dev.crr.actuate;

import dev.crr.sync.PeerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code DOWN} if this instance cannot do its work, {@link #DEGRADED} if replication wants attention but the instance serves its
 * users: a peer that is away must neither restart it nor take it out of a load balancer.
 */
public final class CrrHealthIndicator extends AbstractHealthIndicator {

    /** Answered with 200, and left out where Spring Boot aggregates, unless {@code management.endpoint.health.status} says otherwise. */
    public static final Status DEGRADED = new Status("DEGRADED");

    private final Alarms alarms;
    private final Supplier<List<PeerState>> peers;

    /**
     * @param alarms what is wrong
     * @param peers how things stand with the peers
     */
    public CrrHealthIndicator(Alarms alarms, Supplier<List<PeerState>> peers) {
        super("The health of crr could not be told");
        this.alarms = alarms;
        this.peers = peers;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<Alarm> current = alarms.current();
        builder.status(status(current));
        builder.withDetail(
                "alarms", current.stream().map(CrrStatus.AlarmEntry::of).toList());
        Map<String, String> conditions = new LinkedHashMap<>();
        for (PeerState peer : peers.get()) {
            conditions.put(peer.name(), peer.condition().name().toLowerCase(Locale.ROOT));
        }
        builder.withDetail("peers", conditions);
    }

    private static Status status(List<Alarm> alarms) {
        if (alarms.stream().anyMatch(alarm -> alarm.kind().down())) {
            return Status.DOWN;
        }
        return alarms.isEmpty() ? Status.UP : DEGRADED;
    }
}
