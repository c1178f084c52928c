package dev.crr.demo;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Objects;
import java.util.UUID;

/** A text, picture or shape on a slide. */
@Crr
@Entity
@Table(name = "component")
class Component extends Item {

    @Column(name = "slide_id", nullable = false)
    private String slideId;

    @Column(name = "type", nullable = false)
    private String type = "text";

    @Column(name = "content", nullable = false)
    private String content = "";

    @Column(name = "x", nullable = false)
    private double x;

    @Column(name = "y", nullable = false)
    private double y;

    @Column(name = "w", nullable = false)
    private double width = 100;

    @Column(name = "h", nullable = false)
    private double height = 100;

    @Column(name = "rotation", nullable = false)
    private double rotation;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Component() {}

    Component(String slideId, ComponentFields fields) {
        super(UUID.randomUUID());
        this.slideId = slideId;
        change(fields);
    }

    /** Sets the fields that are given and leaves the others. */
    final void change(ComponentFields given) {
        type = Objects.requireNonNullElse(given.type(), type);
        content = Objects.requireNonNullElse(given.content(), content);
        x = Objects.requireNonNullElse(given.x(), x);
        y = Objects.requireNonNullElse(given.y(), y);
        width = Objects.requireNonNullElse(given.w(), width);
        height = Objects.requireNonNullElse(given.h(), height);
        rotation = Objects.requireNonNullElse(given.rotation(), rotation);
    }

    String slideId() {
        return slideId;
    }

    ComponentView view() {
        return new ComponentView(getId(), type, content, x, y, width, height, rotation);
    }
}
