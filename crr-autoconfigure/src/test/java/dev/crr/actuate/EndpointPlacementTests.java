package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the handlers are to be found, and who may use them. */
class EndpointPlacementTests {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=crr";
    private static final byte[] EMPTY =
            "{\"siteId\":\"00112233445566778899aabbccddeeff\",\"since\":0,\"version\":1,\"changes\":[]}"
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void isOnTheApplicationsPort() throws Exception {
        try (RunningApplication application = new RunningApplication(EXPOSED)) {
            assertThat(application.managementPort()).isEqualTo(application.port());
            assertServes(application, "/actuator/crr");
        }
    }

    @Test
    void isOnThePortForManagement() throws Exception {
        try (RunningApplication application = new RunningApplication(EXPOSED, "management.server.port=0")) {
            assertThat(application.managementPort()).isNotEqualTo(application.port());
            assertServes(application, "/actuator/crr");
            URI elsewhere = URI.create("http://localhost:" + application.port() + "/actuator/crr/changes");
            assertThat(application
                            .send(HttpRequest.newBuilder(elsewhere).build())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "management.server.port=0"})
    void followsConfiguredPaths(String port) throws Exception {
        try (RunningApplication application = new RunningApplication(
                EXPOSED,
                port,
                "management.endpoints.web.base-path=/manage",
                "management.endpoints.web.path-mapping.crr=replica")) {
            assertServes(application, "/manage/replica");
            assertThat(application.get("/actuator/crr/changes").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isAtTheRootOfAPortForManagement() throws Exception {
        try (RunningApplication application =
                new RunningApplication(EXPOSED, "management.server.port=0", "management.endpoints.web.base-path=/")) {
            assertServes(application, "/crr");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "management.server.port=0"})
    void isNotThereUnlessExposed(String port) throws Exception {
        try (RunningApplication application =
                new RunningApplication(port, "management.endpoints.web.exposure.include=health")) {
            assertStatus(application, 404, 404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "management.server.port=0"})
    void canBeReadOnly(String port) throws Exception {
        try (RunningApplication application =
                new RunningApplication(EXPOSED, port, "management.endpoint.crr.access=read-only")) {
            assertStatus(application, 200, 405);
        }
    }

    @Test
    void canBeReadOnlyLikeAllOthers() throws Exception {
        try (RunningApplication application =
                new RunningApplication(EXPOSED, "management.endpoints.access.max-permitted=read-only")) {
            assertStatus(application, 200, 405);
        }
    }

    @Test
    void isNotThereByDefault() throws Exception {
        try (RunningApplication application = new RunningApplication()) {
            assertStatus(application, 404, 404);
        }
    }

    @Test
    void isNotThereWithoutAccess() throws Exception {
        try (RunningApplication application = new RunningApplication(EXPOSED, "management.endpoint.crr.access=none")) {
            assertStatus(application, 404, 404);
        }
    }

    @Test
    void letsBrowsersInAsConfigured() throws Exception {
        try (RunningApplication application =
                new RunningApplication(EXPOSED, "management.endpoints.web.cors.allowed-origins=http://phone.example")) {
            assertThat(application
                            .get("/actuator/crr/changes", "Origin", "http://phone.example")
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .hasValue("http://phone.example");
            assertThat(application
                            .get("/actuator/crr/changes", "Origin", "http://other.example")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    private static void assertServes(RunningApplication application, String path) throws Exception {
        assertThat(application.get(path).statusCode()).isEqualTo(200);
        assertThat(application.get(path + "/changes").statusCode()).isEqualTo(200);
        assertThat(application
                        .post(path + "/changes", EMPTY, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(200);
        assertThat(application.service().applied).hasSize(1);
    }

    private static void assertStatus(RunningApplication application, int get, int post) throws Exception {
        assertThat(application.get("/actuator/crr").statusCode()).isEqualTo(get);
        assertThat(application.get("/actuator/crr/changes").statusCode()).isEqualTo(get);
        assertThat(application
                        .post("/actuator/crr/changes", EMPTY, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(post);
    }
}
