package dev.crr.demo.process;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A user of one instance. */
record Editor(DemoProcess instance) {

    static Editor of(DemoProcess instance) {
        return new Editor(instance);
    }

    String newDeck(String name) {
        return instance.post("/api/decks", Map.of("name", name)).get("id").asString();
    }

    void renameDeck(String deck, String name) {
        instance.patch("/api/decks/" + deck, Map.of("name", name));
    }

    void deleteDeck(String deck) {
        instance.delete("/api/decks/" + deck);
    }

    String newSlide(String deck) {
        return instance.post("/api/decks/" + deck + "/slides", null).get("id").asString();
    }

    /** Moves a slide to the end, or to before another. */
    void moveSlide(String slide, String... before) {
        instance.put("/api/slides/" + slide + "/place", before.length == 0 ? Map.of() : Map.of("before", before[0]));
    }

    /** The slides of a deck, in order. */
    List<String> slides(String deck) {
        return deck(deck)
                .get("slides")
                .valueStream()
                .map(slide -> slide.get("id").asString())
                .toList();
    }

    String newComponent(String slide, String content) {
        return instance.post("/api/slides/" + slide + "/components", Map.of("content", content))
                .get("id")
                .asString();
    }

    /** Adds components in one transaction. */
    List<String> paste(String slide, int count, String content) {
        List<Map<String, String>> components =
                Stream.generate(() -> Map.of("content", content)).limit(count).toList();
        return instance.post("/api/slides/" + slide + "/components/paste", components)
                .valueStream()
                .map(component -> component.get("id").asString())
                .toList();
    }

    void change(String component, String field, Object value) {
        instance.patch("/api/components/" + component, Map.of(field, value));
    }

    void deleteComponent(String component) {
        instance.delete("/api/components/" + component);
    }

    boolean hasDeck(String id) {
        return instance.get("/api/decks")
                .valueStream()
                .anyMatch(deck -> deck.get("id").asString().equals(id));
    }

    JsonNode deck(String id) {
        return instance.get("/api/decks/" + id);
    }

    String deckName(String id) {
        return deck(id).get("name").asString();
    }

    JsonNode component(String deck, String id) {
        return Objects.requireNonNull(components(deck).get(id), id);
    }

    /** The components of all slides of a deck. */
    Map<String, JsonNode> components(String deck) {
        Map<String, JsonNode> components = new HashMap<>();
        deck(deck)
                .get("slides")
                .forEach(slide -> slide.get("components")
                        .forEach(component -> components.put(component.get("id").asString(), component)));
        return components;
    }

    /** All decks, whole. */
    Set<JsonNode> everything() {
        Set<JsonNode> decks = new HashSet<>();
        instance.get("/api/decks")
                .forEach(deck ->
                        decks.add(instance.get("/api/decks/" + deck.get("id").asString())));
        return decks;
    }
}
