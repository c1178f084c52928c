package dev.crr.autoconfigure;

import dev.crr.actuate.Alarms;
import dev.crr.actuate.CrrHealthIndicator;
import dev.crr.sync.SyncLoop;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health of replication, {@code crr} in the health endpoint. */
@AutoConfiguration(after = CrrSyncAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("crr")
@ConditionalOnBean({Alarms.class, SyncLoop.class})
public final class CrrHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "crrHealthIndicator")
    CrrHealthIndicator crrHealthIndicator(Alarms alarms, SyncLoop loop) {
        return new CrrHealthIndicator(alarms, loop::peers);
    }
}
