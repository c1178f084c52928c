package dev.crr.autoconfigure;

import dev.crr.ChangesetService;
import dev.crr.actuate.ChangesHandlerMapping;
import dev.crr.actuate.ChangesLimits;
import dev.crr.actuate.CrrEndpoint;
import dev.crr.actuate.CrrEndpointWebExtension;
import dev.crr.actuate.Served;
import dev.crr.actuate.SnapshotSource;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.CursorStore;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetCodec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.CorsEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Puts the exchange of changes beside the {@link CrrEndpoint}: on the management port, below the same path, under the same
 * exposure and access rules.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnAvailableEndpoint(endpoint = CrrEndpoint.class, exposure = EndpointExposure.WEB)
public class CrrManagementContextConfiguration {

    private static final EndpointId ID = EndpointId.of("crr");

    /**
     * Null if crr is switched off: whether its beans exist cannot be a condition yet when this one is evaluated. Declared as what it
     * is: of a bean that is made late, the container sees no other lifecycle than the declared type's.
     */
    @Bean
    @Nullable ChangesHandlerMapping crrChangesHandlerMapping(
            PathMappedEndpoints endpoints,
            EndpointAccessResolver accesses,
            ObjectProvider<CorsEndpointProperties> cors,
            ObjectProvider<ChangesetService> services,
            ObjectProvider<CursorStore> cursorStores,
            ObjectProvider<CloneWatch> cloneWatches,
            ObjectProvider<ChangesetCodec> codecs,
            ObjectProvider<ChangesLimits> limits,
            ObjectProvider<SyncLoop> loops,
            ObjectProvider<CommitWatch> commits,
            ObjectProvider<Served> served,
            ObjectProvider<SnapshotSource> snapshots,
            ObjectProvider<CrrEndpointWebExtension> endpoint) {
        String path = endpoints.getPath(ID);
        ChangesetService service = services.getIfAvailable();
        CursorStore cursors = cursorStores.getIfAvailable();
        CloneWatch clones = cloneWatches.getIfAvailable();
        ChangesetCodec codec = codecs.getIfAvailable();
        SyncLoop loop = loops.getIfAvailable();
        if (path == null || service == null || cursors == null || clones == null || codec == null || loop == null) {
            return null;
        }
        CorsEndpointProperties corsProperties = cors.getIfAvailable();
        ChangesHandlerMapping mapping = new ChangesHandlerMapping(
                path,
                accesses.accessFor(ID, Access.UNRESTRICTED),
                corsProperties == null ? null : corsProperties.toCorsConfiguration(),
                service,
                cursors,
                clones,
                codec,
                limits.getIfAvailable(() -> ChangesLimits.DEFAULTS),
                loop,
                commits.getIfAvailable(() -> CommitWatch.BLIND),
                served.getIfAvailable(() -> new Served(ExchangeObserver.NONE, loop::peers)),
                snapshots.getIfAvailable());
        endpoint.ifAvailable(mapping::answerPeersWith);
        return mapping;
    }
}
