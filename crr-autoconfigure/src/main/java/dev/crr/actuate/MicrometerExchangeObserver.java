package dev.crr.actuate;

import dev.crr.SiteId;
import dev.crr.sync.Direction;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.PeerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what is exchanged, and observes the steps of it. */
public final class MicrometerExchangeObserver implements ExchangeObserver {

    private final MeterProvider<Counter> changes;
    private final MeterProvider<Counter> bytes;
    private final ObservationRegistry observations;
    private final @Nullable ExchangeObservationConvention convention;
    private final PeerNames names;

    /**
     * @param meters where to count
     * @param observations where to observe
     * @param convention how to name observations; null for the default
     * @param peers how things stand with the configured peers
     */
    public MicrometerExchangeObserver(
            MeterRegistry meters,
            ObservationRegistry observations,
            @Nullable ExchangeObservationConvention convention,
            Supplier<List<PeerState>> peers) {
        this.changes = Counter.builder("crr.exchange.changes")
                .description("Changes that came or went")
                .baseUnit("changes")
                .withRegistry(meters);
        this.bytes = Counter.builder("crr.exchange.bytes")
                .description("Bytes of bodies that came or went, compressed as they are on the wire")
                .baseUnit("bytes")
                .withRegistry(meters);
        this.observations = observations;
        this.convention = convention;
        this.names = new PeerNames(peers);
    }

    @Override
    public void pull(String peer, Runnable work) {
        observation(ExchangeContext.Step.PULL, peer).observe(work);
    }

    @Override
    public void push(String peer, Runnable work) {
        observation(ExchangeContext.Step.PUSH, peer).observe(work);
    }

    @Override
    public <T> T apply(SiteId sender, Supplier<T> work) {
        return observation(ExchangeContext.Step.APPLY, names.of(sender)).observe(work);
    }

    @Override
    public void changes(String peer, Direction direction, long count) {
        changes.withTags(tags(peer, direction)).increment((double) count);
    }

    @Override
    public void bytes(String peer, Direction direction, long count) {
        bytes.withTags(tags(peer, direction)).increment((double) count);
    }

    private Observation observation(ExchangeContext.Step step, String peer) {
        return Observation.createNotStarted(
                convention, ExchangeObservationConvention.DEFAULT, () -> new ExchangeContext(step, peer), observations);
    }

    private static Tags tags(String peer, Direction direction) {
        return Tags.of("peer", peer, "direction", direction.name().toLowerCase(Locale.ROOT));
    }
}
