package dev.crr.demo;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A component that the user of this instance has selected. Stays local. */
@Entity
@Table(name = "selected_component")
class SelectedComponent extends Stored<SelectedComponent.Key> {

    @EmbeddedId
    private Key key;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected SelectedComponent() {}

    SelectedComponent(String slideId, String componentId) {
        key = new Key(slideId, componentId);
    }

    @Override
    public Key getId() {
        return key;
    }

    @Embeddable
    record Key(
            @Column(name = "slide_id") String slideId,
            @Column(name = "component_id") String componentId) implements Serializable {}
}
