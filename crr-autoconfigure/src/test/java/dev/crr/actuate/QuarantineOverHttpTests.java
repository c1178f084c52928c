package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator sees and does about changes that cannot be applied, on a whole application. */
class QuarantineOverHttpTests {

    private static final String CHANGESET = """
            {"siteId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","since":0,"version":3,"more":false,"changes":[
              {"table":"note","pk":["1"],"cid":"text","val":"fine","colVersion":1,"dbVersion":1,
               "siteId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","cl":1,"seq":1},
              {"table":"note","pk":["1"],"cid":"mood","val":"good","colVersion":1,"dbVersion":2,
               "siteId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","cl":1,"seq":2},
              {"table":"diary","pk":["1"],"cid":"text","val":"dear","colVersion":1,"dbVersion":3,
               "siteId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","cl":1,"seq":1}]}""";

    @TempDir
    Path directory;

    private Instance instance;

    @BeforeEach
    void start() {
        instance = new Instance(directory.resolve("a")).start(Note.class);
        HttpResponse<String> answer = instance.post("/changes", CHANGESET);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode report = Instance.json(answer);
        assertThat(report.path("applied").asInt()).isEqualTo(1);
        assertThat(report.path("quarantined").asInt()).isEqualTo(2);
        assertThat(report.path("received").asInt()).isEqualTo(3);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void isCountedAndListedWithReasons() {
        assertThat(instance.texts()).containsExactly("fine");
        assertThat(instance.status().path("quarantined").asInt()).isEqualTo(2);
        JsonNode listed = Instance.json(instance.get("/quarantine"));
        assertThat(listed.path("quarantined").asInt()).isEqualTo(2);
        JsonNode diary = listed.path("changes").path(0);
        assertThat(diary.path("table").asString()).isEqualTo("diary");
        assertThat(diary.path("pk").path(0).asString()).isEqualTo("'1'");
        assertThat(diary.path("val").asString()).isEqualTo("'dear'");
        assertThat(diary.path("reason").asString()).contains("no replicated table");
        assertThat(diary.path("origin").asString()).isEqualTo("a".repeat(32));
        assertThat(diary.path("retried").asBoolean()).isTrue();
        assertThat(listed.path("changes").path(1).path("reason").asString()).contains("no replicated column");
        assertThat(Instance.json(instance.get("/quarantine?limit=1"))
                        .path("changes")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void isRetriedAndClearedOnDemand() {
        assertThat(Instance.json(instance.post("/quarantine", "{}"))
                        .path("quarantined")
                        .asInt())
                .isEqualTo(2);
        JsonNode left = Instance.json(instance.send("DELETE", "/quarantine?table=diary", null));
        assertThat(left.path("quarantined").asInt()).isEqualTo(1);
        assertThat(Instance.json(instance.send("DELETE", "/quarantine", null))
                        .path("quarantined")
                        .asInt())
                .isZero();
        assertThat(instance.status().path("quarantined").asInt()).isZero();
    }

    @Test
    void isRetriedByItselfWhenTheSchemaHasChanged() {
        instance.close();
        instance.jdbcOnFile("ALTER TABLE note ADD COLUMN mood TEXT");
        instance.start(Note.class);
        assertThat(instance.status().path("quarantined").asInt()).isEqualTo(1);
        assertThat(instance.jdbc().queryForObject("SELECT mood FROM note", String.class))
                .isEqualTo("good");
    }

    @Test
    void isRetriedWhenSomebodyAsksAndTheRowHasChangedHere() {
        assertThat(instance.send("DELETE", "/quarantine?table=diary", null).statusCode())
                .isEqualTo(200);
        instance.jdbc().update("DELETE FROM note");
        assertThat(instance.get("/changes?since=0").statusCode()).isEqualTo(200);
        assertThat(instance.status().path("quarantined").asInt()).isZero();
    }

    @Test
    void anythingElseBesideChangesIsNotFound() {
        assertThat(instance.get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void readOnlyAccessMayListButNotTouch() {
        instance.close();
        instance.with("management.endpoint.crr.access=read-only").start(Note.class);
        assertThat(instance.get("/quarantine").statusCode()).isEqualTo(200);
        assertThat(instance.post("/quarantine", "{}").statusCode()).isEqualTo(405);
        assertThat(instance.send("DELETE", "/quarantine", null).statusCode()).isEqualTo(405);
        assertThat(instance.post("/changes", CHANGESET).statusCode()).isEqualTo(405);
    }
}
