package dev.crr.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.ReplicatedTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The slice of JPA: repositories on a database of the test's own, whose tables replicate as in the application. */
@DataJpaTest
class PresentationRepositoriesTests {

    @Autowired
    DeckRepository decks;

    @Autowired
    SlideRepository slides;

    @Autowired
    ComponentRepository components;

    @Autowired
    ChangesetService changesets;

    @Test
    void slidesAndComponentsComeInTheirOrder() {
        Deck deck = decks.save(new Deck("Roadmap"));
        Slide last = slides.save(new Slide(deck.getId(), "a#"));
        Slide first = slides.save(new Slide(deck.getId(), "Zz"));
        assertThat(slides.ofDeck(deck.getId())).containsExactly(first, last);

        Component front = components.save(new Component(first.getId(), "a!", fields("front")));
        Component back = components.save(new Component(first.getId(), "a ", fields("back")));
        assertThat(components.ofSlide(first.getId())).containsExactly(back, front);
        assertThat(components.ofDeck(deck.getId())).containsExactly(back, front);
        assertThat(components.lastPosition(first.getId())).hasValue("a!");
        assertThat(components.lastPosition(last.getId())).isEmpty();
    }

    @Test
    void presentationsReplicateAndSelectionsDoNot() {
        assertThat(changesets.tables())
                .extracting(ReplicatedTable::name)
                .containsExactlyInAnyOrder("deck", "slide", "component");
    }

    @Test
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    void whatARepositoryWritesIsToldToPeers() {
        Deck deck = decks.save(new Deck("Told"));
        List<Change> told = changesets.changes(ChangeQuery.ALL).changes();
        assertThat(told).extracting(Change::cid).contains("name");
        decks.delete(deck);
        assertThat(changesets.changes(ChangeQuery.ALL).changes()).allMatch(Change::isRow);
    }

    private static ComponentFields fields(String content) {
        return new ComponentFields(null, content, null, null, null, null, null, null, null, null);
    }
}
