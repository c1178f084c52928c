package dev.crr.demo;

import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the user of this instance has selected. Nobody else gets to know. */
@Service
class SelectionService {

    private final SelectedSlideRepository slides;
    private final SelectedComponentRepository components;

    SelectionService(SelectedSlideRepository slides, SelectedComponentRepository components) {
        this.slides = slides;
        this.components = components;
    }

    @Transactional(readOnly = true)
    Set<String> slides(String deckId) {
        return slides.selected(deckId);
    }

    @Transactional
    void selectSlides(String deckId, Set<String> ids) {
        slides.clear(deckId);
        slides.saveAll(ids.stream().map(id -> new SelectedSlide(deckId, id)).toList());
    }

    @Transactional(readOnly = true)
    Set<String> components(String slideId) {
        return components.selected(slideId);
    }

    @Transactional
    void selectComponents(String slideId, Set<String> ids) {
        components.clear(slideId);
        components.saveAll(
                ids.stream().map(id -> new SelectedComponent(slideId, id)).toList());
    }
}
