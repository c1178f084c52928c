package dev.crr.autoconfigure;

import dev.crr.ChangesetService;
import dev.crr.actuate.Alarms;
import dev.crr.actuate.ChangesLimits;
import dev.crr.actuate.CrrEndpoint;
import dev.crr.actuate.CrrEndpointWebExtension;
import dev.crr.sync.ReplicaIdentity;
import dev.crr.sync.SyncLoop;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoint {@code crr}. The handlers that exchange changes stand beside it, see
 * {@link CrrManagementContextConfiguration}.
 */
@AutoConfiguration(after = CrrSyncAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(CrrEndpoint.class)
@ConditionalOnBean({ChangesetService.class, SyncLoop.class})
public final class CrrEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CrrEndpoint crrEndpoint(ChangesetService service, SyncLoop loop, ReplicaIdentity identity, Alarms alarms) {
        return new CrrEndpoint(service, loop, identity, alarms);
    }

    @Bean
    @ConditionalOnMissingBean
    CrrEndpointWebExtension crrEndpointWebExtension(CrrEndpoint endpoint, ChangesetService service) {
        return new CrrEndpointWebExtension(endpoint, service);
    }

    @Bean
    @ConditionalOnMissingBean
    ChangesLimits crrChangesLimits(CrrProperties properties) {
        return new ChangesLimits(
                properties.sync().maxBodySize().toBytes(),
                properties.sync().readTimeout(),
                properties.sync().maxChanges(),
                properties.sync().live() ? properties.sync().maxHeld() : 0);
    }
}
