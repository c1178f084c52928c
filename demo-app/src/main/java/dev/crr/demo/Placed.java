package dev.crr.demo;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.util.UUID;

/**
 * An item that has a place among others: a key of a fractional index, so that whoever inserts or moves one writes that one only.
 * Two instances may give two items the same key; then the identifier decides.
 */
@MappedSuperclass
abstract class Placed extends Item {

    @Column(name = "position", nullable = false)
    private String position;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    Placed() {}

    Placed(UUID id, String position) {
        super(id);
        this.position = position;
    }

    String position() {
        return position;
    }

    void moveTo(String newPosition) {
        position = newPosition;
    }
}
