package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class ConfiguredPeersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Peers.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CrrProperties.class)
    static class Peers {

        @Bean
        ConfiguredPeers peers(CrrProperties properties) {
            return ConfiguredPeers.of(properties);
        }
    }

    @Test
    void thereAreNoneByDefault() {
        runner.run(context -> {
            assertThat(context.getBean(ConfiguredPeers.class).peers()).isEmpty();
            CrrProperties properties = context.getBean(CrrProperties.class);
            assertThat(properties.enabled()).isTrue();
            assertThat(properties.sync().interval()).hasSeconds(5);
            assertThat(properties.sync().batchSize()).isEqualTo(20_000);
            assertThat(properties.sync().connectTimeout()).hasSeconds(5);
            assertThat(properties.sync().readTimeout()).hasSeconds(60);
            assertThat(properties.sync().maxBodySize()).isEqualTo(DataSize.ofMegabytes(64));
            assertThat(properties.sync().maxChanges()).isEqualTo(100_000);
        });
    }

    @Test
    void namesComeFromTheUrlUnlessGiven() {
        runner.withPropertyValues(
                        "crr.peers[0].url=http://one:8080/actuator/crr",
                        "crr.peers[1].url=https://two/actuator/crr",
                        "crr.peers[2].url=http://one:8080/other/crr",
                        "crr.peers[3].url=http://four/crr",
                        "crr.peers[3].name=west",
                        "crr.peers[3].push=false")
                .run(context -> {
                    ConfiguredPeers peers = context.getBean(ConfiguredPeers.class);
                    assertThat(peers.peers())
                            .extracting(ConfiguredPeers.ConfiguredPeer::name)
                            .containsExactly("one:8080", "two", "peer-3", "west");
                    assertThat(peers.peers().get(3).settings().push()).isFalse();
                    assertThat(peers.peers().get(3).settings().pull()).isTrue();
                });
    }

    @Test
    void credentialsDoNotShow() {
        runner.withPropertyValues(
                        "crr.peers[0].url=http://one/crr", "crr.peers[0].username=user", "crr.peers[0].password=secret")
                .run(context -> assertThat(context.getBean(CrrProperties.class).toString())
                        .contains("http://one/crr")
                        .doesNotContain("secret"));
    }

    @Test
    void refusesWhatCannotBeMeant() {
        fails("crr.peers[0].url", "crr.peers[0].name=one");
        fails("crr.peers[0].url", "crr.peers[0].url=/actuator/crr");
        fails("crr.peers[0].url", "crr.peers[0].url=ftp://one/crr");
        fails("crr.peers[0].url", "crr.peers[0].url=http://a b/crr");
        fails("crr.peers[0]", "crr.peers[0].url=http://user:secret@one/crr");
        fails("crr.peers[0]", "crr.peers[0].url=http://one/crr?token=secret");
        fails("crr.peers[0]", "crr.peers[0].url=http://one/crr#secret");
        fails("crr.peers[0].name", "crr.peers[0].url=http://one/crr", "crr.peers[0].name= ");
        fails(
                "crr.peers[1].name",
                "crr.peers[0].url=http://one/crr",
                "crr.peers[0].name=one",
                "crr.peers[1].url=http://two/crr",
                "crr.peers[1].name=one");
        fails(
                "crr.peers[0]",
                "crr.peers[0].url=http://one/crr",
                "crr.peers[0].username=user",
                "crr.peers[0].password=secret",
                "crr.peers[0].bearer-token=token");
        fails("crr.peers[0].password", "crr.peers[0].url=http://one/crr", "crr.peers[0].username=user");
        fails("crr.peers[0].username", "crr.peers[0].url=http://one/crr", "crr.peers[0].password=secret");
    }

    private void fails(String property, String... values) {
        runner.withPropertyValues(values)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                            assertThat(failure.getName()).isEqualTo(property);
                            assertThat(String.valueOf(failure.getValue())).doesNotContain("secret");
                        }));
    }

    @Test
    void refusesNumbersThatMakeNoSenseByTheNameOfTheProperty() {
        for (String setting : new String[] {
            "interval=0s",
            "interval=1us",
            "batch-size=0",
            "connect-timeout=-1s",
            "read-timeout=0s",
            "max-body-size=0B",
            "max-changes=0",
            "max-quarantined=-1",
            "max-quarantined-bytes=-1B"
        }) {
            String property = "crr.sync." + setting.substring(0, setting.indexOf('='));
            runner.withPropertyValues("crr.sync." + setting)
                    .run(context -> assertThat(context.getStartupFailure())
                            .rootCause()
                            .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                            .hasMessageContaining(property));
        }
    }
}
