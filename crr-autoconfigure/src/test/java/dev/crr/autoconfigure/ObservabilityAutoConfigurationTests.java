package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.actuate.Alarms;
import dev.crr.actuate.CrrHealthIndicator;
import dev.crr.actuate.CrrMetrics;
import dev.crr.actuate.ExchangeObservationConvention;
import dev.crr.actuate.MicrometerExchangeObserver;
import dev.crr.shapes.Note;
import dev.crr.sync.Direction;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.SyncLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ObservabilityAutoConfigurationTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void useAFile() {
        runner = Entities.runner(directory.resolve("file").toString(), Note.class)
                .withConfiguration(AutoConfigurations.of(
                        CrrHealthAutoConfiguration.class,
                        CrrMetricsAutoConfiguration.class,
                        CrrObservationAutoConfiguration.class,
                        CrrSyncAutoConfiguration.class))
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
    }

    @Test
    void offersHealthMetersAndObservations() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            assertThat(context)
                    .hasSingleBean(Alarms.class)
                    .hasSingleBean(CrrMetrics.class)
                    .hasSingleBean(MicrometerExchangeObserver.class);
            assertThat(context.getBean(CrrHealthIndicator.class).health().getStatus())
                    .isEqualTo(Status.UP);
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getBean(CrrMetrics.class).bindTo(meters);
            assertThat(meters.get("crr.quarantined").gauge().value()).isZero();
        });
    }

    @Test
    void exchangesWithoutMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(SyncLoop.class)
                        .hasSingleBean(CrrHealthIndicator.class)
                        .doesNotHaveBean(ExchangeObserver.class)
                        .doesNotHaveBean("crrMetrics"));
    }

    @Test
    void observesEvenIfNobodyCounts() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(ExchangeObserver.class).doesNotHaveBean(CrrMetrics.class);
            ExchangeObserver observer = context.getBean(ExchangeObserver.class);
            observer.bytes("a", Direction.IN, 1);
            Changeset changeset = new Changeset(SiteId.parse("a".repeat(32)), null, 0, 0, null, null, false, List.of());
            assertThat(observer.apply(changeset, () -> "done")).isEqualTo("done");
        });
    }

    @Test
    void healthCanBeSwitchedOff() {
        runner.withPropertyValues("management.health.crr.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CrrHealthIndicator.class));
    }

    @Test
    void nothingIsWatchedWhenDisabled() {
        runner.withPropertyValues("crr.enabled=false")
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Alarms.class)
                        .doesNotHaveBean(CrrMetrics.class)
                        .doesNotHaveBean(CrrHealthIndicator.class));
    }

    @Test
    void beansOfTheUsersOwnWin() {
        HealthIndicator health = () -> null;
        ExchangeObserver observer = new ExchangeObserver() {};
        runner.withBean("crrHealthIndicator", HealthIndicator.class, () -> health)
                .withBean(ExchangeObserver.class, () -> observer)
                .run(context -> {
                    assertThat(context.getBean(HealthIndicator.class)).isSameAs(health);
                    assertThat(context.getBean(ExchangeObserver.class)).isSameAs(observer);
                });
    }

    @Test
    void aConventionOfTheUsersOwnNamesObservations() {
        AtomicReference<String> seen = new AtomicReference<>();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                seen.set(context.getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        ExchangeObservationConvention convention = new ExchangeObservationConvention() {
            @Override
            public String getName() {
                return "mine";
            }
        };
        runner.withBean(ObservationRegistry.class, () -> registry)
                .withBean(ExchangeObservationConvention.class, () -> convention)
                .run(context -> {
                    context.getBean(ExchangeObserver.class).pull("a", () -> {});
                    assertThat(seen).hasValue("mine");
                });
    }

    @Test
    void refusesNegativeLimits() {
        for (String property : new String[] {"crr.health.stuck-after=-1s", "crr.health.min-free-space=-1B"}) {
            runner.withPropertyValues(property)
                    .run(context -> assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContaining(property.substring(0, property.indexOf('='))));
        }
    }
}
