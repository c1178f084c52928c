package dev.crr.demo.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

@SpringBootTest(properties = {"demo.accounts.users.ann=secret", "demo.accounts.peers.office=other"})
@ActiveProfiles("secure")
@AutoConfigureMockMvc
class SecureAccessTests {

    private static final RequestPostProcessor ANN = httpBasic("ann", "secret");
    private static final RequestPostProcessor OFFICE = httpBasic("office", "other");

    @TempDir
    static Path directory;

    @Autowired
    MockMvcTester mvc;

    @DynamicPropertySource
    static void ownDatabase(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> "jdbc:sqlite:" + directory.resolve("secure.db"));
    }

    @Test
    void strangersGetTheLoginAndTheHealthOnly() {
        assertThat(mvc.get().uri("/").accept(MediaType.TEXT_HTML))
                .hasStatus(HttpStatus.FOUND)
                .hasHeader("Location", "/login");
        assertThat(mvc.get().uri("/login")).hasStatusOk();
        assertThat(mvc.get().uri("/actuator/health")).hasStatusOk();
        assertThat(mvc.get().uri("/js/main.js").accept(MediaType.TEXT_HTML)).hasStatus(HttpStatus.FOUND);
        for (String path : new String[] {"/api/decks", "/api/events", "/api/sync"}) {
            assertThat(mvc.get().uri(path)).hasStatus(HttpStatus.UNAUTHORIZED).doesNotContainHeader("WWW-Authenticate");
        }
        assertThat(newDeck().with(csrf())).hasStatus(HttpStatus.UNAUTHORIZED);
        assertThat(mvc.get().uri("/api/decks").with(httpBasic("ann", "other"))).hasStatus(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void theExchangeIsForPeersOnly() {
        for (String path : new String[] {"/actuator/crr", "/actuator/crr/changes", "/actuator/crr/quarantine"}) {
            assertThat(mvc.get().uri(path)).hasStatus(HttpStatus.UNAUTHORIZED).containsHeader("WWW-Authenticate");
            assertThat(mvc.get().uri(path).with(ANN)).hasStatus(HttpStatus.FORBIDDEN);
            assertThat(mvc.get().uri(path).with(OFFICE)).hasStatusOk();
        }
        assertThat(mvc.post().uri("/actuator/crr/changes")).hasStatus(HttpStatus.UNAUTHORIZED);
        assertThat(mvc.post().uri("/actuator/crr/changes").with(ANN)).hasStatus(HttpStatus.FORBIDDEN);
        assertThat(mvc.post()
                        .uri("/actuator/crr")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}")
                        .with(OFFICE))
                .hasStatusOk();
    }

    @Test
    void peersGetTheExchangeOnly() {
        assertThat(mvc.get().uri("/api/decks").with(OFFICE)).hasStatus(HttpStatus.FORBIDDEN);
        assertThat(mvc.get().uri("/").with(OFFICE)).hasStatus(HttpStatus.FORBIDDEN);
    }

    @Test
    void programsUseTheApiWithCredentials() {
        assertThat(mvc.get().uri("/api/decks").with(ANN)).hasStatusOk();
        assertThat(newDeck().with(ANN)).hasStatus(HttpStatus.CREATED);
    }

    @Test
    void aSessionNeedsTheTokenToWrite() {
        RequestPostProcessor loggedIn = user("ann").roles("USER");
        assertThat(mvc.get().uri("/api/sync").with(loggedIn))
                .bodyJson()
                .extractingPath("user")
                .isEqualTo("ann");
        assertThat(newDeck().with(loggedIn)).hasStatus(HttpStatus.FORBIDDEN);
        assertThat(newDeck().with(loggedIn).with(csrf())).hasStatus(HttpStatus.CREATED);
        assertThat(mvc.post().uri("/logout").with(loggedIn)).hasStatus(HttpStatus.FORBIDDEN);
        assertThat(mvc.post().uri("/logout").with(loggedIn).with(csrf())).hasStatus(HttpStatus.NO_CONTENT);
    }

    private MockMvcRequestBuilder newDeck() {
        return mvc.post()
                .uri("/api/decks")
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"name\": \"Roadmap\"}");
    }
}
