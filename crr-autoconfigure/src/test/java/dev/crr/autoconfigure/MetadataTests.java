package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tools and Boot read off the jar. An annotation processor that was not run leaves no other trace. */
class MetadataTests {

    @Test
    void everyPropertyIsDescribed() throws IOException {
        try (InputStream json = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(json).isNotNull();
            JsonNode properties = new JsonMapper().readTree(json).get("properties");
            List<String> names = properties
                    .valueStream()
                    .map(property -> property.get("name").stringValue())
                    .filter(name -> name.startsWith("crr."))
                    .toList();
            assertThat(names)
                    .contains(
                            "crr.enabled",
                            "crr.peers",
                            "crr.sync.interval",
                            "crr.sync.batch-size",
                            "crr.sync.connect-timeout",
                            "crr.sync.read-timeout",
                            "crr.sync.max-body-size",
                            "crr.sync.max-changes",
                            "crr.health.stuck-after",
                            "crr.health.min-free-space",
                            "crr.sqlite.read-only-pool.enabled",
                            "crr.sqlite.read-only-pool.maximum-size");
            assertThat(properties.valueStream())
                    .allSatisfy(
                            property -> assertThat(property.path("description").asString(""))
                                    .as(property.get("name").stringValue())
                                    .isNotBlank());
        }
    }

    @Test
    void autoConfigurationsAreListedSortedAndConditionsIndexed() throws IOException {
        List<String> listed =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("dev.crr."))
                        .toList();
        assertThat(listed)
                .isSorted()
                .containsExactlyInAnyOrder(
                        CrrAutoConfiguration.class.getName(),
                        CrrDataSourceAutoConfiguration.class.getName(),
                        CrrEndpointAutoConfiguration.class.getName(),
                        CrrHealthAutoConfiguration.class.getName(),
                        CrrMetricsAutoConfiguration.class.getName(),
                        CrrObservationAutoConfiguration.class.getName(),
                        CrrSchemaAutoConfiguration.class.getName(),
                        CrrSnapshotAutoConfiguration.class.getName(),
                        CrrSyncAutoConfiguration.class.getName());
        try (InputStream index = getClass().getResourceAsStream("/META-INF/spring-autoconfigure-metadata.properties")) {
            assertThat(index).isNotNull();
            Properties conditions = new Properties();
            conditions.load(index);
            // Without actuator the condition itself cannot be loaded, so the index must rule the class out before.
            assertThat(conditions.getProperty(CrrEndpointAutoConfiguration.class.getName() + ".ConditionalOnClass"))
                    .isEqualTo(ConditionalOnAvailableEndpoint.class.getName());
            assertThat(conditions.getProperty(CrrHealthAutoConfiguration.class.getName() + ".ConditionalOnClass"))
                    .isEqualTo(ConditionalOnEnabledHealthIndicator.class.getName());
        }
    }

    @Test
    void dataJpaTestsIncludeThemAll() throws IOException {
        assertThat(lines("org.springframework.boot.data.jpa.test.autoconfigure.AutoConfigureDataJpa.imports"))
                .isSorted()
                .contains(
                        "optional:" + CrrAutoConfiguration.class.getName(),
                        "optional:" + CrrDataSourceAutoConfiguration.class.getName(),
                        "optional:" + CrrSchemaAutoConfiguration.class.getName())
                .allMatch(line -> ClassUtils.isPresent(line.substring("optional:".length()), null));
    }

    private List<String> lines(String file) throws IOException {
        try (InputStream input = getClass().getResourceAsStream("/META-INF/spring/" + file)) {
            assertThat(input).isNotNull();
            return new String(input.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
