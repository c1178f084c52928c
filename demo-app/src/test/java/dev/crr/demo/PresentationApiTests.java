package dev.crr.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest
@AutoConfigureMockMvc
class PresentationApiTests {

    @TempDir
    static Path directory;

    @Autowired
    MockMvcTester mvc;

    @Autowired
    JsonMapper json;

    @DynamicPropertySource
    static void ownDatabase(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> "jdbc:sqlite:" + directory.resolve("api.db"));
    }

    @Test
    void aDeckIsCreatedListedRenamedAndDeleted() {
        MvcTestResult created = send(HttpMethod.POST, "/api/decks", Map.of("name", "Roadmap"));
        assertThat(created).hasStatus(HttpStatus.CREATED);
        String id = idIn(created);
        assertThat(created).hasHeader("Location", "/api/decks/" + id);
        assertThat(id).hasSize(36);

        assertThat(read("/api/decks")).contains(json.valueToTree(Map.of("id", id, "name", "Roadmap")));
        assertThat(send(HttpMethod.PATCH, "/api/decks/" + id, Map.of("name", "Plan")))
                .hasStatusOk();
        assertThat(read("/api/decks/" + id).get("name").asString()).isEqualTo("Plan");

        assertThat(mvc.delete().uri("/api/decks/" + id)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(mvc.get().uri("/api/decks/" + id)).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void aDeckIsReadWithItsSlidesInOrderAndTheirComponents() {
        String deck = newDeck();
        String second = newSlide(deck, 20);
        String first = newSlide(deck, 10);
        String last = newSlide(deck);
        String title = newComponent(first, Map.of("content", "Hello", "x", 1.5));

        JsonNode slides = read("/api/decks/" + deck).get("slides");
        assertThat(slides).extracting(slide -> slide.get("id").asString()).containsExactly(first, second, last);
        assertThat(slides).extracting(slide -> slide.get("order").asInt()).containsExactly(10, 20, 21);
        assertThat(slides.get(0).get("components")).isEqualTo(json.readTree("""
                        [{"id": "%s", "type": "text", "content": "Hello",
                          "x": 1.5, "y": 0.0, "w": 100.0, "h": 100.0, "rotation": 0.0}]
                        """.formatted(title)));
    }

    @Test
    void slidesAreMovedRenumberedAndDeleted() {
        String deck = newDeck();
        String a = newSlide(deck, 1);
        String b = newSlide(deck, 2);
        String c = newSlide(deck, 3);

        assertThat(send(HttpMethod.PATCH, "/api/slides/" + a, Map.of("order", 9)))
                .hasStatus(HttpStatus.NO_CONTENT);
        assertThat(slidesOf(deck)).containsExactly(b, c, a);

        MvcTestResult renumbered =
                mvc.post().uri("/api/decks/" + deck + "/slides/renumber").exchange();
        assertThat(body(renumbered).get("changed").asInt()).isEqualTo(3);
        assertThat(slidesOf(deck)).containsExactly(b, c, a);
        assertThat(read("/api/decks/" + deck).get("slides"))
                .extracting(slide -> slide.get("order").asInt())
                .containsExactly(1, 2, 3);

        assertThat(mvc.delete().uri("/api/slides/" + c)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(slidesOf(deck)).containsExactly(b, a);
    }

    @Test
    void aPatchChangesTheGivenFieldsOnly() {
        String deck = newDeck();
        String component = newComponent(newSlide(deck), Map.of("type", "image", "content", "cat.png", "w", 30));

        MvcTestResult changed =
                send(HttpMethod.PATCH, "/api/components/" + component, Map.of("rotation", 45, "content", "dog.png"));

        assertThat(changed).hasStatusOk();
        JsonNode now = body(changed);
        assertThat(now.get("type").asString()).isEqualTo("image");
        assertThat(now.get("content").asString()).isEqualTo("dog.png");
        assertThat(now.get("w").asDouble()).isEqualTo(30);
        assertThat(now.get("rotation").asDouble()).isEqualTo(45);
        assertThat(read("/api/decks/" + deck).at("/slides/0/components/0")).isEqualTo(now);

        assertThat(mvc.delete().uri("/api/components/" + component)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(mvc.delete().uri("/api/components/" + component)).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void pastingAddsAllOrNothing() {
        String deck = newDeck();
        String slide = newSlide(deck);
        String path = "/api/slides/" + slide + "/components/paste";

        MvcTestResult pasted = send(HttpMethod.POST, path, List.of(Map.of("content", "a"), Map.of("content", "b")));
        assertThat(pasted).hasStatus(HttpStatus.CREATED);
        assertThat(body(pasted)).hasSize(2);

        assertThat(send(HttpMethod.POST, path, List.of(Map.of("content", "c"), Map.of("w", -1))))
                .hasStatus(HttpStatus.BAD_REQUEST);
        assertThat(read("/api/decks/" + deck).at("/slides/0/components")).hasSize(2);
    }

    @Test
    void textIsReplacedInTheWholeDeckAndNowhereElse() {
        String deck = newDeck();
        String other = newDeck();
        newComponent(newSlide(deck), Map.of("content", "ACME and ACME"));
        newComponent(newSlide(deck), Map.of("content", "nobody"));
        newComponent(newSlide(other), Map.of("content", "ACME"));

        MvcTestResult replaced = send(
                HttpMethod.POST, "/api/decks/" + deck + "/replace-text", Map.of("find", "ACME", "replace", "Initech"));

        assertThat(body(replaced).get("changed").asInt()).isEqualTo(1);
        assertThat(contents(deck)).containsExactlyInAnyOrder("Initech and Initech", "nobody");
        assertThat(contents(other)).containsExactly("ACME");
    }

    @Test
    void deletingADeckOrASlideDeletesWhatIsOnIt() {
        String deck = newDeck();
        String kept = newComponent(newSlide(deck), Map.of());
        String slide = newSlide(deck);
        String gone = newComponent(slide, Map.of());

        assertThat(mvc.delete().uri("/api/slides/" + slide)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(send(HttpMethod.PATCH, "/api/components/" + gone, Map.of())).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.PATCH, "/api/components/" + kept, Map.of())).hasStatusOk();

        assertThat(mvc.delete().uri("/api/decks/" + deck)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(send(HttpMethod.PATCH, "/api/components/" + kept, Map.of())).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void aSelectionIsKeptUntilItIsReplacedOrItsSlideGoes() {
        String deck = newDeck();
        String a = newSlide(deck);
        String b = newSlide(deck);
        String selectedSlides = "/api/decks/" + deck + "/selected-slides";

        assertThat(send(HttpMethod.PUT, selectedSlides, Map.of("selected", List.of(a))))
                .hasStatus(HttpStatus.NO_CONTENT);
        assertThat(send(HttpMethod.PUT, selectedSlides, Map.of("selected", List.of(a, b))))
                .hasStatus(HttpStatus.NO_CONTENT);
        mvc.delete().uri("/api/slides/" + b).exchange();
        assertThat(read(selectedSlides)).isEqualTo(json.valueToTree(Map.of("selected", List.of(a))));

        String component = newComponent(a, Map.of());
        String selectedComponents = "/api/slides/" + a + "/selected-components";
        send(HttpMethod.PUT, selectedComponents, Map.of("selected", List.of(component)));
        assertThat(read(selectedComponents)).isEqualTo(json.valueToTree(Map.of("selected", List.of(component))));
    }

    @Test
    void mistakesAreAnsweredWithProblemDetails() {
        MvcTestResult unnamed = send(HttpMethod.POST, "/api/decks", Map.of("name", " "));
        assertThat(unnamed).hasStatus(HttpStatus.BAD_REQUEST).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(body(unnamed).at("/errors/name").asString()).isEqualTo("must not be blank");

        MvcTestResult missing = mvc.get().uri("/api/decks/none").exchange();
        assertThat(missing).hasStatus(HttpStatus.NOT_FOUND).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(body(missing).get("detail").asString()).isEqualTo("There is no deck none here");

        assertThat(send(HttpMethod.POST, "/api/decks/none/slides", Map.of("order", 1)))
                .hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.POST, "/api/slides/none/components", Map.of()))
                .hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.PATCH, "/api/slides/none", Map.of())).hasStatus(HttpStatus.BAD_REQUEST);
        assertThat(mvc.post()
                        .uri("/api/decks")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{"))
                .hasStatus(HttpStatus.BAD_REQUEST)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private String newDeck() {
        return idIn(send(HttpMethod.POST, "/api/decks", Map.of("name", "Deck")));
    }

    private String newSlide(String deck) {
        return idIn(mvc.post().uri("/api/decks/" + deck + "/slides").exchange());
    }

    private String newSlide(String deck, int order) {
        return idIn(send(HttpMethod.POST, "/api/decks/" + deck + "/slides", Map.of("order", order)));
    }

    private String newComponent(String slide, Map<String, Object> fields) {
        return idIn(send(HttpMethod.POST, "/api/slides/" + slide + "/components", fields));
    }

    private List<String> slidesOf(String deck) {
        return read("/api/decks/" + deck)
                .get("slides")
                .valueStream()
                .map(slide -> slide.get("id").asString())
                .toList();
    }

    private List<String> contents(String deck) {
        return read("/api/decks/" + deck).findValuesAsString("content");
    }

    private MvcTestResult send(HttpMethod method, String path, Object content) {
        return mvc.method(method)
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(content))
                .exchange();
    }

    private JsonNode read(String path) {
        MvcTestResult result = mvc.get().uri(path).exchange();
        assertThat(result).hasStatusOk();
        return body(result);
    }

    private String idIn(MvcTestResult result) {
        assertThat(result).hasStatus(HttpStatus.CREATED);
        return body(result).get("id").asString();
    }

    private JsonNode body(MvcTestResult result) {
        return json.readTree(result.getResponse().getContentAsByteArray());
    }
}
