package dev.crr.demo;

import java.util.List;
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

    /** Adds an empty slide. */
    @Transactional
    SlideView add(String deckId, Place place) {
        if (!decks.existsById(deckId)) {
            throw new NotFoundException("deck", deckId);
        }
        String position = Order.makeRoom(slides.ofDeck(deckId), place);
        Slide slide = slides.save(new Slide(deckId, position));
        return new SlideView(slide.getId(), position, List.of());
    }

    @Transactional
    void move(String id, Place place) {
        Slide slide = find(id);
        List<Slide> others = slides.ofDeck(slide.deckId());
        others.remove(slide);
        slide.moveTo(Order.makeRoom(others, place));
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
