package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the sqlite3 shell writes to an instance's file, while that runs, replicates like everything else. */
class ShellWriteIT {

    @RegisterExtension
    final Instances instances = new Instances();

    @BeforeAll
    static void needsTheShell() {
        Sqlite3Shell.assumeInstalled();
    }

    @Test
    void writesOfTheShellReachTheOtherInstance() {
        DemoProcess a = instances.create("a");
        DemoProcess b = instances.create("b");
        instances.link(a, b);
        Editor ann = Editor.of(a.start());
        Editor bob = Editor.of(b.start());
        Sqlite3Shell shell = new Sqlite3Shell(a.database());

        String deck = ann.newDeck("Old name");
        String slide = ann.newSlide(deck);
        String deleted = ann.newComponent(slide, "to be deleted");
        String kept = ann.newComponent(slide, "kept");
        Convergence.of(a, b);

        shell.run("INSERT INTO deck (id, name) VALUES ('shell-deck', 'From the shell')");
        shell.run("UPDATE deck SET name = 'New name' WHERE id = '" + deck + "'");
        shell.run("DELETE FROM component WHERE id = '" + deleted + "'");
        shell.run("INSERT OR REPLACE INTO slide (id, deck_id, position) VALUES ('shell-slide', 'shell-deck', 'a#')");
        shell.run("BEGIN; UPDATE component SET x = x + 1; UPDATE component SET x = x * 10; COMMIT");

        Convergence.of(a, b);
        assertThat(bob.deckName("shell-deck")).isEqualTo("From the shell");
        assertThat(bob.deck("shell-deck").at("/slides/0/position").asString()).isEqualTo("a#");
        assertThat(bob.deckName(deck)).isEqualTo("New name");
        assertThat(bob.components(deck)).containsOnlyKeys(kept);
        assertThat(bob.component(deck, kept).get("x").asDouble()).isEqualTo(10);
        assertThat(shell.run("SELECT count(*) > 0 FROM crsql_changes")).isEqualTo("1");
    }
}
