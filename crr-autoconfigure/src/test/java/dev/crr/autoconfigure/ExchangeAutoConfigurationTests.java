package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.crr.ChangesetService;
import dev.crr.actuate.ChangesLimits;
import dev.crr.actuate.CrrEndpoint;
import dev.crr.actuate.CrrEndpointWebExtension;
import dev.crr.shapes.Note;
import dev.crr.sync.CursorStore;
import dev.crr.sync.PeerState;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetCodec;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ExchangeAutoConfigurationTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void useAFile() {
        runner = Entities.runner(directory.resolve("file").toString(), Note.class)
                .withConfiguration(AutoConfigurations.of(
                        EndpointAutoConfiguration.class,
                        CrrEndpointAutoConfiguration.class,
                        CrrSyncAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update", "management.endpoints.web.exposure.include=crr");
    }

    @Test
    void offersLoopAndEndpoint() {
        runner.withPropertyValues("crr.sync.max-body-size=1KB", "crr.sync.max-changes=7")
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(ChangesetCodec.class)
                            .hasSingleBean(CrrEndpoint.class)
                            .hasSingleBean(CrrEndpointWebExtension.class);
                    assertThat(context.getBean(SyncLoop.class).isRunning()).isTrue();
                    assertThat(context.getBean(SyncLoop.class).peers()).isEmpty();
                    assertThat(context.getBean(ChangesLimits.class))
                            .isEqualTo(new ChangesLimits(1024, Duration.ofSeconds(60), 7, 256));
                });
    }

    @Test
    void passesPeersOn() {
        runner.withPropertyValues(
                        "crr.peers[0].url=http://localhost:1/actuator/crr",
                        "crr.peers[0].name=west",
                        "crr.peers[0].bearer-token=secret",
                        "crr.peers[1].url=http://localhost:2/actuator/crr/")
                .run(context -> {
                    SyncLoop loop = context.getBean(SyncLoop.class);
                    assertThat(loop.peers()).extracting(PeerState::name).containsExactly("west", "localhost:2");
                    assertThat(loop.peers())
                            .extracting(peer -> peer.url().toString())
                            .containsExactly("http://localhost:1/actuator/crr", "http://localhost:2/actuator/crr");
                });
    }

    @Test
    void aPeerWithoutItsSslBundleFails() {
        runner.withPropertyValues("crr.peers[0].url=https://localhost:1/actuator/crr", "crr.peers[0].ssl-bundle=none")
                .run(context -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools.jackson.databind",
                "org.springframework.web.client.RestClient",
                "org.springframework.boot.http.client"
            })
    void doesNotExchangeWithoutTheMeans(String missing) {
        runner.withClassLoader(new FilteredClassLoader(missing))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(ChangesetService.class)
                        .doesNotHaveBean(SyncLoop.class)
                        .doesNotHaveBean(CrrEndpoint.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crr.enabled=false", "management.endpoint.crr.access=NONE"})
    void theEndpointCanBeSwitchedOff(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CrrEndpoint.class)
                        .doesNotHaveBean(CrrEndpointWebExtension.class));
        runner.withPropertyValues("crr.enabled=false")
                .run(context ->
                        assertThat(context).doesNotHaveBean(SyncLoop.class).doesNotHaveBean(CursorStore.class));
    }

    @Test
    void doesNothingWhenDisabled() {
        runner.withPropertyValues("crr.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(SyncLoop.class)
                        .doesNotHaveBean(CursorStore.class)
                        .doesNotHaveBean(ChangesetCodec.class));
    }

    @Test
    void theEndpointMustBeExposed() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context ->
                        assertThat(context).hasSingleBean(SyncLoop.class).doesNotHaveBean(CrrEndpoint.class));
    }

    @Test
    void beansOfTheUsersOwnWin() {
        ChangesetCodec json = new ChangesetCodec(3);
        ChangesLimits limits = new ChangesLimits(5, Duration.ofSeconds(60), 5, 256);
        CrrEndpoint endpoint = mock(CrrEndpoint.class);
        runner.withBean(ChangesetCodec.class, () -> json)
                .withBean(ChangesLimits.class, () -> limits)
                .withBean(CrrEndpoint.class, () -> endpoint)
                .run(context -> {
                    assertThat(context.getBean(ChangesetCodec.class)).isSameAs(json);
                    assertThat(context.getBean(ChangesLimits.class)).isSameAs(limits);
                    assertThat(context.getBean(CrrEndpoint.class)).isSameAs(endpoint);
                });
    }
}
