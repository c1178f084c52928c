package dev.crr.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;
import org.springframework.web.client.RestClient;

/**
 * The HTTP client for peers. Never the application's: a builder, customizer, interceptor, request factory or mapper that is a bean
 * was made for other services, and could send their credentials to a peer, or our requests to them. Observations only watch.
 */
final class PeerHttp {

    private static final String NAME = "management.observations.http.client.requests.name";

    private PeerHttp() {}

    static RestClient.Builder builder(BeanFactory beans, Environment environment) {
        return RestClient.builder()
                .observationRegistry(
                        beans.getBeanProvider(ObservationRegistry.class).getIfUnique(() -> ObservationRegistry.NOOP))
                .observationConvention(beans.getBeanProvider(ClientRequestObservationConvention.class)
                        .getIfUnique(() -> new DefaultClientRequestObservationConvention(
                                environment.getProperty(NAME, "http.client.requests"))));
    }
}
