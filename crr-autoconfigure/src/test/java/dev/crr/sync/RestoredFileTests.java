package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Epoch;
import dev.crr.Instance;
import dev.crr.SiteId;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whole applications, one of which goes on with an older copy of its file. */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before each test
class RestoredFileTests {

    @TempDir
    Path directory;

    private Instance a;
    private Instance b;

    @BeforeEach
    void prepare() {
        a = new Instance(directory.resolve("a"));
        b = new Instance(directory.resolve("b"));
    }

    @AfterEach
    void stopBoth() {
        a.close();
        b.close();
    }

    @Test
    void theAskedOneGoesOnWithOtherChanges() throws IOException {
        a.start(Note.class);
        b.withPeer(a).start(Note.class);
        haveCopyAndMore(a);

        restore(a);
        a.write("a after");
        b.write("b after");
        b.syncWell();
        assertAllCameTogether("a after", "b after");
        assertThat(a.service().epoch()).isNotEqualTo(b.service().epoch());
    }

    @Test
    void theAskedOneHasNothingNew() throws IOException {
        a.start(Note.class);
        b.withPeer(a).start(Note.class);
        haveCopyAndMore(a);

        restore(a);
        b.syncWell();
        assertAllCameTogether();
    }

    @Test
    void theOneThatIsOnlyPushedToHasNothingNew() throws IOException {
        a.start(Note.class);
        b.withPeer(a, "pull=false").start(Note.class);
        b.write("b before");
        b.syncWell();
        keepCopy(a);
        b.write("b later");
        b.syncWell();

        restore(a);
        assertThat(a.texts()).containsExactly("b before");
        b.syncWell();
        assertThat(a.texts()).containsExactly("b before", "b later");
    }

    @Test
    void theAskingOneGoesOnWithOtherChanges() throws IOException {
        a.start(Note.class);
        b.withPeer(a).start(Note.class);
        haveCopyAndMore(b);

        restore(b);
        a.write("a after");
        b.write("b after");
        b.syncWell();
        assertAllCameTogether("a after", "b after");
    }

    @Test
    void bothAskEachOther() throws IOException {
        b.withPeer(a);
        a.withPeer(b).start(Note.class);
        b.start(Note.class);
        haveCopyAndMore(a);

        restore(a);
        for (int i = 0; i < 5; i++) {
            a.write("a after " + i);
        }
        a.syncWell();
        b.syncWell();
        assertAllCameTogether("a after 0", "a after 1", "a after 2", "a after 3", "a after 4");
    }

    /** What it lacks came to the sender over somebody else, and would be left out because it wrote it itself. */
    @Test
    void theOneThatIsSentChangesAndAsksNobody() throws IOException {
        a.start(Note.class);
        a.write("a before");
        keepCopy(a);
        a.write("a later");
        try (Instance between = new Instance(directory.resolve("c"))) {
            between.withPeer(a).start(Note.class);
            between.syncWell();
            b.withPeer(between).start(Note.class);
            b.syncWell();
        }
        b.write("b later");
        b.close();
        b.with("crr.peers[0].name=a", "crr.peers[0].url=" + a.uri(""), "crr.peers[0].pull=false")
                .start(Note.class);

        restore(a);
        b.syncWell();
        assertThat(a.texts()).containsExactly("a before", "a later", "b later");
        assertThat(b.rows("note")).isEqualTo(a.rows("note"));
        assertThat(b.sync().get(0).path("pushed").asLong(-1)).isZero();
    }

    /** The numbers that the sender gave out anew are those of changes that the receiver has of it from before. */
    @Test
    void theSenderIsRestoredAndThenTheOneThatIsOnlySentChanges() throws IOException {
        a.start(Note.class);
        b.withPeer(a, "pull=false").start(Note.class);
        b.write("b before");
        b.syncWell();
        keepCopy(b);
        b.write("b lost 1");
        b.write("b lost 2");
        b.write("b lost 3");
        b.syncWell();
        keepCopy(a);

        restore(b);
        b.write("b after 1");
        b.syncWell();
        assertThat(a.texts()).contains("b after 1");
        restore(a);
        assertThat(a.texts()).doesNotContain("b after 1");
        b.syncWell();
        assertThat(a.texts()).contains("b after 1");
        // Also when new changes come past the numbers that were given out twice.
        restore(a);
        for (int i = 2; i < 6; i++) {
            b.write("b after " + i);
        }
        b.syncWell();
        assertThat(a.texts())
                .containsExactlyInAnyOrder(
                        "b before",
                        "b lost 1",
                        "b lost 2",
                        "b lost 3",
                        "b after 1",
                        "b after 2",
                        "b after 3",
                        "b after 4",
                        "b after 5");
        long version = a.service().version();
        assertThat(b.sync().get(0).path("pushed").asLong(-1)).isZero();
        assertThat(a.service().version()).isEqualTo(version);
    }

    /** Its own row is still with somebody whom it does not know, and reaches the one it asks only after it has asked. */
    @Test
    void whatTheRestoredOneWroteComesToItsPeerByWayOfAThird() throws IOException {
        a.start(Note.class);
        b.withPeer(a).start(Note.class);
        b.syncWell();
        keepCopy(a);
        keepCopy(b);
        b.write("b lost");
        b.syncWell();
        try (Instance third = new Instance(directory.resolve("c"))) {
            third.withPeer(a).start(Note.class);
            third.syncWell();
            restore(a);
            restore(b);
            b.syncWell();
            assertThat(b.texts()).isEmpty();
            third.syncWell();
            assertThat(a.texts()).containsExactly("b lost");
        }
        b.syncWell();
        assertThat(b.texts()).containsExactly("b lost");
    }

    /** Who sends met it before it was restored. */
    @Test
    void whatIsLeftOutForAnEarlierEpochDoesNotCount() throws IOException {
        a.start(Note.class);
        Epoch before = a.service().epoch();
        keepCopy(a);
        restore(a);
        String leavesOut = "{\"siteId\":\"%s\",\"since\":0,\"version\":7,\"exclude\":\"%s\",\"changes\":[]}"
                .formatted(SiteId.random(), a.service().siteId());

        assertThat(received(leavesOut, "?receiverEpoch=" + before)).isZero();
        assertThat(received(leavesOut.replaceAll(",\"exclude\":\"\\w+\"", ""), "?receiverEpoch=" + before))
                .isEqualTo(7);
        assertThat(received(leavesOut.replace(":7", ":8"), "?receiverEpoch=" + before))
                .isEqualTo(7);
        assertThat(received(
                        leavesOut.replace(":7", ":8"),
                        "?receiverEpoch=" + a.service().epoch()))
                .isEqualTo(8);
        assertThat(received(leavesOut.replace(":7", ":9"), ""))
                .as("from somebody who knows nothing of epochs")
                .isEqualTo(9);
    }

    private long received(String changeset, String query) {
        return Instance.json(a.post("/changes" + query, changeset))
                .path("received")
                .asLong(-1);
    }

    private void haveCopyAndMore(Instance copied) throws IOException {
        a.write("a before");
        b.write("b before");
        syncBoth();
        keepCopy(copied);
        a.write("a later");
        b.write("b later");
        a.jdbc().update("UPDATE note SET text = 'b edited by a' WHERE text = 'b before'");
        syncBoth();
        assertThat(a.texts()).isEqualTo(b.texts()).hasSize(4);
    }

    private void assertAllCameTogether(String... after) {
        List<String> expected = new ArrayList<>(List.of("a before", "a later", "b edited by a", "b later"));
        expected.addAll(List.of(after));
        assertThat(a.texts()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(b.rows("note")).isEqualTo(a.rows("note"));
        syncBoth();
        long[] versions = {a.service().version(), b.service().version()};
        for (Instance each : new Instance[] {a, b}) {
            for (JsonNode outcome : each.sync()) {
                assertThat(outcome.path("pulled").asLong(-1)).isZero();
                assertThat(outcome.path("pushed").asLong(-1)).isZero();
            }
        }
        assertThat(new long[] {a.service().version(), b.service().version()}).isEqualTo(versions);
    }

    private void syncBoth() {
        a.syncWell();
        b.syncWell();
    }

    /** The way an administrator would with the application running, and with the sidecar files out of the picture. */
    private void keepCopy(Instance instance) {
        instance.jdbc().execute("VACUUM INTO '" + copy(instance) + "'");
    }

    private void restore(Instance instance) throws IOException {
        instance.close();
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(directory.resolve(instance.name() + suffix));
        }
        Files.copy(copy(instance), instance.file(), StandardCopyOption.REPLACE_EXISTING);
        instance.start(Note.class);
    }

    private Path copy(Instance instance) {
        return directory.resolve(instance.name() + ".copy");
    }
}
