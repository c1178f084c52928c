package dev.crr.guide;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Crr
@Entity
class Component {

    @Id
    private String id = "";

    private String slideId = "";
    private String content = "";

    protected Component() {}

    Component(String id, String slideId, String content) {
        this.id = id;
        this.slideId = slideId;
        this.content = content;
    }

    String id() {
        return id;
    }

    String slideId() {
        return slideId;
    }

    String content() {
        return content;
    }
}
