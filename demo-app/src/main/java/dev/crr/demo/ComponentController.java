package dev.crr.demo;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class ComponentController {

    private final ComponentService components;

    ComponentController(ComponentService components) {
        this.components = components;
    }

    @PostMapping("/slides/{slideId}/components")
    @ResponseStatus(HttpStatus.CREATED)
    ComponentView add(@PathVariable String slideId, @Valid @RequestBody ComponentFields body) {
        return components.add(slideId, List.of(body)).get(0);
    }

    /** Adds many components at once, as pasting does. */
    @PostMapping("/slides/{slideId}/components/paste")
    @ResponseStatus(HttpStatus.CREATED)
    List<ComponentView> paste(
            @PathVariable String slideId, @RequestBody @Size(max = 10_000) List<@Valid ComponentFields> body) {
        return components.add(slideId, body);
    }

    @PatchMapping("/components/{id}")
    ComponentView change(@PathVariable String id, @Valid @RequestBody ComponentFields body) {
        return components.change(id, body);
    }

    /** Moves a component nearer or farther from the viewer. */
    @PutMapping("/components/{id}/place")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void move(@PathVariable String id, @RequestBody Place body) {
        components.move(id, body);
    }

    @DeleteMapping("/components/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        components.delete(id);
    }
}
