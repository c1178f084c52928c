package dev.crr.demo;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;

/** A slide of a deck. Two instances may give two slides the same place; then the identifier decides. */
@Crr
@Entity
@Table(name = "slide")
class Slide extends Item {

    @Column(name = "deck_id", nullable = false)
    private String deckId;

    @Column(name = "\"order\"", nullable = false)
    private int position;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Slide() {}

    Slide(String deckId, int position) {
        super(UUID.randomUUID());
        this.deckId = deckId;
        this.position = position;
    }

    String deckId() {
        return deckId;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }
}
