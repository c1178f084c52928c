package dev.crr.guide;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
class SelectedSlide {

    @Id
    private String deckId = "";

    private String slideId = "";

    protected SelectedSlide() {}

    SelectedSlide(String deckId, String slideId) {
        this.deckId = deckId;
        this.slideId = slideId;
    }

    String deckId() {
        return deckId;
    }

    String slideId() {
        return slideId;
    }
}
