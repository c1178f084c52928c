package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which writes travel, and which do not. */
class TrackedWritesIT {

    @RegisterExtension
    final Instances instances = new Instances();

    @Test
    void bulkStatementsTravelAndLocalTablesDoNot() {
        DemoProcess a = instances.create("a");
        DemoProcess b = instances.create("b");
        instances.link(a, b);
        Editor ann = Editor.of(a.start());
        Editor bob = Editor.of(b.start());

        String deck = ann.newDeck("Quarterly");
        String first = ann.newSlide(deck);
        String component = ann.newComponent(first, "ACME");
        a.put("/api/decks/" + deck + "/selected-slides", Map.of("selected", List.of(first)));
        a.put("/api/slides/" + first + "/selected-components", Map.of("selected", List.of(component)));
        Convergence.of(a, b);

        // SQL through JdbcTemplate
        assertThat(a.post("/api/decks/" + deck + "/replace-text", Map.of("find", "ACME", "replace", "Initech"))
                        .get("changed")
                        .asInt())
                .isEqualTo(1);
        Convergence.of(a, b);
        assertThat(bob.deck(deck).findValuesAsString("content")).containsExactly("Initech");

        // bulk deletes in JPQL
        String doomed = bob.newDeck("Doomed");
        bob.newComponent(bob.newSlide(doomed), "doomed too");
        Convergence.of(a, b);
        ann.deleteDeck(doomed);
        Convergence.of(a, b);
        assertThat(bob.hasDeck(doomed)).isFalse();

        assertThat(a.get("/api/decks/" + deck + "/selected-slides").get("selected"))
                .hasSize(1);
        assertThat(a.get("/api/slides/" + first + "/selected-components").get("selected"))
                .hasSize(1);
        assertThat(b.get("/api/decks/" + deck + "/selected-slides").get("selected"))
                .isEmpty();
        assertThat(b.get("/api/slides/" + first + "/selected-components").get("selected"))
                .isEmpty();
        assertThat(Cell.allOf(a)).extracting(Cell::table).containsOnly("deck", "slide", "component");
        assertThat(a.get("/actuator/crr").get("tables").propertyNames())
                .containsExactlyInAnyOrder("deck", "slide", "component");
    }
}
