package dev.crr.demo;

import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The components on a slide. */
@Service
class ComponentService {

    private final SlideRepository slides;
    private final ComponentRepository components;

    ComponentService(SlideRepository slides, ComponentRepository components) {
        this.slides = slides;
        this.components = components;
    }

    /** Adds components, all of them or none. */
    @Transactional
    List<ComponentView> add(String slideId, List<ComponentFields> fields) {
        if (!slides.existsById(slideId)) {
            throw new NotFoundException("slide", slideId);
        }
        List<Component> added =
                fields.stream().map(each -> new Component(slideId, each)).toList();
        return components.saveAll(added).stream().map(Component::view).toList();
    }

    @Transactional
    ComponentView change(String id, ComponentFields fields) {
        Component component = find(id);
        component.change(fields);
        return component.view();
    }

    @Transactional
    void delete(String id) {
        components.delete(find(id));
    }

    private Component find(String id) {
        return components.findById(id).orElseThrow(() -> new NotFoundException("component", id));
    }
}
