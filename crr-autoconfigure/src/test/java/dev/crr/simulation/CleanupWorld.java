package dev.crr.simulation;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One random history with clean-ups of tombstones, and everything that may bring a deleted row back: changesets that arrive late,
 * again or elsewhere, files restored from older copies, a stranger who knows an old state.
 */
final class CleanupWorld implements AutoCloseable {

    /** How tombstones are removed: as crr does, or in a way that looks right and is not. */
    enum Way {
        SOUND,
        /** What all have acknowledged goes, and nobody is told. */
        ACKNOWLEDGED_ONLY,
        /** As crr does, but new keys begin at 1 again. */
        WITHOUT_FLOOR
    }

    /** What happened in all worlds of a run, to see that the hard cases occur. */
    static final class Tally {
        long removed;
        long cleanUps;
        long refused;
        long restored;
        long snapshots;
    }

    private record Backup(int node, ByteBuffer image) {}

    /** A tombstone that was removed where these clean-ups were known. */
    private record Removal(long cl, Map<SiteId, Long> horizons) {}

    private final Random random;
    private final Way way;
    private final Path folder;
    private final Tally tally;
    private final Topology topology;
    private final Excluding excluding;
    private final Statements statements;

    /** Whether files are restored all the time. */
    private final boolean restores;

    private final List<Node> nodes = new ArrayList<>();
    private final Node stranger;
    private final List<Changeset> onTheWay = new ArrayList<>();
    private final List<Backup> backups = new ArrayList<>();
    private final Map<String, Removal> removals = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private final Set<String> stuck = new HashSet<>();
    private boolean everRestored;

    private CleanupWorld(long seed, Way way, Path folder, Tally tally) throws SQLException {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.way = way;
        this.folder = folder;
        this.tally = tally;
        this.topology = pick(List.of(Topology.values()));
        this.excluding = pick(List.of(Excluding.values()));
        List<Table> tables = new ArrayList<>(Table.ALL);
        Collections.shuffle(tables, random);
        // Two edits can break its CHECK for good, and FinalExchange mends that, which this world has none of.
        tables.remove(Table.named("span"));
        tables = List.copyOf(tables.subList(0, 1 + random.nextInt(2)));
        statements = new Statements(random, tables);
        restores = random.nextBoolean();
        int replicas = 2 + random.nextInt(4);
        for (int i = 0; i < replicas; i++) {
            nodes.add(new Node(i, tables, true, null));
        }
        stranger = new Node(99, tables, true, null);
        log.add(replicas + " replicas, " + topology + ", exclude " + excluding);
    }

    static void run(long seed, Way way, Path folder, Tally tally) throws SQLException, IOException {
        try (CleanupWorld world = new CleanupWorld(seed, way, folder, tally)) {
            try {
                int steps = 60 + world.random.nextInt(120);
                for (int i = 0; i < steps; i++) {
                    world.step();
                    world.checkNothingCameBack();
                }
                world.finish();
            } catch (SQLException | RuntimeException | Failure e) {
                e.addSuppressed(new Failure(String.join("\n", world.log)));
                throw e;
            }
        }
    }

    private void step() throws SQLException, IOException {
        int at = random.nextInt(nodes.size());
        if (restores && random.nextInt(8) == 0) {
            backUpOrRestore(at);
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 40) {
            List<String> sql = statements.some(true, 3);
            log.add("write at " + at + " " + sql);
            nodes.get(at).write(sql);
        } else if (dice < 68) {
            pull(at, other(at), limit());
        } else if (dice < 76) {
            push(at, other(at), limit());
        } else if (dice < 86 && !onTheWay.isEmpty()) {
            int which = random.nextInt(onTheWay.size());
            log.add("changeset " + which + " arrives at " + at);
            receive(at, onTheWay.get(which));
        } else if (dice < 94) {
            cleanUp(at);
        } else if (dice < 97) {
            backUpOrRestore(at);
        } else if (dice < 99) {
            meetStranger(at);
        } else {
            int from = other(at);
            if (!hasAll(runs(nodes.get(from)), runs(nodes.get(at)))) {
                return; // what only the one that goes knows would be lost, and deletions with it
            }
            log.add(at + " starts from a snapshot of " + from);
            startFromSnapshot(at, from);
        }
    }

    private void backUpOrRestore(int at) throws SQLException {
        if (random.nextInt(3) == 0 && !backups.isEmpty()) {
            restore(pick(backups));
        } else {
            log.add("backup " + backups.size() + " of " + at);
            backups.add(new Backup(at, ByteBuffer.wrap(nodes.get(at).image())));
        }
    }

    /** Mostly a neighbour; now and then somebody who is none, or no clean-up would ever know of all. */
    private int other(int at) {
        boolean anybody = random.nextInt(4) == 0;
        int other;
        do {
            other = random.nextInt(nodes.size());
        } while (other == at || (!anybody && !topology.links(at, other, nodes.size())));
        return other;
    }

    private int limit() {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1000;
    }

    /** As the sync loop does: until there is no more, from where the cursor is; who asks acknowledges. */
    private boolean pull(int to, int from, int limit) throws SQLException {
        boolean news = false;
        boolean more = true;
        boolean rewound = false;
        while (more) {
            TrackedPeer cursor = nodes.get(to).cursor(nodes.get(from), ChangeQuery.ALL);
            SiteId excluded = !everRestored && excluding.on(random.nextInt())
                    ? nodes.get(to).siteId()
                    : null;
            Changeset changeset;
            try {
                changeset = nodes.get(from)
                        .read(ChangeQuery.ALL
                                .after(cursor.received(), cursor.receivedEpoch())
                                .excluding(excluded)
                                .limitedTo(limit));
            } catch (UnknownVersionException e) {
                Failure.unless(!rewound, "rewound twice: " + e.getMessage());
                rewound = true;
                nodes.get(to).rewind(nodes.get(from), ChangeQuery.ALL, cursor, e.resume());
                continue;
            }
            nodes.get(from).acknowledge(nodes.get(to), cursor);
            log.add(to + " pulls " + onTheWay.size() + " from " + from + " since " + cursor.received() + " to "
                    + changeset.version());
            onTheWay.add(changeset);
            MergeReport report = receive(to, changeset);
            news |= report != null && report.applied() > 0;
            // Sometimes the rest does not come through.
            more = report != null && changeset.more() && random.nextInt(20) > 0;
        }
        return news;
    }

    private void push(int from, int to, int limit) throws SQLException {
        TrackedPeer cursor = nodes.get(from).cursor(nodes.get(to), ChangeQuery.ALL);
        long sent = cursor.sent();
        Changeset changeset;
        try {
            changeset = nodes.get(from).read(ChangeQuery.since(sent).limitedTo(limit));
        } catch (UnknownVersionException e) {
            nodes.get(from).recordSent(nodes.get(to), ChangeQuery.ALL, e.resume(), null);
            return;
        }
        if (cursor.sentEpoch() != null) {
            changeset = changeset.continuing(cursor.sentEpoch());
        }
        log.add(from + " pushes " + onTheWay.size() + " to " + to + " since " + sent + " to " + changeset.version());
        onTheWay.add(changeset);
        MergeReport report = receive(to, changeset);
        if (report != null && random.nextInt(4) > 0) {
            long has = Math.min(changeset.version(), nodes.get(from).reached(report));
            nodes.get(from).recordSent(nodes.get(to), ChangeQuery.ALL, has, report.receivedEpoch());
        }
    }

    /** Null if it was refused. */
    private MergeReport receive(int at, Changeset changeset) throws SQLException {
        try {
            return nodes.get(at).fetched(changeset);
        } catch (HorizonException e) {
            tally.refused++;
            log.add("  refused at " + at + ": " + e.getMessage());
            if (String.valueOf(e.getMessage()).contains("Start ")) {
                stuck.add(at + "");
            }
            return null;
        }
    }

    private void cleanUp(int at) throws SQLException {
        Node node = nodes.get(at);
        Map<String, Long> before = node.causalLengths();
        boolean passed;
        if (way == Way.ACKNOWLEDGED_ONLY) {
            passed = removeAcknowledged(node);
        } else {
            Set<SiteId> members = nodes.stream().map(Node::siteId).collect(Collectors.toSet());
            TombstoneReport report = node.cleanTombstones(members);
            passed = report.behind().isEmpty();
            log.add("clean-up at " + at + ": " + report);
            if (way == Way.WITHOUT_FLOOR) {
                forgetFloor(node);
            }
        }
        tally.cleanUps += passed ? 1 : 0;
        Map<String, Long> after = node.causalLengths();
        Map<SiteId, Long> horizons = runs(node);
        before.forEach((key, cl) -> {
            if (!after.containsKey(key)) {
                Failure.unless(cl % 2 == 0, "the clock of a living row was removed: " + key);
                tally.removed++;
                Removal known = removals.get(key);
                if (known == null || known.cl() < cl) {
                    removals.put(key, new Removal(cl, horizons));
                }
            } else {
                Failure.unless(after.get(key).equals(cl), "the clean-up changed " + key);
            }
        });
    }

    private boolean removeAcknowledged(Node node) throws SQLException {
        long limit = Long.MAX_VALUE;
        for (Node other : nodes) {
            if (other != node) {
                limit = Math.min(limit, node.cursor(other, ChangeQuery.ALL).sent());
            }
        }
        for (String table : node.tableNames()) {
            node.execute("DELETE FROM " + table + "__crr_row WHERE NOT __crr_cl & 1 AND __crr_version <= " + limit);
        }
        return limit > 0;
    }

    private static void forgetFloor(Node node) throws SQLException {
        node.execute("UPDATE crr_floor SET cl = 0");
        for (String table : node.tableNames()) {
            node.execute("DROP TRIGGER " + table + "__crr_insert");
        }
        node.restart();
    }

    private void restore(Backup backup) throws SQLException {
        log.add(backup.node() + " is restored from a backup");
        tally.restored++;
        everRestored = true;
        nodes.get(backup.node()).replace(backup.image().array());
        // A clean-up that only the one knew who is restored now has never been.
        Set<String> unknown = new HashSet<>(removals.keySet());
        for (Node node : nodes) {
            Map<SiteId, Long> runs = runs(node);
            unknown.removeIf(row -> hasAll(runs, removals.get(row).horizons()));
        }
        removals.keySet().removeAll(unknown);
    }

    /** It has known an old state all along, and writes too. */
    private void meetStranger(int at) throws SQLException {
        log.add("the stranger meets " + at);
        stranger.write(statements.some(true, 2));
        if (random.nextInt(3) == 0) {
            Changeset everything = nodes.get(at).read(ChangeQuery.ALL);
            try {
                stranger.fetched(everything);
            } catch (HorizonException e) {
                tally.refused++;
            }
        }
        receive(at, stranger.read(ChangeQuery.ALL));
    }

    private void startFromSnapshot(int at, int from) throws SQLException, IOException {
        tally.snapshots++;
        nodes.get(at).replace(nodes.get(from).snapshot(folder));
        backups.removeIf(backup -> backup.node() == at);
    }

    private static Map<SiteId, Long> runs(Node node) throws SQLException {
        return node.horizons().stream().collect(Collectors.toMap(Horizon::siteId, Horizon::run));
    }

    /** No row may live whose later deletion was forgotten, where that clean-up is known; in the end that is everywhere. */
    private void checkNothingCameBack() throws SQLException {
        if (removals.isEmpty()) {
            return;
        }
        for (int i = 0; i < nodes.size(); i++) {
            Map<SiteId, Long> runs = runs(nodes.get(i));
            for (Map.Entry<String, Long> row : nodes.get(i).causalLengths().entrySet()) {
                Removal removal = removals.get(row.getKey());
                if (removal != null && row.getValue() < removal.cl() && hasAll(runs, removal.horizons())) {
                    throw new Failure(
                            "replica " + i + " has " + row + ", whose tombstone of " + removal.cl() + " was removed");
                }
            }
        }
    }

    private static boolean hasAll(Map<SiteId, Long> runs, Map<SiteId, Long> horizons) {
        return horizons.entrySet().stream()
                .allMatch(horizon -> runs.getOrDefault(horizon.getKey(), 0L) >= horizon.getValue());
    }

    /** Whoever cannot go on starts from a snapshot; then all exchange until quiet, and must be alike. */
    private void finish() throws SQLException, IOException {
        for (int attempt = 0; attempt < 2 * nodes.size() + 2; attempt++) {
            stuck.clear();
            exchangeAll();
            if (stuck.isEmpty()) {
                break;
            }
            healOne();
        }
        Failure.unless(stuck.isEmpty(), "still stuck: " + stuck);
        for (int round = 0; exchangeAll(); round++) {
            Failure.unless(round < 2 * nodes.size() + 6, "not quiet after " + round + " rounds");
        }
        checkAlike();
        checkNothingCameBack();
        exchangeEverything();
        checkAlike();
        checkNothingCameBack();
        for (Node node : nodes) {
            node.check();
            node.checkView();
        }
    }

    /** The furthest replica gives a snapshot to one that it cannot exchange with. */
    private void healOne() throws SQLException, IOException {
        int furthest = 0;
        for (int i = 1; i < nodes.size(); i++) {
            if (sum(i) > sum(furthest)) {
                furthest = i;
            }
        }
        for (String each : stuck) {
            int at = Integer.parseInt(each);
            if (at != furthest) {
                log.add(at + " is stuck and starts from a snapshot of " + furthest);
                startFromSnapshot(at, furthest);
                return;
            }
        }
        int other = furthest == 0 ? 1 : 0;
        log.add(furthest + " is stuck and starts from a snapshot of " + other);
        startFromSnapshot(furthest, other);
    }

    private long sum(int node) throws SQLException {
        return runs(nodes.get(node)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Everybody with everybody, so that nobody is left behind for want of a way. */
    private boolean exchangeAll() throws SQLException {
        boolean news = false;
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                if (i != j) {
                    news |= pull(i, j, 1000);
                }
            }
        }
        return news;
    }

    private void exchangeEverything() throws SQLException {
        for (Node from : nodes) {
            Changeset everything = from.read(ChangeQuery.ALL);
            for (Node to : nodes) {
                if (to != from) {
                    to.fetched(everything);
                }
            }
        }
    }

    /** Tombstones aside: some have removed more of them than others. */
    private void checkAlike() throws SQLException {
        List<String> first = nodes.get(0).livingDump();
        for (int i = 1; i < nodes.size(); i++) {
            List<String> other = nodes.get(i).livingDump();
            if (!other.equals(first)) {
                throw new Failure(
                        "replica 0 has " + minus(first, other) + ", replica " + i + " has " + minus(other, first));
            }
        }
    }

    private static List<String> minus(List<String> some, List<String> others) {
        return some.stream().filter(line -> !others.contains(line)).toList();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @Override
    public void close() throws SQLException {
        for (Node node : nodes) {
            node.close();
        }
        stranger.close();
    }
}
