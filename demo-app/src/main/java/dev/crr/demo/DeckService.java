package dev.crr.demo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Decks, and what is done to a deck as a whole. */
@Service
class DeckService {

    private static final String REPLACE_TEXT = """
            UPDATE component SET content = replace(content, ?, ?)
            WHERE instr(content, ?) > 0 AND slide_id IN (SELECT id FROM slide WHERE deck_id = ?)
            """;

    private final DeckRepository decks;
    private final SlideRepository slides;
    private final ComponentRepository components;
    private final JdbcTemplate jdbc;

    DeckService(DeckRepository decks, SlideRepository slides, ComponentRepository components, JdbcTemplate jdbc) {
        this.decks = decks;
        this.slides = slides;
        this.components = components;
        this.jdbc = jdbc;
    }

    @Transactional(readOnly = true)
    List<DeckSummary> all() {
        return decks.summaries();
    }

    @Transactional(readOnly = true)
    DeckView whole(String id) {
        Deck deck = find(id);
        Map<String, List<ComponentView>> bySlide = components.ofDeck(id).stream()
                .collect(groupingBy(Component::slideId, mapping(Component::view, toList())));
        List<SlideView> inOrder = slides.ofDeck(id).stream()
                .map(slide ->
                        new SlideView(slide.getId(), slide.position(), bySlide.getOrDefault(slide.getId(), List.of())))
                .toList();
        return new DeckView(id, deck.name(), inOrder);
    }

    @Transactional
    DeckSummary create(String name) {
        return DeckSummary.of(decks.save(new Deck(name)));
    }

    @Transactional
    DeckSummary rename(String id, String name) {
        Deck deck = find(id);
        deck.rename(name);
        return DeckSummary.of(deck);
    }

    @Transactional
    void delete(String id) {
        Deck deck = find(id);
        components.deleteOfDeck(id);
        slides.deleteOfDeck(id);
        decks.delete(deck);
    }

    /** Replaces a text wherever the components of a deck have it: one statement, and no need to load any of them. */
    @Transactional
    Changed replaceText(String id, Replacement text) {
        find(id);
        return new Changed(jdbc.update(REPLACE_TEXT, text.find(), text.replace(), text.find(), id));
    }

    private Deck find(String id) {
        return decks.findById(id).orElseThrow(() -> new NotFoundException("deck", id));
    }
}
