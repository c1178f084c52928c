package dev.crr.autoconfigure;

import dev.crr.actuate.ExchangeObservationConvention;
import dev.crr.actuate.MicrometerExchangeObserver;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.SyncLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what is measured while changes are exchanged: counters, timers and spans. */
@AutoConfiguration
@ConditionalOnClass({MeterRegistry.class, ObservationRegistry.class})
public final class CrrObservationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(ExchangeObserver.class)
    MicrometerExchangeObserver crrExchangeObserver(
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ExchangeObservationConvention> convention,
            ObjectProvider<SyncLoop> loop) {
        return new MicrometerExchangeObserver(
                meters.getIfUnique(() -> all(meters)),
                observations.getIfUnique(() -> ObservationRegistry.NOOP),
                convention.getIfAvailable(),
                // Asked for late, because the loop is what is observed.
                () -> {
                    SyncLoop observed = loop.getIfAvailable();
                    return observed == null ? List.of() : observed.peers();
                });
    }

    /** Boot has a primary one, except without its module for metrics. One without parts counts nothing. */
    private static MeterRegistry all(ObjectProvider<MeterRegistry> meters) {
        CompositeMeterRegistry all = new CompositeMeterRegistry();
        meters.forEach(all::add);
        return all;
    }
}
