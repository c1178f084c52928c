package dev.crr.demo;

import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.util.UUID;

/**
 * A part of a presentation. Its identifier is a random UUID, as text: instances make them without asking each other, and
 * people can read them in the sqlite3 shell.
 */
@MappedSuperclass
abstract class Item extends Stored<String> {

    @Id
    @Column(name = "id", nullable = false, updatable = false)
    private String id;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    Item() {}

    Item(UUID id) {
        this.id = id.toString();
    }

    @Override
    public String getId() {
        return id;
    }
}
