package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two applications with triggers of their own: which exchange for ever, and which do not. */
class RestlessAlarmTests {

    @TempDir
    Path directory;

    private Instance a;
    private Instance b;

    @BeforeEach
    void start() {
        a = Operator.watched(new Instance(directory.resolve("a"))).start(Note.class);
        b = Operator.watched(new Instance(directory.resolve("b"))).withPeer(a).start(Note.class);
    }

    @AfterEach
    void stop() {
        b.close();
        a.close();
    }

    private void onBoth(String sql) {
        a.jdbc().execute(sql);
        b.jdbc().execute(sql);
    }

    @Test
    void triggersThatNeverRestAreToldOfUntilTheyDo() {
        List<UUID> ring = List.of(a.write("one"), a.write("two"), a.write("three"));
        b.syncWell();
        onBoth(
                "CREATE TRIGGER ring AFTER UPDATE ON note BEGIN UPDATE note SET text = hex(randomblob(8)) WHERE id = CASE NEW.id"
                        + " WHEN '%1$s' THEN '%2$s' WHEN '%2$s' THEN '%3$s' ELSE '%1$s' END; END"
                                .formatted(ring.get(0), ring.get(1), ring.get(2)));
        a.jdbc()
                .update(
                        "UPDATE note SET text = 'edited' WHERE id = ?",
                        ring.get(0).toString());
        for (int round = 0; round < 102; round++) {
            b.syncWell();
        }
        new Operator(a).awaitOnly(AlarmKind.RESTLESS, "Let the triggers ring keep still during a merge");
        new Operator(b).awaitOnly(AlarmKind.RESTLESS, "merges into note all made edits, though nobody writes");
        assertThat(b.status().path("alarms").path(0).path("code").asString()).isEqualTo("restless");

        onBoth("DROP TRIGGER ring");
        b.syncWell();
        a.jdbc()
                .update(
                        "UPDATE note SET text = 'at rest' WHERE id = ?",
                        ring.get(0).toString());
        b.syncWell();
        new Operator(a).awaitAllIsWell();
        new Operator(b).awaitAllIsWell();
        assertThat(a.rows("note")).isEqualTo(b.rows("note"));
    }

    @Test
    void theTimeOfTheLastEditRests() {
        UUID note = a.write("one");
        b.syncWell();
        onBoth("CREATE TRIGGER modified AFTER UPDATE ON note BEGIN UPDATE note SET text = NEW.text || random()"
                + " WHERE id = NEW.id; END");
        a.jdbc().update("UPDATE note SET text = 'edited' WHERE id = ?", note.toString());
        b.syncWell();
        long version = b.service().version();
        for (int round = 0; round < 5; round++) {
            b.syncWell();
        }
        assertThat(b.service().version()).isEqualTo(version);
        assertThat(a.rows("note")).isEqualTo(b.rows("note"));
        new Operator(a).awaitAllIsWell();
    }
}
