package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CrrEndpointTests {

    private static RunningApplication application;

    @BeforeAll
    static void start() {
        // The application's own taste must not show.
        application = new RunningApplication(
                "management.endpoints.web.exposure.include=crr", "spring.jackson.property-naming-strategy=SNAKE_CASE");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void tellsHowThingsStand() throws Exception {
        application.service().version = 9;
        JsonNode json = json(application.get("/actuator/crr"));
        assertThat(json.path("siteId").asString()).isEqualTo("a".repeat(32));
        assertThat(json.path("epoch").asString()).isEqualTo("e".repeat(32));
        assertThat(json.path("version").asLong()).isEqualTo(9);
        assertThat(json.path("quarantined").asLong(-1)).isZero();
        assertThat(json.path("tables").toString())
                .isEqualTo("{\"deck\":{\"entity\":\"Deck\",\"key\":[\"id\"],\"columns\":[\"name\"]}}");
        JsonNode peer = json.path("peers").path(0);
        assertThat(peer.path("name").asString()).isEqualTo("away");
        assertThat(peer.path("url").asString()).isEqualTo("http://127.0.0.1:1/actuator/crr");
        assertThat(peer.path("lastSuccess").isMissingNode()
                        || peer.path("lastSuccess").isNull())
                .isTrue();
    }

    @Test
    void countsOnRequest() throws Exception {
        JsonNode json = json(application.get("/actuator/crr?detail=true"));
        assertThat(json.path("tables").toString())
                .isEqualTo(
                        "{\"deck\":{\"entity\":\"Deck\",\"key\":[\"id\"],\"columns\":[\"name\"],\"rows\":3,\"tombstones\":1}}");
        assertThat(application.get("/actuator/crr?detail=perhaps").statusCode()).isEqualTo(400);
    }

    @Test
    void synchronisesNow() throws Exception {
        for (String body : new String[] {"{}", "{\"peer\":\"away\"}"}) {
            HttpResponse<String> response = post(body);
            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode outcome = json(response).path("peers").path(0);
            assertThat(outcome.path("name").asString()).isEqualTo("away");
            assertThat(outcome.path("success").asBoolean(true)).isFalse();
            assertThat(outcome.path("error").asString()).startsWith("it cannot be reached: ConnectException");
        }
        assertThat(json(application.get("/actuator/crr"))
                        .path("peers")
                        .path(0)
                        .path("lastError")
                        .asString())
                .startsWith("it cannot be reached");
    }

    @Test
    void knowsWhichPeersItHas() throws Exception {
        HttpResponse<String> response = post("{\"peer\":\"nobody\"}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).path("detail").asString()).isEqualTo("there is no peer \"nobody\"");
    }

    @Test
    void cleansUpTombstonesOfAnExplicitGroup() throws Exception {
        String members = "a".repeat(32) + "," + "b".repeat(32);
        HttpResponse<String> response = postTombstones("{\"members\":\"" + members + "\",\"dryRun\":true}");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode json = json(response);
        assertThat(json.path("dryRun").asBoolean()).isTrue();
        assertThat(json.path("tables").toString()).isEqualTo("{\"deck\":{\"removed\":1,\"left\":0}}");
        assertThat(json.path("behind").toString())
                .isEqualTo("[{\"siteId\":\"" + "b".repeat(32) + "\",\"acknowledged\":1,\"missing\":2}]");
        assertThat(json(application.get("/actuator/crr/tombstones"))
                        .path("horizons")
                        .toString())
                .isEqualTo("[{\"siteId\":\"" + "a".repeat(32) + "\",\"run\":3,\"version\":7,\"members\":[\""
                        + "a".repeat(32) + "\"]}]");
    }

    @Test
    void aCleanUpSaysWhatItLacks() throws Exception {
        for (String body : new String[] {"{}", "{\"members\":\"\"}", "{\"members\":\"nobody\"}"}) {
            HttpResponse<String> response = postTombstones(body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).path("detail").asString()).contains("\"members\"");
        }
        HttpResponse<String> response = postTombstones("{\"members\":\"" + "b".repeat(32) + "\"}");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(json(response).path("detail").asString()).isEqualTo("this one is not among the members");
    }

    private static HttpResponse<String> postTombstones(String body) throws Exception {
        return application.post(
                "/actuator/crr/tombstones", body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return application.post(
                "/actuator/crr", body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }
}
