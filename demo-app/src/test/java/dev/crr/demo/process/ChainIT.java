package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Changes travel through an instance in the middle. */
class ChainIT {

    @RegisterExtension
    final Instances instances = new Instances();

    @Test
    void theEndsConvergeThoughTheyNeverTalk() {
        DemoProcess a = instances.create("a");
        DemoProcess b = instances.create("b");
        DemoProcess c = instances.create("c");
        instances.link(a, b);
        Link rear = instances.link(b, c);
        Editor ann = Editor.of(a.start());
        Editor bob = Editor.of(b.start());
        Editor cleo = Editor.of(c.start());

        String deck = ann.newDeck("Passed on");
        String slide = ann.newSlide(deck);
        String component = ann.newComponent(slide, "from Ann");
        Convergence.of(a, b, c);

        rear.cut();
        ann.change(component, "content", "Ann again");
        String bobs = bob.newSlide(deck);
        ann.moveSlide(slide);
        cleo.change(component, "rotation", 90);
        cleo.change(component, "content", "Cleo once");
        cleo.change(component, "content", "Cleo twice");
        String cleos = cleo.newDeck("From the other end");
        Convergence.of(a, b);

        rear.reopen();
        Convergence.of(a, b, c);
        assertThat(ann.hasDeck(cleos)).isTrue();
        assertThat(cleo.slides(deck)).hasSize(2).contains(slide, bobs);
        JsonNode now = ann.component(deck, component);
        assertThat(now.get("content").asString()).isEqualTo("Cleo twice");
        assertThat(now.get("rotation").asDouble()).isEqualTo(90);
        assertThat(a.get("/actuator/crr").get("peers"))
                .extracting(peer -> peer.get("name").asString())
                .containsExactly("b");
        assertThat(c.get("/actuator/crr").get("peers"))
                .extracting(peer -> peer.get("name").asString())
                .containsExactly("b");
    }
}
