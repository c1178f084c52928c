package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Two instances that are each other's peer, with a link that is cut and reopened. */
@SuppressWarnings("NullAway.Init") // set before each test
class TwoInstancesIT {

    @RegisterExtension
    final Instances instances = new Instances();

    private DemoProcess a;
    private DemoProcess b;
    private Editor ann;
    private Editor bob;
    private Link link;

    @BeforeEach
    void startBoth() {
        a = instances.create("a");
        b = instances.create("b");
        link = instances.link(a, b);
        ann = Editor.of(a.start());
        bob = Editor.of(b.start());
    }

    @Test
    void whatEitherWroteWhileTheyWereApartComesTogether() {
        String deck = ann.newDeck("Roadmap");
        String slide = ann.newSlide(deck);
        String shared = ann.newComponent(slide, "shared");
        String doomed = ann.newComponent(slide, "doomed");
        Convergence.of(a, b);

        link.cut();
        // one cell
        ann.renameDeck(deck, "Ann's roadmap");
        bob.renameDeck(deck, "Bob's roadmap");
        // one row, different cells
        ann.change(shared, "x", 12.5);
        bob.change(shared, "content", "Bob was here");
        // one row, update against delete
        ann.change(doomed, "content", "still needed");
        bob.deleteComponent(doomed);
        // new rows
        String fromAnn = ann.newComponent(slide, "from Ann");
        String fromBob = bob.newComponent(bob.newSlide(deck), "from Bob");
        String bobsDeck = bob.newDeck("Another deck");
        assertThat(ann.hasDeck(bobsDeck)).as("the link is cut").isFalse();

        link.reopen();
        Convergence.of(a, b);
        assertThat(ann.components(deck)).containsOnlyKeys(shared, fromAnn, fromBob);
        JsonNode merged = ann.component(deck, shared);
        assertThat(merged.get("x").asDouble()).isEqualTo(12.5);
        assertThat(merged.get("content").asString()).isEqualTo("Bob was here");
        assertThat(ann.deckName(deck))
                .as("both wrote once, so the larger value wins")
                .isEqualTo("Bob's roadmap");
    }

    @Test
    void theOneThatWroteMoreOftenWinsACell() {
        String deck = ann.newDeck("Draft");
        Convergence.of(a, b);

        link.cut();
        ann.renameDeck(deck, "A first try");
        ann.renameDeck(deck, "A second try");
        bob.renameDeck(deck, "Z");

        link.reopen();
        Convergence.of(a, b);
        assertThat(bob.deckName(deck)).isEqualTo("A second try");
    }

    @Test
    void aStoppedInstanceCatchesUp() {
        String kept = ann.newDeck("Kept");
        String deleted = ann.newDeck("Deleted");
        Convergence.of(a, b);

        b.stop();
        String slide = ann.newSlide(kept);
        ann.paste(slide, 500, "while Bob was away");
        ann.deleteDeck(deleted);
        a.stop();

        b.start();
        bob.renameDeck(deleted, "Bob cannot know");
        String bobs = bob.newDeck("While Ann was away");
        a.start();

        Convergence.of(a, b);
        assertThat(bob.hasDeck(deleted)).isFalse();
        assertThat(bob.components(kept)).hasSize(500);
        assertThat(ann.hasDeck(bobs)).isTrue();
    }
}
