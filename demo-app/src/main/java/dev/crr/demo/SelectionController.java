package dev.crr.demo;

import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class SelectionController {

    private final SelectionService selection;

    SelectionController(SelectionService selection) {
        this.selection = selection;
    }

    @GetMapping("/decks/{deckId}/selected-slides")
    Selection slides(@PathVariable String deckId) {
        return new Selection(selection.slides(deckId));
    }

    @PutMapping("/decks/{deckId}/selected-slides")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void selectSlides(@PathVariable String deckId, @Valid @RequestBody Selection body) {
        selection.selectSlides(deckId, body.selected());
    }

    @GetMapping("/slides/{slideId}/selected-components")
    Selection components(@PathVariable String slideId) {
        return new Selection(selection.components(slideId));
    }

    @PutMapping("/slides/{slideId}/selected-components")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void selectComponents(@PathVariable String slideId, @Valid @RequestBody Selection body) {
        selection.selectComponents(slideId, body.selected());
    }
}
