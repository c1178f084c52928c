package dev.crr.demo;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Objects;
import java.util.UUID;

/** A text or shape on a slide, painted over those whose place is before its own. */
@Crr
@Entity
@Table(name = "component")
class Component extends Placed {

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

    @Column(name = "fill", nullable = false)
    private String fill = "";

    @Column(name = "ink", nullable = false)
    private String ink = "#1f2937";

    @Column(name = "font_size", nullable = false)
    private double fontSize = 24;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Component() {}

    Component(String slideId, String position, ComponentFields fields) {
        super(UUID.randomUUID(), position);
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
        fill = Objects.requireNonNullElse(given.fill(), fill);
        ink = Objects.requireNonNullElse(given.ink(), ink);
        fontSize = Objects.requireNonNullElse(given.fontSize(), fontSize);
    }

    String slideId() {
        return slideId;
    }

    ComponentView view() {
        return new ComponentView(getId(), type, content, x, y, width, height, rotation, fill, ink, fontSize);
    }
}
