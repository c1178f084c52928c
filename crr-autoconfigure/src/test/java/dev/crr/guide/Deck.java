package dev.crr.guide;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

@Crr
@Entity
class Deck {

    @Id
    private String id = "";

    private @Nullable String name;

    protected Deck() {}

    Deck(String id, String name) {
        this.id = id;
        this.name = name;
    }

    String id() {
        return id;
    }

    @Nullable String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }
}
