package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Instance;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Looks at an application the way people and machines do that watch over it: health, metrics, status. */
final class Operator {

    private final Instance instance;

    Operator(Instance instance) {
        this.instance = instance;
    }

    /** Lets an instance be watched. */
    static Instance watched(Instance instance) {
        return instance.with(
                "management.endpoints.web.exposure.include=crr,health,prometheus",
                "management.endpoint.health.show-details=always",
                // One connection, so that what a test does to it hits all.
                "spring.datasource.hikari.maximum-pool-size=1",
                "spring.datasource.hikari.connection-timeout=1000");
    }

    HttpResponse<String> get(String path) {
        return instance.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + instance.port() + "/actuator/" + path))
                        .build());
    }

    JsonNode health() {
        return Instance.json(get("health/crr"));
    }

    List<String> alarms() {
        return health().path("details")
                .path("alarms")
                .valueStream()
                .map(alarm -> alarm.path("code").asString())
                .toList();
    }

    /** All the places that tell of alarms tell of this one only; and whether the instance is out of service. */
    void awaitOnly(AlarmKind kind, String message) {
        await().untilAsserted(() -> {
            assertThat(alarms()).containsExactly(kind.code());
            assertThat(health().path("details")
                            .path("alarms")
                            .path(0)
                            .path("message")
                            .asString())
                    .contains(message);
            assertThat(health().path("status").asString()).isEqualTo(kind.down() ? "DOWN" : "DEGRADED");
            assertThat(get("health/crr").statusCode()).isEqualTo(kind.down() ? 503 : 200);
            assertThat(get("health").statusCode()).isEqualTo(kind.down() ? 503 : 200);
            assertThat(Instance.json(get("health")).path("status").asString()).isEqualTo(kind.down() ? "DOWN" : "UP");
            String scrape = scrape();
            for (AlarmKind each : AlarmKind.values()) {
                assertThat(metric(scrape, "crr_alarms{alarm=\"" + each.code() + "\"}"))
                        .isEqualTo(each == kind ? 1 : 0);
            }
        });
    }

    void awaitAllIsWell() {
        await().untilAsserted(() -> {
            assertThat(health().path("details").path("alarms").size()).isZero();
            assertThat(health().path("status").asString()).isEqualTo("UP");
            assertThat(get("health").statusCode()).isEqualTo(200);
            String scrape = scrape();
            for (AlarmKind each : AlarmKind.values()) {
                assertThat(metric(scrape, "crr_alarms{alarm=\"" + each.code() + "\"}"))
                        .isZero();
            }
            assertThat(instance.status().path("alarms").size()).isZero();
        });
    }

    String scrape() {
        return get("prometheus").body();
    }

    /** The value of a series, named as in a scrape; NaN if there is none. */
    double metric(String series) {
        return metric(scrape(), series);
    }

    private static double metric(String scrape, String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(Double.NaN);
    }
}
