package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An operator pauses and resumes the exchange on whole applications. */
class PauseOverHttpTests {

    @TempDir
    Path directory;

    private Instance office;
    private Instance laptop;

    @BeforeEach
    void start() {
        office = new Instance(directory.resolve("office"));
        laptop = new Instance(directory.resolve("laptop")).withPeer(office);
        office.withPeer(laptop).start(Note.class);
        laptop.start(Note.class);
        office.syncWell();
        laptop.syncWell();
    }

    @AfterEach
    void stop() {
        laptop.close();
        office.close();
    }

    @Test
    void everythingIsPausedInBothDirections() {
        JsonNode answer = Instance.json(office.post("/pause", "{}"));
        assertThat(answer.path("paused").asBoolean()).isTrue();
        assertThat(answer.path("peers").path(0).asString()).isEqualTo("laptop");
        assertThat(office.status().path("paused").asBoolean()).isTrue();
        assertThat(office.status().path("peers").path(0).path("condition").asString())
                .isEqualTo("PAUSED");

        for (HttpResponse<String> refused :
                List.of(office.get("/changes"), office.post("/changes", changesetOf(laptop)))) {
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(Instance.json(refused).path("detail").asString()).contains("paused");
        }
        office.write("from the office");
        laptop.write("from the laptop");
        assertThat(office.sync().path(0).path("error").asString()).isEqualTo("it is paused");
        assertThat(laptop.sync().path(0).path("error").asString()).contains("paused here");
        assertThat(laptop.status().path("peers").path(0).path("fault").asString())
                .isEqualTo("AWAY");
        assertThat(office.texts()).containsExactly("from the office");
        assertThat(laptop.texts()).containsExactly("from the laptop");

        assertThat(Instance.json(office.post("/resume", "{}")).path("paused").asBoolean(true))
                .isFalse();
        office.syncWell();
        assertThat(office.rows("note")).isEqualTo(laptop.rows("note")).hasSize(2);
    }

    @Test
    void onePeerIsPausedAndOthersAreNot() {
        Instance.json(office.post("/pause", "{\"peer\":\"laptop\"}"));
        laptop.write("from the laptop");
        assertThat(laptop.sync().path(0).path("error").asString()).contains("paused here");
        assertThat(office.post("/changes", changesetOf(laptop)).statusCode()).isEqualTo(503);
        assertThat(office.get("/changes?peer=" + laptop.service().siteId()).statusCode())
                .isEqualTo(503);
        assertThat(office.get("/changes").statusCode()).isEqualTo(200);
        assertThat(office.get("/changes?peer=" + "c".repeat(32)).statusCode()).isEqualTo(200);
        assertThat(office.texts()).isEmpty();

        office.post("/resume", "{\"peer\":\"laptop\"}");
        laptop.syncWell();
        assertThat(office.texts()).containsExactly("from the laptop");
    }

    @Test
    void tellsWhatCannotBeDone() {
        HttpResponse<String> nobody = office.post("/pause", "{\"peer\":\"nobody\"}");
        assertThat(nobody.statusCode()).isEqualTo(404);
        assertThat(Instance.json(nobody).path("detail").asString()).isEqualTo("there is no peer \"nobody\"");
        office.post("/pause", "{}");
        assertThat(office.post("/resume", "{\"peer\":\"laptop\"}").statusCode()).isEqualTo(409);
        assertThat(office.post("/restart", "{}").statusCode()).isEqualTo(404);
    }

    private static String changesetOf(Instance instance) {
        return instance.get("/changes").body();
    }
}
