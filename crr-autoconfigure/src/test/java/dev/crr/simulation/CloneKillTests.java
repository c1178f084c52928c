package dev.crr.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.kill.Killing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub, a database that exchanges with it, and copies of that one and of its copies, each made when a process on it had just been
 * killed. Histories that exchange between any two of them are killed again and again, most of them at chosen points. In the end all
 * have their own site ids and the same rows, and none that was committed anywhere is missing. {@code -Dcrr.kills=N} for more,
 * {@code -Dcrr.seed=N} to replay the points.
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
        Killing killing = new Killing(CloneKillVictim.class, random, folder);
        for (int copies = 0; copies <= COPIES; copies++) {
            // A tenth of the kills before each copy, the rest after the last one.
            while (killing.kills() * 10 < KILLS * (copies < COPIES ? copies + 1 : 10)) {
                killing.run(pairs(random), this::note);
            }
            if (copies < COPIES) {
                copy(databases.get(1 + random.nextInt(databases.size() - 1)));
            }
        }
        System.out.println(killing.kills() + " kills: " + killing.left());
        assertThat(committed).isNotEmpty();
        assertThat(exchanges).isPositive();
        assertAllComeTogether(seed);
    }

    /** Any two, and beside them other two. */
    private List<Killing.Pair> pairs(Random random) {
        List<Path> shuffled = new ArrayList<>(databases);
        Collections.shuffle(shuffled, random);
        List<Killing.Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < shuffled.size(); i += 2) {
            pairs.add(new Killing.Pair(shuffled.get(i), shuffled.get(i + 1)));
        }
        return pairs;
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

    private void note(Killing.Pair pair, String said) {
        if (said.startsWith("w ")) {
            committed.add(said.substring(2));
        } else {
            exchanges++;
        }
    }
}
