package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exchange goes on by itself in a lazy application, and after one has been paused, as cached contexts of tests are. */
@SuppressWarnings("NullAway.Init") // set before each test
class LifecycleTests {

    @TempDir
    Path directory;

    private Instance office;
    private Instance laptop;

    @BeforeEach
    void start() {
        office = new Instance(directory.resolve("office.db")).start(Note.class);
        laptop = new Instance(directory.resolve("laptop.db"))
                .withPeer(office)
                .with("spring.main.lazy-initialization=true", "crr.sync.interval=100ms")
                .start(Note.class);
    }

    @AfterEach
    void close() {
        laptop.close();
        office.close();
    }

    @Test
    void nobodyNeedsToAskForAnything() {
        office.write("before the pause");
        await().until(() -> laptop.texts().contains("before the pause"));

        laptop.context().stop();
        office.write("during the pause");
        assertThat(laptop.bean(SyncLoop.class).isRunning()).isFalse();
        laptop.context().start();

        await().until(() -> laptop.texts().contains("during the pause"));
        assertThat(laptop.status().path("tables").has("note")).isTrue();
    }
}
