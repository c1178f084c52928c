package dev.crr.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** {@code EndpointRequest.to("crr")} covers all there is below the endpoint, wherever that is. */
@Timeout(300)
class EndpointSecurityTests {

    private static final String EMPTY =
            "{\"siteId\":\"" + "5".repeat(32) + "\",\"since\":0,\"version\":1,\"changes\":[]}";

    private static final List<String> PATHS = List.of(
            "",
            "/",
            "/changes",
            "/changes/",
            "/changes?since=0",
            "/quarantine",
            "/snapshot",
            "/pause",
            "/resume",
            "/whatever/may/come");

    @TempDir
    Path folder;

    private Instance instance;

    @AfterEach
    void stop() {
        instance.close();
    }

    private void start(Class<?> recipe, String... properties) {
        instance = new Instance(folder.resolve("file"))
                .secured(recipe)
                .with(properties)
                .start(Note.class);
    }

    private int status(String method, URI uri, String user, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!user.isEmpty()) {
            byte[] both = (user + ":s3cret").getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
        }
        return instance.send(request.build()).statusCode();
    }

    private void assertCovered(String base) {
        for (String path : PATHS) {
            for (String method : List.of("GET", "POST", "DELETE", "PUT", "HEAD")) {
                assertThat(status(method, URI.create(base + path), "", "{}"))
                        .as(method + " " + path)
                        .isEqualTo(401);
            }
        }
        assertThat(status("GET", URI.create(base + "/changes"), "beta", "")).isEqualTo(200);
        assertThat(status("POST", URI.create(base + "/changes"), "beta", EMPTY)).isEqualTo(200);
    }

    @Test
    void coversEverythingBelowTheEndpoint() {
        start(BasicRecipe.class);
        assertCovered("http://localhost:" + instance.port() + "/actuator/crr");
    }

    @Test
    void coversItUnderAnotherPathAndAContextPath() {
        start(
                BasicRecipe.class,
                "server.servlet.context-path=/app",
                "management.endpoints.web.base-path=/manage",
                "management.endpoints.web.path-mapping.crr=replica");
        assertCovered("http://localhost:" + instance.port() + "/app/manage/replica");
    }

    @Test
    void coversItOnThePortForManagement() {
        start(BasicRecipe.class, "management.server.port=0", "management.server.base-path=/admin");
        int port = instance.context().getEnvironment().getRequiredProperty("local.management.port", Integer.class);
        assertThat(port).isNotEqualTo(instance.port());
        assertCovered("http://localhost:" + port + "/admin/actuator/crr");
    }

    @Test
    void noOtherSpellingOfThePathGetsAround() throws IOException {
        start(BasicRecipe.class);
        for (String path : List.of(
                "/actuator/crr/changes;a=b",
                "/actuator/crr;a=b/changes",
                "/actuator//crr/changes",
                "//actuator/crr/changes",
                "/actuator/./crr/changes",
                "/actuator/x/../crr/changes",
                "/actuator/crr%2fchanges",
                "/actuator/%63rr/changes",
                "/actuator/crr/%63hanges",
                "/actuator/CRR/changes",
                "/actuator\\crr\\changes",
                "/actuator/crr/changes%00",
                "/actuator/crr/changes.json")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .matches("(?s)HTTP/1.1 (400|401|404) .*")
                    .doesNotContain("siteId");
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", instance.port()));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void peersExchangeAndOperatorsOperate() {
        start(OperatorsRecipe.class);
        String base = instance.uri("").toString();
        assertThat(List.of(
                        status("GET", URI.create(base), "beta", ""),
                        status("GET", URI.create(base + "/changes"), "beta", ""),
                        status("POST", URI.create(base + "/changes"), "beta", EMPTY),
                        status("GET", URI.create(base), "olga", ""),
                        status("POST", URI.create(base), "olga", "{}"),
                        status("GET", URI.create(base + "/quarantine"), "olga", ""),
                        status("POST", URI.create(base + "/pause"), "olga", "{}"),
                        status("POST", URI.create(base + "/resume"), "olga", "{}"),
                        status("DELETE", URI.create(base + "/quarantine"), "olga", "")))
                .containsOnly(200);
        assertThat(List.of(
                        status("POST", URI.create(base), "beta", "{}"),
                        status("GET", URI.create(base + "/quarantine"), "beta", ""),
                        status("DELETE", URI.create(base + "/quarantine"), "beta", ""),
                        status("POST", URI.create(base + "/pause"), "beta", "{}"),
                        status("GET", URI.create(base + "/snapshot"), "beta", ""),
                        status("GET", URI.create(base + "/changes"), "olga", ""),
                        status("POST", URI.create(base + "/changes"), "olga", EMPTY)))
                .containsOnly(403);
    }

    /** As the recipe, but with the protection that Spring Security has on by default. */
    @Configuration(proxyBeanMethods = false)
    static class WithCsrf {
        @Bean
        @Order(0)
        SecurityFilterChain protectedPeers(HttpSecurity http) {
            return http.securityMatcher(EndpointRequest.to("crr"))
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("PEER"))
                    .httpBasic(withDefaults())
                    .build();
        }
    }

    @Test
    void csrfProtectionWouldKeepPeersFromSending() {
        instance = new Instance(folder.resolve("file"))
                .secured(BasicRecipe.class, WithCsrf.class)
                .start(Note.class);
        assertThat(status("GET", instance.uri("/changes"), "beta", "")).isEqualTo(200);
        assertThat(status("POST", instance.uri("/changes"), "beta", EMPTY)).isEqualTo(403);
        // What a form of another site could send is not taken, so its absence costs nothing.
        instance.close();
        start(BasicRecipe.class);
        byte[] both = "beta:s3cret".getBytes(StandardCharsets.UTF_8);
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            for (String path : List.of("", "/changes", "/pause", "/quarantine")) {
                assertThat(instance.send(
                                        "POST",
                                        path,
                                        EMPTY.getBytes(StandardCharsets.UTF_8),
                                        "Content-Type",
                                        type,
                                        "Authorization",
                                        "Basic " + Base64.getEncoder().encodeToString(both))
                                .statusCode())
                        .as(type + " to " + path)
                        .isBetween(400, 499);
            }
        }
    }

    @Test
    void nothingIsThereUnlessExposed() {
        start(BasicRecipe.class, "management.endpoints.web.exposure.include=health");
        for (String path : PATHS) {
            assertThat(status("GET", instance.uri(path), "beta", "")).as(path).isIn(401, 403, 404);
        }
    }
}
