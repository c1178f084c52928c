package dev.crr.autoconfigure;

import dev.crr.ChangesetService;
import dev.crr.actuate.Alarms;
import dev.crr.actuate.CrrMetrics;
import dev.crr.sync.SyncLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of gauges that tell how replication stands. */
@AutoConfiguration(
        after = CrrSyncAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({Alarms.class, MeterRegistry.class, SyncLoop.class})
public final class CrrMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CrrMetrics crrMetrics(ChangesetService service, SyncLoop loop, Alarms alarms) {
        return new CrrMetrics(service, loop, alarms, Clock.systemUTC());
    }
}
