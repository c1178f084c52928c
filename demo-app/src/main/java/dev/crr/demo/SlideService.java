package dev.crr.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The slides of a deck. */
@Service
class SlideService {

    private final DeckRepository decks;
    private final SlideRepository slides;
    private final ComponentRepository components;

    SlideService(DeckRepository decks, SlideRepository slides, ComponentRepository components) {
        this.decks = decks;
        this.slides = slides;
        this.components = components;
    }

    /** Adds an empty slide, at the end unless told where. */
    @Transactional
    SlideView add(String deckId, @Nullable Integer order) {
        if (!decks.existsById(deckId)) {
            throw new NotFoundException("deck", deckId);
        }
        int position = order != null ? order : slides.lastPosition(deckId) + 1;
        Slide slide = slides.save(new Slide(deckId, position));
        return new SlideView(slide.getId(), slide.position(), List.of());
    }

    @Transactional
    void move(String id, int order) {
        find(id).moveTo(order);
    }

    @Transactional
    void delete(String id) {
        Slide slide = find(id);
        components.deleteOfSlide(id);
        slides.delete(slide);
    }

    private Slide find(String id) {
        return slides.findById(id).orElseThrow(() -> new NotFoundException("slide", id));
    }
}
