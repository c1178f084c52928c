package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Beans that an application has for itself are none of ours: they change neither what goes to a peer nor to whom it goes. */
@Timeout(300)
class ForeignBeansTests {

    /** All that a peer needs, in lower case. */
    private static final Set<String> OURS = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "host",
            "user-agent");

    @TempDir
    Path folder;

    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final Set<String> headers = Collections.synchronizedSet(new TreeSet<>());

    private Instance instance(String name) {
        Instance instance = new Instance(folder.resolve(name));
        instances.add(instance);
        return instance;
    }

    /** Somebody who is called, and writes down the headers. */
    private Instance called() {
        return instance("called")
                .with("management.endpoint.crr.access=unrestricted", "crr.snapshot.enabled=true")
                .withBean(Filter.class, () -> (request, response, chain) -> {
                    Collections.list(((HttpServletRequest) request).getHeaderNames())
                            .forEach(name -> headers.add(name.toLowerCase(Locale.ROOT)));
                    chain.doFilter(request, response);
                })
                .start(Note.class);
    }

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoBuilders {

        @Bean
        RestClient.Builder weather() {
            return RestClient.builder().baseUrl("https://weather.example");
        }

        @Bean
        RestClient.Builder billing() {
            return RestClient.builder().baseUrl("https://billing.example");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneWithCredentials {

        @Bean
        RestClient.Builder billing() {
            return RestClient.builder()
                    .baseUrl("https://billing.example")
                    .defaultHeader("Authorization", "Bearer of-billing")
                    .defaultHeader("X-Api-Key", "of-billing");
        }
    }

    /** As one that is load-balanced: the host is the name of a service. */
    @Configuration(proxyBeanMethods = false)
    static class APrimaryThatLeadsElsewhere {

        @Bean
        @Primary
        RestClient.Builder balanced() {
            return RestClient.builder().requestInterceptor((request, body, execution) -> {
                throw new IllegalStateException("no instances available for " + request.getURI());
            });
        }

        @Bean
        RestClient.Builder plain() {
            return RestClient.builder();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EverythingElse {

        @Bean
        RestClientCustomizer customizer() {
            return builder -> builder.defaultHeader("X-Api-Key", "of-billing")
                    .defaultStatusHandler(status -> true, (request, response) -> {
                        throw new IllegalStateException("all statuses are failures");
                    });
        }

        @Bean
        ClientHttpRequestInterceptor interceptor() {
            return (request, body, execution) -> {
                request.getHeaders().add("X-Interceptor", "of-billing");
                return execution.execute(request, body);
            };
        }

        @Bean
        ClientHttpRequestFactory nowhere() {
            return (uri, method) -> {
                throw new IllegalStateException("not for " + uri);
            };
        }

        @Bean
        ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> nowhereEither() {
            return settings -> nowhere();
        }

        @Bean
        HttpClientSettings settings() {
            return HttpClientSettings.defaults();
        }

        @Bean
        @Primary
        JsonMapper snakes() {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();
        }

        @Bean
        JsonMapper kebabs() {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                TwoBuilders.class,
                OneWithCredentials.class,
                APrimaryThatLeadsElsewhere.class,
                EverythingElse.class
            })
    void nothingOfThemReachesAPeer(Class<?> beans) {
        Instance called = called();
        called.write("theirs");
        Instance caller = instance("caller").withBeans(beans).withPeer(called).start(Note.class);
        caller.write("ours");
        caller.syncWell();
        assertThat(called.texts()).containsExactly("ours", "theirs");
        assertThat(caller.texts()).containsExactly("ours", "theirs");

        Instance begins = instance("begins")
                .withBeans(beans)
                .withPeer(called)
                .with("crr.bootstrap.from=called")
                .start(Note.class);
        assertThat(begins.texts()).containsExactly("ours", "theirs");

        assertThat(headers).contains("host").isSubsetOf(OURS);
    }

    @ParameterizedTest
    @ValueSource(classes = {TwoBuilders.class, OneWithCredentials.class, APrimaryThatLeadsElsewhere.class})
    void anApplicationWithoutPeersStarts(Class<?> beans) {
        assertThat(instance("alone")
                        .withBeans(beans)
                        .start(Note.class)
                        .service()
                        .version())
                .isZero();
    }

    @Test
    void requestsToPeersAreObserved() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                seen.add(context.getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        Instance caller = instance("caller")
                .withBean(ObservationRegistry.class, () -> registry)
                .withPeer(called())
                .start(Note.class);
        caller.syncWell();
        assertThat(seen).contains("http.client.requests");
    }

    /** Of a message broker, which Boot's own for JPA gives way to. */
    @Configuration(proxyBeanMethods = false)
    static class OfABroker {

        @Bean
        PlatformTransactionManager messages() {
            return new Messages();
        }
    }

    private static final class Messages extends AbstractPlatformTransactionManager
            implements ResourceTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        public Object getResourceFactory() {
            return URI.create("broker://localhost");
        }

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    @Test
    void aTransactionManagerOfSomethingElseDoesNotMerge() {
        Instance called = called();
        called.write("theirs");
        Instance caller =
                instance("caller").withBeans(OfABroker.class).withPeer(called).start(Note.class);
        caller.syncWell();
        assertThat(caller.texts()).containsExactly("theirs");
    }
}
