package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance that starts with beans generated at build time, beside one that does not. */
class AheadOfTimeIT {

    @RegisterExtension
    final Instances instances = new Instances();

    @Test
    void startsAndExchangesLikeAnyOther() throws IOException {
        DemoProcess ahead = instances.create("ahead").withJvmOption("-Dspring.aot.enabled=true");
        DemoProcess other = instances.create("other");
        instances.link(ahead, other);
        Editor ann = Editor.of(ahead.start());
        Editor bob = Editor.of(other.start());
        assertThat(Files.readString(ahead.log())).contains("Starting AOT-processed");

        String anns = ann.newDeck("Made ahead of time");
        String bobs = bob.newDeck("Made just in time");
        Convergence.of(ahead, other);
        assertThat(bob.hasDeck(anns)).isTrue();
        assertThat(ann.hasDeck(bobs)).isTrue();
    }
}
