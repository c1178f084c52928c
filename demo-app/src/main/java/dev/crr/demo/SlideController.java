package dev.crr.demo;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class SlideController {

    private final SlideService slides;

    SlideController(SlideService slides) {
        this.slides = slides;
    }

    @PostMapping("/decks/{deckId}/slides")
    @ResponseStatus(HttpStatus.CREATED)
    SlideView add(@PathVariable String deckId, @RequestBody(required = false) @Nullable Place body) {
        return slides.add(deckId, Objects.requireNonNullElse(body, Place.END));
    }

    @PutMapping("/slides/{id}/place")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void move(@PathVariable String id, @RequestBody Place body) {
        slides.move(id, body);
    }

    @DeleteMapping("/slides/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        slides.delete(id);
    }
}
