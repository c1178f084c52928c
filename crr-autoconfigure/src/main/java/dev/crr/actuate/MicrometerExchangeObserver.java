package dev.crr.actuate;

import dev.crr.Changeset;
import dev.crr.sync.Direction;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.PeerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
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
    public <T> T apply(Changeset changeset, Supplier<T> work) {
        String peer = names.of(changeset.siteId());
        T result = observation(ExchangeContext.Step.APPLY, peer).observe(work);
        count(changes, peer, Direction.IN, changeset.changes().size());
        return result;
    }

    @Override
    public void pushed(String peer, long count) {
        count(changes, peer, Direction.OUT, count);
    }

    @Override
    public void bytes(String peer, Direction direction, long count) {
        count(bytes, peer, direction, count);
    }

    private Observation observation(ExchangeContext.Step step, String peer) {
        return Observation.createNotStarted(
                convention, ExchangeObservationConvention.DEFAULT, () -> new ExchangeContext(step, peer), observations);
    }

    private static void count(MeterProvider<Counter> counters, String peer, Direction direction, long count) {
        counters.withTags("peer", peer, "direction", direction.name().toLowerCase(Locale.ROOT))
                .increment((double) count);
    }
}
