package dev.crr.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub, a database that exchanges with it, and copies of that one and of its copies, each made when a process on it had just been
 * killed. Processes that exchange between any two of them are killed again and again at random moments. In the end all have their
 * own site ids and the same rows, and none that was committed anywhere is missing. {@code -Dcrr.kills=N} for more,
 * {@code -Dcrr.seed=N} to replay the moments, as far as a clock can be replayed.
 */
class CloneKillTests {

    private static final int KILLS = Integer.getInteger("crr.kills", 100);
    private static final int COPIES = 4;

    @TempDir
    Path folder;

    private final Set<String> committed = new HashSet<>();
    private final List<Path> databases = new ArrayList<>();
    private int exchanges;

    @Test
    void eachComesToAnIdentityOfItsOwnAndNothingIsLost() throws IOException, InterruptedException, SQLException {
        long seed = Long.getLong("crr.seed", 1);
        System.out.println("CloneKillTests: replay with -Dcrr.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2; i++) {
            databases.add(folder.resolve("database" + i));
            new Node(i, CloneKillVictim.TABLES, true, databases.get(i)).close();
        }
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % (KILLS / (COPIES + 1)) == KILLS / (COPIES + 1) / 2 && databases.size() < 2 + COPIES) {
                copy(databases.get(1 + random.nextInt(databases.size() - 1)));
            }
            int one = random.nextInt(databases.size());
            int other = (one + 1 + random.nextInt(databases.size() - 1)) % databases.size();
            runAndKill(databases.get(one), databases.get(other), random);
        }
        assertThat(databases).hasSize(2 + COPIES);
        assertThat(committed).hasSizeGreaterThan(KILLS / 4);
        assertThat(exchanges).isGreaterThan(KILLS / 4);
        assertAllComeTogether(seed);
    }

    private void assertAllComeTogether(long seed) throws SQLException {
        List<Node> nodes = new ArrayList<>();
        for (Path database : databases) {
            nodes.add(Node.in(database, CloneKillVictim.TABLES));
        }
        Schedule schedule = CloneKillVictim.schedule(seed, nodes.size());
        try (World world = new World(schedule, nodes)) {
            new FinalExchange(schedule, world).run();
            assertThat(nodes.stream().map(Node::siteId)).doesNotHaveDuplicates();
            for (Node node : nodes) {
                assertThat(new HashSet<>(node.query("SELECT id FROM late"))).containsAll(committed);
                assertThat(node.query("PRAGMA integrity_check")).containsExactly("ok");
            }
        }
    }

    /** With its log, in which most of it is after a kill. */
    private void copy(Path original) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("database" + databases.size()));
        for (String suffix : List.of("", "-wal")) {
            Path part = Path.of(Database.file(original, 0) + suffix);
            if (Files.exists(part)) {
                Files.copy(part, Path.of(Database.file(copy, 0) + suffix));
            }
        }
        databases.add(copy);
    }

    private void runAndKill(Path one, Path other, Random random) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CloneKillVictim.class.getName(),
                        one.toString(),
                        other.toString(),
                        String.valueOf(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("ready");
            Thread killer = new Thread(() -> killAfter(process, random.nextInt(150_000)));
            killer.start();
            lines.lines().forEach(this::note);
            killer.join();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void killAfter(Process process, long micros) {
        try {
            assertThat(process.waitFor(micros, TimeUnit.MICROSECONDS))
                    .as("ended by itself")
                    .isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By its handle, because Process would close the output that is still to be read.
        process.toHandle().destroyForcibly();
    }

    private void note(String line) {
        // What was cut off by the kill does not count.
        if (line.startsWith("w ") && line.endsWith(" .")) {
            committed.add(line.split(" ", -1)[1]);
        } else if (line.equals("exchanged .")) {
            exchanges++;
        }
    }
}
