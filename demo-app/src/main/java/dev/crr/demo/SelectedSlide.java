package dev.crr.demo;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A slide that the user of this instance has selected. Stays local. */
@Entity
@Table(name = "selected_slide")
class SelectedSlide extends Stored<SelectedSlide.Key> {

    @EmbeddedId
    private Key key;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected SelectedSlide() {}

    SelectedSlide(String deckId, String slideId) {
        key = new Key(deckId, slideId);
    }

    @Override
    public Key getId() {
        return key;
    }

    @Embeddable
    record Key(
            @Column(name = "deck_id") String deckId,
            @Column(name = "slide_id") String slideId) implements Serializable {}
}
