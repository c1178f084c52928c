package dev.crr.demo;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;

/** A slide of a deck, placed among the others. */
@Crr
@Entity
@Table(name = "slide")
class Slide extends Placed {

    @Column(name = "deck_id", nullable = false)
    private String deckId;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Slide() {}

    Slide(String deckId, String position) {
        super(UUID.randomUUID(), position);
        this.deckId = deckId;
    }

    String deckId() {
        return deckId;
    }
}
