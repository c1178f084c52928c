package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An instance between two databases with the real cr-sqlite, which meet only through it. All three are edited at random and
 * exchange at random; in the end they hold the same. Run with {@code -Dcrr.seed=N} to repeat a printed choice, with
 * {@code -Dcrr.seeds=N} for more than the usual few.
 *
 * <p>The cr-sqlite databases update no keys, which loses values there.
 */
class CrSqlitePeerIT {

    private static final List<String> TABLES = List.of("deck", "slide", "component");
    private static final Path MIGRATION = Path.of("src/main/resources/db/migration/V1__presentation.sql");
    private static final Path MORE_COLUMNS = Path.of("src/test/node/migration/V2__columns_of_every_kind.sql");
    private static final int ROUNDS = 12;
    private static final int EDITS = 8;
    private static final int EXCHANGES = 4;
    private static final int ENOUGH = 10;

    @RegisterExtension
    final Instances instances = new Instances();

    @Test
    void allEndUpWithTheSame() throws IOException, InterruptedException {
        NodePackage.install();
        DemoProcess instance = instances
                .create("instance")
                .with("--spring.flyway.locations=classpath:db/migration,filesystem:" + MORE_COLUMNS.getParent())
                .start();
        for (long seed : seeds()) {
            System.out.println("cr-sqlite as a peer: -Dcrr.seed=" + seed);
            try (CrSqlitePeer one = startPeer("one");
                    CrSqlitePeer other = startPeer("other")) {
                run(seed, instance, List.of(one, other));
            }
        }
    }

    private static long[] seeds() {
        Long given = Long.getLong("crr.seed");
        return given != null
                ? new long[] {given}
                : new Random().longs(Long.getLong("crr.seeds", 6), 0, 1_000_000).toArray();
    }

    private static CrSqlitePeer startPeer(String name) throws IOException {
        CrSqlitePeer peer = new CrSqlitePeer(name);
        peer.write(Files.readString(MIGRATION, UTF_8));
        peer.write(Files.readString(MORE_COLUMNS, UTF_8));
        TABLES.forEach(table -> peer.write("SELECT crsql_as_crr('" + table + "')"));
        return peer;
    }

    /** One random history. It has keys of its own, so it goes the same way whatever was in the instance before. */
    private static void run(long seed, DemoProcess instance, List<CrSqlitePeer> peers) {
        Random random = new Random(seed);
        Keys keys = new Keys(seed + "-", random);
        RandomEdits edits = new RandomEdits(random, keys);
        InstanceFile file = new InstanceFile(instance);
        RandomUser user = new RandomUser(Editor.of(instance), file, random, keys);

        for (int round = 0; round < ROUNDS; round++) {
            times(random.nextInt(EDITS), () -> file.write(edits.next(true)));
            times(random.nextInt(EDITS / 2), user::edit);
            peers.forEach(peer -> times(random.nextInt(EDITS), () -> peer.write(edits.next(false))));
            times(
                    random.nextInt(EXCHANGES + 1),
                    () -> exchange(instance, peers.get(random.nextInt(peers.size())), random));
        }
        exchangeUntilQuiet(instance, peers);
        peers.forEach(peer -> same(file, peer));

        List<Long> before = versions(instance, peers);
        peers.forEach(CrSqlitePeer::forgetCursors);
        exchangeUntilQuiet(instance, peers);
        peers.forEach(peer -> same(file, peer));
        assertThat(versions(instance, peers))
                .as("what all have already moves nothing")
                .isEqualTo(before);
    }

    private static void exchange(DemoProcess instance, CrSqlitePeer peer, Random random) {
        if (random.nextBoolean()) {
            peer.pushTo(instance);
        } else {
            peer.pullFrom(instance);
        }
    }

    private static void exchangeUntilQuiet(DemoProcess instance, List<CrSqlitePeer> peers) {
        int moved = 1;
        for (int i = 0; moved > 0; i++) {
            assertThat(i).as("exchanges until all is quiet").isLessThan(ENOUGH);
            moved = 0;
            for (CrSqlitePeer peer : peers) {
                moved += peer.pushTo(instance) + peer.pullFrom(instance);
            }
        }
    }

    private static List<Long> versions(DemoProcess instance, List<CrSqlitePeer> peers) {
        long ours = instance.get("/actuator/crr").get("version").asLong();
        return Stream.concat(Stream.of(ours), peers.stream().map(CrSqlitePeer::version))
                .toList();
    }

    private static void same(Replica expected, Replica actual) {
        for (String table : TABLES) {
            assertThat(actual.rows(table))
                    .as("%s of %s and %s", table, actual.name(), expected.name())
                    .isEqualTo(expected.rows(table));
        }
        assertThat(actual.clocks())
                .as("clocks of %s and %s", actual.name(), expected.name())
                .containsExactlyInAnyOrderElementsOf(expected.clocks());
    }

    private static void times(int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
