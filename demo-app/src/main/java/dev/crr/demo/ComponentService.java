package dev.crr.demo;

import dev.crr.FractionalIndex;
import java.util.List;
import java.util.stream.IntStream;
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

    /** Adds components in front of the others, all of them or none. */
    @Transactional
    List<ComponentView> add(String slideId, List<ComponentFields> fields) {
        if (!slides.existsById(slideId)) {
            throw new NotFoundException("slide", slideId);
        }
        String last =
                components.lastPosition(slideId).filter(FractionalIndex::isKey).orElse(null);
        List<String> positions = FractionalIndex.between(last, null, fields.size());
        List<Component> added = IntStream.range(0, fields.size())
                .mapToObj(i -> new Component(slideId, positions.get(i), fields.get(i)))
                .toList();
        return components.saveAll(added).stream().map(Component::view).toList();
    }

    @Transactional
    ComponentView change(String id, ComponentFields fields) {
        Component component = find(id);
        component.change(fields);
        return component.view();
    }

    @Transactional
    void move(String id, Place place) {
        Component component = find(id);
        List<Component> others = components.ofSlide(component.slideId());
        others.remove(component);
        component.moveTo(Order.makeRoom(others, place));
    }

    @Transactional
    void delete(String id) {
        components.delete(find(id));
    }

    private Component find(String id) {
        return components.findById(id).orElseThrow(() -> new NotFoundException("component", id));
    }
}
