package dev.crr.simulation;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs a schedule: some replicas, the links between them, and what is on its way. */
final class World implements AutoCloseable {

    private final Schedule schedule;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<Set<Integer>> cuts = new HashSet<>();
    private final Map<Integer, Changeset> onTheWay = new HashMap<>();
    private final Set<Node> touched = new HashSet<>();

    private World(Schedule schedule, Path folder) throws SQLException {
        this.schedule = schedule;
        for (int i = 0; i < schedule.replicas(); i++) {
            Path own = schedule.onFiles() ? folder.resolve("node" + i) : null;
            nodes.add(new Node(i, schedule.tables(), !schedule.older().contains(i), own));
        }
    }

    /** Runs it all and fails if the replicas do not end alike. */
    static void run(Schedule schedule, Path folder) throws SQLException {
        try (World world = new World(schedule, folder)) {
            for (Step step : schedule.steps()) {
                step.run(world);
                world.check();
            }
            new FinalExchange(schedule, world).run();
        }
    }

    Node node(int index) {
        touched.add(nodes.get(index));
        return nodes.get(index);
    }

    List<Node> nodes() {
        return nodes;
    }

    void cut(int one, int other) {
        cuts.add(Set.of(one, other));
    }

    void heal(int one, int other) {
        cuts.remove(Set.of(one, other));
    }

    void pull(Step.Pull pull) throws SQLException {
        if (cuts.contains(Set.of(pull.to(), pull.from()))) {
            return;
        }
        Changeset changeset = read(pull.to(), pull.from(), pull.excluded(), pull.limit(), pull.ahead());
        if (changeset != null) {
            onTheWay.put(pull.id(), changeset);
            for (int i = 0; i < pull.times(); i++) {
                node(pull.to()).fetched(changeset);
            }
        }
    }

    void deliver(Step.Deliver delivery) throws SQLException {
        Changeset changeset = onTheWay.get(delivery.pull());
        if (changeset != null) {
            node(delivery.at()).fetched(changeset);
        }
    }

    void crashInMerge(int to, int from, boolean committed) throws SQLException {
        Changeset changeset = read(to, from, -1, 20, 0);
        if (changeset != null) {
            node(to).crashInMerge(changeset, committed);
        }
    }

    /** What one replica asks another for; null if they have no table in common. */
    Changeset read(int to, int from, int excluded, int limit, int ahead) throws SQLException {
        ChangeQuery scope = scope(to, from);
        if (scope == null) {
            return null;
        }
        TrackedPeer cursor = node(to).cursor(node(from), scope);
        ChangeQuery query = ahead == 0
                ? scope.after(cursor.received(), cursor.receivedEpoch())
                : scope.after(Math.min(cursor.received() + ahead, node(from).version()), null);
        return node(from)
                .read(query.limitedTo(limit)
                        .excluding(excluded < 0 ? null : node(excluded).siteId()));
    }

    /** Sends one piece; returns what became of it, null if there is nothing to send. */
    MergeReport push(int from, int to, int limit, boolean acknowledged) throws SQLException {
        ChangeQuery scope = scope(to, from);
        if (scope == null || cuts.contains(Set.of(to, from))) {
            return null;
        }
        long sent = node(from).cursor(node(to), scope).sent();
        Changeset changeset = node(from)
                .read(scope.after(sent, null).excluding(node(to).siteId()).limitedTo(limit));
        if (changeset.changes().isEmpty() && changeset.version() <= sent) {
            return null;
        }
        MergeReport report = node(to).sent(changeset);
        if (acknowledged) {
            node(from).recordSent(node(to), scope, Math.min(changeset.version(), report.received()));
        }
        return report;
    }

    /** As the sync loop does: everything if both have the same tables, else those both have. */
    private ChangeQuery scope(int to, int from) throws SQLException {
        if (!schedule.scoped()) {
            return ChangeQuery.ALL;
        }
        Set<String> ours = node(to).tableNames();
        Set<String> theirs = node(from).tableNames();
        if (ours.equals(theirs)) {
            return ChangeQuery.ALL;
        }
        Set<String> common = new TreeSet<>(ours);
        common.retainAll(theirs);
        return common.isEmpty() ? null : ChangeQuery.ALL.onTables(common);
    }

    /** What must hold after every step, of the replicas that took part in it. */
    private void check() throws SQLException {
        for (Node node : touched) {
            node.check();
        }
        Map<SiteId, Long> versions = new HashMap<>();
        nodes.forEach(node -> versions.put(node.siteId(), node.lastVersion()));
        for (Node node : touched) {
            for (TrackedPeer peer : node.peers()) {
                Failure.unless(
                        peer.received() <= versions.get(peer.siteId()),
                        "the cursor " + peer + " is past version " + versions.get(peer.siteId()));
                Failure.unless(
                        peer.sent() <= node.lastVersion(), "the cursor " + peer + " is past " + node.lastVersion());
            }
        }
        touched.clear();
    }

    @Override
    public void close() throws SQLException {
        for (Node node : nodes) {
            node.close();
        }
    }
}
