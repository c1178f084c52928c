package dev.crr.demo;

import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/decks")
class DeckController {

    private final DeckService decks;

    DeckController(DeckService decks) {
        this.decks = decks;
    }

    @GetMapping
    List<DeckSummary> all() {
        return decks.all();
    }

    @PostMapping
    ResponseEntity<DeckSummary> create(@Valid @RequestBody DeckName body) {
        DeckSummary deck = decks.create(body.name());
        return ResponseEntity.created(URI.create("/api/decks/" + deck.id())).body(deck);
    }

    @GetMapping("/{id}")
    DeckView whole(@PathVariable String id) {
        return decks.whole(id);
    }

    @PatchMapping("/{id}")
    DeckSummary rename(@PathVariable String id, @Valid @RequestBody DeckName body) {
        return decks.rename(id, body.name());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        decks.delete(id);
    }

    @PostMapping("/{id}/replace-text")
    Changed replaceText(@PathVariable String id, @Valid @RequestBody Replacement body) {
        return decks.replaceText(id, body);
    }
}
