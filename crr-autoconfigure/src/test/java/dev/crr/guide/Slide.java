package dev.crr.guide;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Crr
@Entity
class Slide {

    @Id
    private String id = "";

    private String deckId = "";

    /** Where in the deck: a key of {@link dev.crr.FractionalIndex}. */
    private String position = "";

    protected Slide() {}

    Slide(String id, String deckId, String position) {
        this.id = id;
        this.deckId = deckId;
        this.position = position;
    }

    String id() {
        return id;
    }

    String deckId() {
        return deckId;
    }

    String position() {
        return position;
    }
}
