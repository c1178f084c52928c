package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which triggers the start warns of, and which it is silent about. */
@ExtendWith(OutputCaptureExtension.class)
class TriggerAdviceTests {

    private static final String[] TABLES = {
        "CREATE TABLE deck (id INTEGER PRIMARY KEY NOT NULL, name TEXT, cards INTEGER, touched TEXT)",
        "CREATE TABLE card (id TEXT PRIMARY KEY NOT NULL, deck INTEGER, text TEXT, seen TEXT)",
        "CREATE TABLE pair (a TEXT NOT NULL, b TEXT NOT NULL, n INTEGER, m TEXT, PRIMARY KEY (a, b))",
        "CREATE TABLE audit (id TEXT PRIMARY KEY NOT NULL, what TEXT)",
        "CREATE TABLE log (what TEXT)"
    };

    @TempDir
    Path folder;

    private Replica start(String... sql) {
        Replica replica = new Replica(folder.resolve("a.db"));
        replica.run(TABLES).run(sql).install("deck", "card", "pair", "audit");
        return replica;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER INSERT ON card BEGIN UPDATE deck SET cards = cards + 1 WHERE id = NEW.deck; END",
                "AFTER UPDATE ON card BEGIN UPDATE deck SET touched = CURRENT_TIMESTAMP WHERE id = NEW.deck; END",
                "AFTER UPDATE ON card BEGIN INSERT INTO audit VALUES (hex(randomblob(16)), NEW.text); END",
                "AFTER UPDATE ON card BEGIN INSERT INTO audit (what) VALUES (NEW.text); END",
                "AFTER UPDATE ON card BEGIN INSERT INTO audit VALUES (NEW.id || NEW.text, 'edited'); END",
                "AFTER UPDATE ON card BEGIN UPDATE card SET seen = datetime('now'); END",
                "AFTER UPDATE ON card BEGIN UPDATE card SET seen = strftime('%s', 'now') WHERE id <> NEW.id OR id = NEW.id; END",
                "AFTER UPDATE ON card BEGIN UPDATE card SET id = hex(randomblob(4)) WHERE id = NEW.id; END",
                "AFTER UPDATE ON pair BEGIN UPDATE pair SET n = n + 1 WHERE a = NEW.a; END",
                "AFTER INSERT ON card BEGIN INSERT INTO deck (id, cards) VALUES (NEW.deck, 1)"
                        + " ON CONFLICT (id) DO UPDATE SET cards = cards + 1; END",
            })
    void warns(String trigger, CapturedOutput output) {
        try (Replica replica = start("CREATE TRIGGER \"the \"\"trigger\" " + trigger)) {
            assertThat(output)
                    .contains("WARN", "Trigger the \"trigger on table ", "(SELECT merging FROM crr_state) IS NULL");
            // Also at the next start, which has nothing to do.
            int before = output.getOut().length();
            replica.install("deck", "card", "pair", "audit");
            assertThat(output.getOut().substring(before)).contains("Trigger the \"trigger on table ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER UPDATE ON card BEGIN UPDATE card SET seen = CURRENT_TIMESTAMP WHERE id = NEW.id; END",
                "AFTER UPDATE ON card FOR EACH ROW BEGIN UPDATE \"card\" SET seen = datetime('now') WHERE NEW.\"id\" = card.id; END",
                "AFTER UPDATE ON card BEGIN UPDATE card SET seen = random() WHERE rowid = NEW.rowid; END",
                "AFTER UPDATE ON deck BEGIN UPDATE [deck] SET cards = cards + 1 WHERE _rowid_ = OLD.id; END",
                "AFTER UPDATE ON pair BEGIN UPDATE pair SET n = n + 1 WHERE a = NEW.a AND b = NEW.b; END",
                "AFTER INSERT ON card WHEN NEW.text = 'BEGIN DELETE; END' BEGIN UPDATE deck SET cards ="
                        + " (SELECT count(*) FROM card WHERE deck = NEW.deck) WHERE id = NEW.deck; END",
                "AFTER UPDATE ON card BEGIN INSERT INTO log VALUES (NEW.text || random()); END",
                "AFTER UPDATE ON card BEGIN INSERT OR IGNORE INTO audit VALUES (NEW.id || NEW.text, 'edited'); END",
                "AFTER UPDATE ON card BEGIN INSERT OR REPLACE INTO audit (id, what) VALUES (NEW.id, NEW.text); END",
                "AFTER INSERT ON card WHEN (SELECT merging FROM crr_state) IS NULL"
                        + " BEGIN UPDATE deck SET cards = cards + 1 WHERE id = NEW.deck; END",
                "AFTER INSERT ON log BEGIN INSERT INTO audit VALUES (random(), 'logged'); END",
                "AFTER DELETE ON card BEGIN DELETE FROM audit WHERE id = OLD.id; END",
                "AFTER UPDATE OF deck ON card BEGIN /* UPDATE deck SET cards = random(); */ SELECT 1; -- DELETE FROM deck;\n END",
                "BEFORE UPDATE ON card BEGIN SELECT RAISE(ABORT, 'UPDATE deck SET x = random()') WHERE NEW.text = ''; END",
            })
    void isSilent(String trigger, CapturedOutput output) {
        start("CREATE TRIGGER u " + trigger).close();
        assertThat(output).doesNotContain("WARN");
    }

    @Test
    void warnsOfTablesThatAnswerEachOther(CapturedOutput output) {
        start(
                        "CREATE TRIGGER down AFTER UPDATE ON deck BEGIN UPDATE card SET seen = NEW.name WHERE deck = NEW.id; END",
                        "CREATE TRIGGER up AFTER UPDATE ON card BEGIN UPDATE deck SET touched = NEW.text WHERE id = NEW.deck; END")
                .close();
        assertThat(output).contains("Trigger down on table deck", "Trigger up on table card");
    }

    @Test
    void warnsOfATableThatIsSwitchedOn(CapturedOutput output) throws Exception {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            replica.run(TABLES)
                    .run(
                            "CREATE TRIGGER u AFTER INSERT ON card BEGIN UPDATE deck SET cards = cards + 1 WHERE id = NEW.deck; END")
                    .install("card");
            assertThat(output).doesNotContain("WARN");
            replica.inTransaction(() -> {
                TableSwitch.on(replica.connection, "deck");
                return Set.of();
            });
            assertThat(output).contains("Trigger u on table card writes to table deck");
        }
    }
}
