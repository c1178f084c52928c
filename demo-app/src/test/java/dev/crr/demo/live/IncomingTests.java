package dev.crr.demo.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What pages are told about what came from a peer. */
@SpringBootTest
class IncomingTests {

    private static final SiteId PEER = SiteId.random();
    private static final String WRITTEN_TWICE = "twice";

    @TempDir
    static Path directory;

    @Autowired
    ChangesetService changesets;

    @Autowired
    Incoming incoming;

    @Autowired
    JdbcTemplate jdbc;

    private long version;

    @DynamicPropertySource
    static void ownDatabase(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> "jdbc:sqlite:" + directory.resolve("incoming.db"));
    }

    @BeforeEach
    void aSlide() {
        jdbc.update("DELETE FROM component");
        jdbc.update("INSERT OR REPLACE INTO deck (id, name) VALUES ('d', 'Roadmap')");
        jdbc.update("INSERT OR REPLACE INTO slide (id, deck_id, position) VALUES ('s0', 'd', 'a '), ('s', 'd', 'a!')");
    }

    private void component(String id, String content) {
        jdbc.update("INSERT INTO component (id, slide_id, content) VALUES (?, 's', ?)", id, content);
    }

    @Test
    void eachChangeIsWonLostOrTheSame() {
        component("c", "ours");
        jdbc.update("UPDATE component SET content = ?", WRITTEN_TWICE);
        jdbc.update("UPDATE component SET fill = '#ffffff'");

        receive(cell("c", "content", Value.of("theirs"), 2), cell("c", "x", Value.of(7.0), 2));
        assertThat(latest().subject())
                .isEqualTo(new IncomingRow.Subject("d", "Roadmap", "s", 2, "text", WRITTEN_TWICE));
        assertThat(latest().cells())
                .containsExactly(
                        new IncomingCell("content", "theirs", WRITTEN_TWICE, name(), Outcome.LOST),
                        new IncomingCell("x", 7.0, 7.0, name(), Outcome.WON));

        receive(cell("c", "fill", Value.of("#ffffff"), 2));
        assertThat(latest().cells()).extracting(IncomingCell::outcome).containsExactly(Outcome.SAME);
    }

    @Test
    void numbersOfAnyKindAreCompared() {
        component("n", "");
        receive(cell("n", "x", Value.of(7L), 2));
        assertThat(latest().cells()).extracting(IncomingCell::outcome).containsExactly(Outcome.WON);
    }

    @Test
    void deletedRowsAreToldOf() {
        component("gone", "");
        component("here", "");
        receive(row("gone", 2));
        assertThat(latest().subject()).isNull();
        assertThat(latest().cells()).containsExactly(new IncomingCell(Change.ROW, false, false, name(), Outcome.WON));

        receive(cell("gone", "content", Value.of("late"), 5));
        assertThat(latest().cells()).extracting(IncomingCell::outcome).containsExactly(Outcome.LOST);
    }

    @Test
    void aChangeThatComesTwiceIsToldOnce() {
        component("c2", "");
        Change change = cell("c2", "content", Value.of("once"), 2);
        receive(change);
        int before = incoming.latest().size();
        apply(change);
        receive(cell("c2", "content", Value.of("twice"), 3));
        assertThat(incoming.latest()).hasSize(before + 1);
    }

    @Test
    void theBeginningOfManyIsEnough() {
        Change[] many = new Change[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = cell("many" + i, "content", Value.of("text"), 1);
        }
        receive(many);
        assertThat(incoming.latest())
                .filteredOn(row -> row.id().startsWith("many"))
                .hasSize(100);
    }

    /** Applies changes and waits until they are told of. */
    private void receive(Change... changes) {
        int before = incoming.latest().size();
        apply(changes);
        await().atMost(Duration.ofMinutes(1)).until(() -> incoming.latest().size() > before);
    }

    private void apply(Change... changes) {
        changesets.apply(new Changeset(PEER, null, 0, ++version, null, null, false, List.of(changes)));
    }

    private IncomingRow latest() {
        return incoming.latest().get(0);
    }

    private static String name() {
        return PEER.toString().substring(0, 8);
    }

    private static Change cell(String id, String column, Value value, long columnVersion) {
        return new Change("component", List.of(Value.of(id)), column, value, columnVersion, 1, PEER, 1, 0);
    }

    private static Change row(String id, long cl) {
        return new Change("component", List.of(Value.of(id)), Change.ROW, Value.NULL, cl, 1, PEER, cl, 0);
    }
}
