package dev.crr.demo;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;

/** A presentation. */
@Crr
@Entity
@Table(name = "deck")
class Deck extends Item {

    @Column(name = "name", nullable = false)
    private String name;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Deck() {}

    Deck(String name) {
        super(UUID.randomUUID());
        this.name = name;
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }
}
