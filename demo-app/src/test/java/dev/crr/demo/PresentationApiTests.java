package dev.crr.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.FractionalIndex;
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
import org.springframework.jdbc.core.JdbcTemplate;
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

    @Autowired
    JdbcTemplate jdbc;

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
        String second = newSlide(deck);
        String first = newSlide(deck, second);
        String last = newSlide(deck);
        String title = newComponent(first, Map.of("content", "Hello", "x", 1.5));

        JsonNode slides = read("/api/decks/" + deck).get("slides");
        assertThat(slides).extracting(slide -> slide.get("id").asString()).containsExactly(first, second, last);
        assertThat(slides)
                .extracting(slide -> slide.get("position").asString())
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(FractionalIndex::isKey);
        assertThat(slides.get(0).get("components")).isEqualTo(json.readTree("""
                        [{"id": "%s", "type": "text", "content": "Hello",
                          "x": 1.5, "y": 0.0, "w": 100.0, "h": 100.0, "rotation": 0.0,
                          "fill": "", "ink": "#1f2937", "fontSize": 24.0}]
                        """.formatted(title)));
    }

    @Test
    void slidesAreMovedAndDeleted() {
        String deck = newDeck();
        String a = newSlide(deck);
        String b = newSlide(deck);
        String c = newSlide(deck);

        place("slides", a, Map.of());
        assertThat(slidesOf(deck)).containsExactly(b, c, a);
        place("slides", a, Map.of("before", c));
        assertThat(slidesOf(deck)).containsExactly(b, a, c);
        assertThat(send(HttpMethod.PUT, "/api/slides/" + a + "/place", Map.of("before", "none")))
                .hasStatus(HttpStatus.NOT_FOUND);

        assertThat(mvc.delete().uri("/api/slides/" + a)).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(slidesOf(deck)).containsExactly(b, c);
    }

    @Test
    void movingOneSlideWritesNoOther() {
        String deck = newDeck();
        String a = newSlide(deck);
        String b = newSlide(deck);
        String c = newSlide(deck);
        long before = version();
        place("slides", c, Map.of("before", b));
        assertThat(slidesOf(deck)).containsExactly(a, c, b);
        assertThat(version()).isEqualTo(before + 1);
    }

    @Test
    void slidesFindTheirPlaceAmongEqualAndImpossiblePositions() {
        String deck = newDeck();
        List<String> slides = List.of(newSlide(deck), newSlide(deck), newSlide(deck));
        for (String position : List.of("a ", "no key")) {
            jdbc.update("UPDATE slide SET position = ? WHERE deck_id = ?", position, deck);
            List<String> shown = slidesOf(deck);
            place("slides", shown.get(2), Map.of("before", shown.get(1)));
            assertThat(slidesOf(deck)).containsExactly(shown.get(0), shown.get(2), shown.get(1));
        }
        assertThat(slidesOf(deck)).hasSameElementsAs(slides);
    }

    @Test
    void componentsAreMovedToFrontAndBack() {
        String deck = newDeck();
        String slide = newSlide(deck);
        String below = newComponent(slide, Map.of("content", "below"));
        newComponent(slide, Map.of("content", "above"));
        assertThat(contents(deck)).containsExactly("below", "above");
        place("components", below, Map.of());
        assertThat(contents(deck)).containsExactly("above", "below");

        jdbc.update("UPDATE component SET position = '~' WHERE id = ?", below);
        newComponent(slide, Map.of("content", "new"));
        assertThat(contents(deck)).containsExactlyInAnyOrder("above", "below", "new");
    }

    private void place(String kind, String id, Map<String, String> place) {
        assertThat(send(HttpMethod.PUT, "/api/" + kind + "/" + id + "/place", place))
                .hasStatus(HttpStatus.NO_CONTENT);
    }

    private long version() {
        return read("/actuator/crr").get("version").asLong();
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

        assertThat(send(HttpMethod.POST, "/api/decks/none/slides", Map.of())).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.POST, "/api/slides/none/components", Map.of()))
                .hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.PUT, "/api/slides/none/place", Map.of())).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(send(HttpMethod.POST, "/api/slides/none/components", Map.of("fill", "url(x)")))
                .hasStatus(HttpStatus.BAD_REQUEST);
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

    private String newSlide(String deck, String before) {
        return idIn(send(HttpMethod.POST, "/api/decks/" + deck + "/slides", Map.of("before", before)));
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
