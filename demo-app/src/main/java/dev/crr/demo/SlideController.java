package dev.crr.demo;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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
    SlideView add(@PathVariable String deckId, @Valid @RequestBody(required = false) @Nullable SlideOrder body) {
        return slides.add(deckId, body == null ? null : body.order());
    }

    @PatchMapping("/slides/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void move(@PathVariable String id, @Valid @RequestBody SlideOrder body) {
        slides.move(id, body.order());
    }

    @DeleteMapping("/slides/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        slides.delete(id);
    }
}
