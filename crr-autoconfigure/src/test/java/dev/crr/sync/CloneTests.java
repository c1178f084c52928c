package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.SiteId;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Whole applications, one of which goes on with a copy of another's file while that one goes on too. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class CloneTests {

    @TempDir
    Path directory;

    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void stopAll() {
        instances.forEach(Instance::close);
    }

    @Test
    void theCopyAsksTheOriginal(CapturedOutput output) throws IOException {
        Instance original = instance("original").start(Note.class);
        original.write("before");
        Instance copy = copyOf(original, "copy").withPeer(original).start(Note.class);
        SiteId shared = original.service().siteId();
        writeAndEdit(original, copy);

        copy.syncWell();

        assertThat(original.service().siteId()).isEqualTo(shared);
        assertThat(copy.service().siteId()).isNotEqualTo(shared);
        assertAllHave(4, original, copy);
        assertThat(output).containsOnlyOnce("is in use beside it");
        assertThat(copy.status().path("lastReidentified").asString("")).isNotEmpty();
        assertThat(copy.status().path("clones"))
                .isEqualTo(original.status().path("clones"))
                .hasSize(1);
        assertThat(original.status().has("lastReidentified")).isFalse();
        assertQuiet(original, copy);
    }

    @Test
    void theOriginalAsksTheCopy() throws IOException {
        Instance copy = instance("copy");
        Instance original = instance("original").withPeer(copy).start(Note.class);
        original.write("before");
        copyOf(original, "copy");
        copy.start(Note.class);
        SiteId shared = original.service().siteId();
        writeAndEdit(original, copy);

        original.syncWell();

        assertThat(original.service().siteId()).isEqualTo(shared);
        assertThat(copy.service().siteId()).isNotEqualTo(shared);
        assertAllHave(4, original, copy);
        assertQuiet(original, copy);
    }

    @Test
    void bothAskEachOtherAndBothWereStartedSince() throws IOException {
        Instance original = instance("original");
        Instance copy = instance("copy").withPeer(original);
        original.withPeer(copy).start(Note.class);
        original.write("before");
        copyOf(original, "copy");
        copy.start(Note.class);
        original.close();
        original.start(Note.class);
        SiteId shared = original.service().siteId();
        writeAndEdit(original, copy);

        Thread other = new Thread(original::sync);
        other.start();
        copy.sync();
        join(other);
        original.syncWell();
        copy.syncWell();

        assertThat(Set.of(original.service().siteId(), copy.service().siteId()))
                .hasSize(2)
                .contains(shared);
        assertAllHave(4, original, copy);
        assertQuiet(original, copy);
    }

    /** The hub asks nobody, and original and copy never meet. */
    @Test
    void bothAskAHub() throws IOException {
        Instance hub = instance("hub").start(Note.class);
        Instance original = instance("original").withPeer(hub).start(Note.class);
        original.write("before");
        original.syncWell();
        Instance copy = copyOf(original, "copy").withPeer(hub).start(Note.class);
        SiteId shared = original.service().siteId();
        writeAndEdit(original, copy);

        for (int round = 0; round < 8; round++) {
            original.sync();
            copy.sync();
        }

        assertThat(Set.of(original.service().siteId(), copy.service().siteId()))
                .hasSize(2)
                .contains(shared);
        assertAllHave(4, hub, original, copy);
        assertQuiet(hub, original, copy);
    }

    /** The hub asks both, and neither asks anybody. */
    @Test
    void aHubAsksBoth() throws IOException {
        Instance original = instance("original");
        Instance copy = instance("copy");
        Instance hub = instance("hub").withPeer(original).withPeer(copy);
        original.start(Note.class);
        hub.start(Note.class);
        original.write("before");
        copyOf(original, "copy");
        copy.start(Note.class);
        SiteId shared = original.service().siteId();
        writeAndEdit(original, copy);

        // It asks both at once, so that either may come first, and the one it tells first may not be the one that is
        // sure.
        for (int round = 0; round < 15; round++) {
            hub.sync();
        }
        hub.syncWell();

        assertThat(Set.of(original.service().siteId(), copy.service().siteId()))
                .hasSize(2)
                .contains(shared);
        assertAllHave(4, hub, original, copy);
        assertQuiet(hub, original, copy);
    }

    /** What the copy wrote under the shared id is with others already, who would leave it out for the original. */
    @Test
    void twoStepsApart() throws IOException {
        Instance left = instance("left");
        Instance right = instance("right").withPeer(left);
        left.start(Note.class);
        right.start(Note.class);
        Instance original = instance("original").withPeer(left).start(Note.class);
        original.write("before");
        original.syncWell();
        Instance copy = copyOf(original, "copy").withPeer(right).start(Note.class);
        writeAndEdit(original, copy);
        right.write("right");
        for (int round = 0; round < 2; round++) {
            syncAll(original, copy, right);
        }
        // They never met, and nobody has met both. Then the copy is moved to where the original is.
        copy.close();
        copy.withPeer(left).start(Note.class);
        for (int round = 0; round < 8; round++) {
            syncAll(original, copy, right);
        }

        assertThat(ids(left, right, original, copy)).hasSize(4);
        assertAllHave(5, left, right, original, copy);
        assertQuiet(left, right, original, copy);
    }

    @Test
    void aCopyOfACopy() throws IOException {
        Instance hub = instance("hub").start(Note.class);
        Instance first = instance("first").withPeer(hub).start(Note.class);
        first.write("before");
        first.syncWell();
        Instance second = copyOf(first, "second").withPeer(hub).start(Note.class);
        second.write("second");
        Instance third = copyOf(second, "third").withPeer(hub).start(Note.class);
        writeAndEdit(first, second, third);

        for (int round = 0; round < 8; round++) {
            syncAll(first, second, third);
        }

        assertThat(ids(hub, first, second, third)).hasSize(4);
        assertAllHave(7, hub, first, second, third);
        assertQuiet(hub, first, second, third);
    }

    /** Two processes on one file have one site id, and whoever of them started last began its epoch. */
    @Test
    void twoProcessesOnOneFile() {
        Instance hub = instance("hub").start(Note.class);
        Instance one = instance("one").withPeer(hub).start(Note.class);
        Instance two = new Instance(one.file()).withPeer(hub, "name=h").withPeer(one, "name=one");
        instances.add(two);
        two.start(Note.class);
        SiteId shared = one.service().siteId();
        for (int start = 0; start < 3; start++) {
            one.write("one");
            two.write("two");
            one.sync();
            two.sync();
            two.close();
            two.start(Note.class);
            one.sync();
            two.sync();
        }
        assertThat(one.service().siteId()).isEqualTo(two.service().siteId()).isEqualTo(shared);
        assertThat(hub.texts()).hasSize(6);
        assertThat(two.status().path("peers").get(1).path("lastError").asString(""))
                .contains("this application itself");
    }

    @Test
    void aRestartedAndARestoredFileAreNoClones() throws IOException {
        Instance hub = instance("hub").start(Note.class);
        Instance original = instance("original").withPeer(hub).start(Note.class);
        original.write("before");
        original.syncWell();
        Path kept = directory.resolve("kept");
        original.jdbc().execute("VACUUM INTO '" + kept + "'");
        SiteId id = original.service().siteId();
        for (int i = 0; i < 3; i++) {
            original.write("later " + i);
            original.syncWell();
            original.close();
            replace(original.file(), kept);
            original.start(Note.class);
            original.syncWell();
            original.close();
            original.start(Note.class);
            original.syncWell();
        }
        assertThat(original.service().siteId()).isEqualTo(id);
        assertAllHave(4, hub, original);
    }

    private Instance instance(String name) {
        Instance instance = new Instance(directory.resolve(name));
        instances.add(instance);
        return instance;
    }

    /** While it runs, with its log, as who copies files does. */
    private Instance copyOf(Instance original, String name) throws IOException {
        Path file = directory.resolve(name);
        for (String suffix : List.of("", "-wal")) {
            Path part = Path.of(original.file() + suffix);
            if (Files.exists(part)) {
                Files.copy(part, Path.of(file + suffix));
            }
        }
        return instances.stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst()
                .orElseGet(() -> instance(name));
    }

    private static void replace(Path file, Path by) throws IOException {
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** More of each than of the others, so that one's numbers are past another's; and all edit one row alike often. */
    private static void writeAndEdit(Instance... writers) {
        int last = writers.length - 1;
        for (int i = 0; i <= last; i++) {
            writers[i].write(writers[i].name() + " wrote");
            writers[i].jdbc().update("UPDATE note SET text = ? WHERE text LIKE 'before%'", "before " + i);
        }
        writers[last].write(writers[last].name() + " wrote more");
        if (last > 1) {
            writers[1].write(writers[1].name() + " wrote more");
        }
    }

    private static void syncAll(Instance... all) {
        Arrays.stream(all).forEach(Instance::sync);
    }

    private static Set<SiteId> ids(Instance... all) {
        Set<SiteId> ids = new LinkedHashSet<>();
        Arrays.stream(all).forEach(instance -> ids.add(instance.service().siteId()));
        return ids;
    }

    private static void assertAllHave(int count, Instance... all) {
        assertThat(all[0].texts()).hasSize(count);
        for (Instance each : all) {
            assertThat(each.rows("note")).as(each.name()).isEqualTo(all[0].rows("note"));
        }
    }

    private static void assertQuiet(Instance... all) {
        for (int round = 0; round < 2; round++) {
            Arrays.stream(all).forEach(Instance::syncWell);
        }
        List<Long> versions = versions(all);
        for (Instance each : all) {
            for (JsonNode outcome : each.sync()) {
                assertThat(outcome.path("success").asBoolean())
                        .as(outcome.toString())
                        .isTrue();
                assertThat(outcome.path("pulled").asLong(-1)).isZero();
                assertThat(outcome.path("pushed").asLong(-1)).isZero();
            }
        }
        assertThat(versions(all)).isEqualTo(versions);
    }

    private static List<Long> versions(Instance... all) {
        return Arrays.stream(all).map(instance -> instance.service().version()).toList();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
