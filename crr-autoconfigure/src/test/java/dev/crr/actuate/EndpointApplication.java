package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.CursorStore;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.Peer;
import dev.crr.sync.RecordingChangesetService;
import dev.crr.sync.ReplicaIdentity;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncSettings;
import dev.crr.wire.ChangesetCodec;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/** An application with actuator and the endpoint, over a database that answers as it is told. */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    TomcatServletManagementContextAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    EndpointAutoConfiguration.class,
    JacksonEndpointAutoConfiguration.class,
    WebEndpointAutoConfiguration.class,
    ServletManagementContextAutoConfiguration.class,
    ManagementContextAutoConfiguration.class
})
class EndpointApplication {

    @Bean
    RecordingChangesetService changesetService() {
        return new RecordingChangesetService();
    }

    @Bean
    CursorStore cursorStore(RecordingChangesetService service) {
        return service.cursors;
    }

    @Bean
    ChangesetCodec changesetJson() {
        return new ChangesetCodec(5);
    }

    @Bean
    ChangesLimits changesLimits() {
        return new ChangesLimits(10_000, Duration.ofMinutes(1), 100, 2);
    }

    @Bean
    ReplicaIdentity replicaIdentity(RecordingChangesetService service) {
        return service.identity;
    }

    @Bean
    CloneWatch cloneWatch(ReplicaIdentity identity) {
        return new CloneWatch(identity);
    }

    @Bean
    SyncLoop syncLoop(
            ChangesetService service,
            CursorStore cursors,
            CloneWatch watch,
            ChangesetCodec json,
            ApplicationEventPublisher events) {
        // Port 1 is where nobody listens.
        return new SyncLoop(
                List.of(new Peer("away", URI.create("http://127.0.0.1:1/actuator/crr"))),
                service,
                cursors,
                watch,
                json,
                RestClient.builder(),
                null,
                new SyncSettings(
                        Duration.ofHours(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        10,
                        Duration.ofSeconds(1),
                        10_000),
                events,
                CommitWatch.BLIND,
                null,
                ExchangeObserver.NONE);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    CrrEndpoint crrEndpoint(ChangesetService service, SyncLoop loop, ReplicaIdentity identity) {
        Served served = new Served(ExchangeObserver.NONE, loop::peers);
        return new CrrEndpoint(
                service,
                loop,
                identity,
                new Alarms(service, loop, served, identity, List::of, Duration.ofMinutes(15), Clock.systemUTC()));
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    CrrEndpointWebExtension crrEndpointWebExtension(CrrEndpoint endpoint, ChangesetService service) {
        return new CrrEndpointWebExtension(endpoint, service);
    }
}
