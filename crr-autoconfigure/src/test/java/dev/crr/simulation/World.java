package dev.crr.simulation;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.SqlNames;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import dev.crr.Value;
import dev.crr.sync.SharedSiteIdException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs a schedule: some replicas, the links between them, and what is on its way. */
final class World implements AutoCloseable {

    private static final SiteId FORGER = SiteId.parse("f".repeat(32));

    private final Schedule schedule;
    private final Path folder;
    private final SortedMap<Integer, Node> nodes = new TreeMap<>();

    /** Whether versions or cursors may have gone back, or two replicas have had one site id. */
    private boolean copied;

    private final Set<Set<Integer>> cuts = new HashSet<>();
    private Changeset sent;
    private final Map<Integer, Changeset> onTheWay = new HashMap<>();
    private final Set<Node> touched = new HashSet<>();

    private World(Schedule schedule, Path folder) throws SQLException {
        this.schedule = schedule;
        this.folder = folder;
        // Whoever rebuilds a table asks all peers again, and for what it wrote itself, too.
        this.copied = !schedule.older().isEmpty() && schedule.tables().stream().anyMatch(Table::rebuilt);
        for (int i = 0; i < schedule.replicas(); i++) {
            nodes.put(i, new Node(i, schedule.tables(), !schedule.older().contains(i), folder(i)));
        }
    }

    /** A world of replicas that were made before, and may have been copied. */
    World(Schedule schedule, List<Node> made) {
        this.schedule = schedule;
        this.folder = null;
        this.copied = true;
        for (Node node : made) {
            nodes.put(nodes.size(), node);
        }
    }

    private Path folder(int index) {
        return schedule.onFiles() ? folder.resolve("node" + index) : null;
    }

    /** Runs it all and fails if the replicas do not end alike. */
    static void run(Schedule schedule, Path folder) throws SQLException {
        try (World world = new World(schedule, folder)) {
            for (Step step : schedule.steps()) {
                try {
                    step.run(world);
                } catch (NoSuchElementException dropped) {
                    continue; // The step that would have made the replica was.
                }
                world.check();
            }
            new FinalExchange(schedule, world).run();
        }
    }

    Node node(int index) {
        Node node = nodes.get(index);
        if (node == null) {
            throw new NoSuchElementException("replica " + index);
        }
        touched.add(node);
        return node;
    }

    boolean has(int index) {
        return nodes.containsKey(index);
    }

    /** Those there are, in the order in which they came. */
    List<Integer> indexes() {
        return List.copyOf(nodes.keySet());
    }

    List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    boolean copied() {
        return copied;
    }

    /** Whether every replica has a site id of its own. */
    boolean allDiffer() {
        return nodes.values().stream().map(Node::siteId).distinct().count() == nodes.size();
    }

    /** Who all are, and what they know of each other. */
    List<Object> identities() {
        return nodes.values().stream()
                .<Object>map(node -> List.of(node.siteId(), node.clones()))
                .toList();
    }

    void copy(int at, int index) throws SQLException {
        copied = true;
        nodes.put(index, node(at).copy(folder(index)));
    }

    void restore(int at, int which) throws SQLException {
        copied = true;
        node(at).restore(which);
    }

    /** Whoever goes on with a table asks for everything once more. */
    void replicate(int at, String table, boolean on) throws SQLException {
        copied = true;
        node(at).replicate(table, on);
    }

    void takeNewSiteId(int at) throws SQLException {
        copied = true;
        node(at).takeNewSiteId();
    }

    /**
     * What one replica that turns to another finds out before they exchange anything.
     *
     * @return whether somebody took a new site id, so that it has to turn to the other again
     */
    private boolean meet(Node asker, Node asked) throws SQLException {
        asked.clones().forEach(asker::learn);
        asker.heedClones();
        if (!asker.siteId().equals(asked.siteId())) {
            return false;
        }
        boolean askerKnows = asker.knows(asked.epoch());
        boolean askedKnows = asked.knows(asker.epoch());
        Failure.unless(!askerKnows || !askedKnows, "two files know each other's epochs");
        boolean askerGivesWay = askerKnows == askedKnows ? asker.epoch().compareTo(asked.epoch()) > 0 : askerKnows;
        (askerGivesWay ? asker : asked).takeNewSiteId();
        return true;
    }

    /** What somebody who is turned to finds out: whether the asker has to take a new site id first. */
    private boolean refused(Node asker, Node asked) throws SQLException {
        try {
            asked.watch().askedBy(asker.siteId(), asker.epoch());
            return false;
        } catch (SharedSiteIdException e) {
            asker.takeNewSiteId();
            return true;
        }
    }

    private void introduce(Node asker, Node asked) throws SQLException {
        boolean again = meet(asker, asked);
        again |= refused(asker, asked);
        if (again) {
            Failure.unless(!meet(asker, asked), "both have a site id of their own now");
        }
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
                fetched(pull.to(), pull.from(), changeset);
            }
        }
    }

    /** Applies what was asked for. */
    MergeReport fetched(int to, int from, Changeset changeset) throws SQLException {
        MergeReport report = node(to).fetched(changeset);
        ChangeQuery scope = scope(to, from);
        if (scope != null
                && !changeset.more()
                && changeset.exclude() == null
                && report.received() == changeset.version()) {
            node(to).recovered(node(from), scope);
        }
        return report;
    }

    void vanish(int at, int from, int which) throws SQLException {
        introduce(node(at), node(from));
        Changeset everything = node(from).read(ChangeQuery.ALL);
        if (!everything.changes().isEmpty()) {
            node(at).vanish(everything
                    .changes()
                    .get(which % everything.changes().size()));
            node(at).fetched(everything);
            node(at).checkRows();
        }
    }

    void forge(int at, int which, long cl, long colVersion) throws SQLException {
        List<Change> changes = node(at).read(ChangeQuery.ALL).changes();
        Table table = schedule.tables().get(which % schedule.tables().size());
        Change model = changes.isEmpty()
                ? new Change(
                        table.name(),
                        table.keys().stream()
                                .map(key -> key.declaration().startsWith("INTEGER") ? Value.of(77) : Value.of("forged"))
                                .toList(),
                        Change.ROW,
                        Value.NULL,
                        1,
                        1,
                        FORGER,
                        1,
                        0)
                : changes.get(which % changes.size());
        boolean required = schedule.tables().stream()
                .filter(each -> each.name().equals(model.table()))
                .flatMap(each -> each.columns().stream())
                .anyMatch(Table.Column::required);
        if (required) {
            return; // Nobody can be made to have a row that lacks what it requires, and whoever has it keeps it.
        }
        Change forged = new Change(
                model.table(),
                model.key(),
                model.cid(),
                model.val(),
                model.isRow() ? cl : colVersion,
                1,
                FORGER,
                cl,
                model.seq());
        node(at).fetched(new Changeset(FORGER, null, 0, 0, null, null, false, List.of(forged)));
    }

    void deliver(Step.Deliver delivery) throws SQLException {
        Changeset changeset = onTheWay.get(delivery.id());
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
        introduce(node(to), node(from));
        node(to).had(node(from), scope);
        TrackedPeer cursor = node(to).cursor(node(from), scope);
        if (ahead != 0) {
            ChangeQuery further =
                    scope.after(Math.min(cursor.received() + ahead, node(from).version()), null);
            return node(from).read(excluding(further, excluded).limitedTo(limit));
        }
        try {
            return read(to, from, excluded, limit, scope, cursor);
        } catch (UnknownVersionException e) {
            Failure.unless(copied, "nobody was restored: " + e.getMessage());
            node(to).rewind(node(from), scope, cursor, e.resume());
            return read(to, from, excluded, limit, scope, node(to).cursor(node(from), scope));
        }
    }

    private Changeset read(int to, int from, int excluded, int limit, ChangeQuery scope, TrackedPeer cursor)
            throws SQLException {
        boolean everything = copied && !node(to).mayExcludeItself(node(from), scope);
        ChangeQuery query = scope.after(cursor.received(), cursor.receivedEpoch());
        return node(from).read((everything ? query : excluding(query, excluded)).limitedTo(limit));
    }

    private ChangeQuery excluding(ChangeQuery query, int excluded) {
        return query.excluding(
                excluded < 0 || !has(excluded) ? null : node(excluded).siteId());
    }

    void push(Step.Push push) throws SQLException {
        MergeReport report = push(push.from(), push.to(), push.limit(), push.acknowledged());
        if (report != null) {
            onTheWay.put(push.id(), sent);
        }
    }

    /** Sends one piece; returns what became of it, null if there is nothing to send. */
    MergeReport push(int from, int to, int limit, boolean acknowledged) throws SQLException {
        ChangeQuery scope = scope(to, from);
        if (scope == null || cuts.contains(Set.of(to, from))) {
            return null;
        }
        Node sender = node(from);
        Node receiver = node(to);
        introduce(sender, receiver);
        boolean owed = copied && sender.givesEverything(receiver, scope);
        TrackedPeer cursor = sender.cursor(receiver, scope);
        long since = cursor.sent();
        boolean everything = owed || (copied && since < sender.had(receiver, scope));
        Changeset changeset = sender.read(scope.after(since, null)
                .excluding(everything ? null : receiver.siteId())
                .limitedTo(limit));
        boolean news = !changeset.changes().isEmpty() || changeset.version() > since;
        if (!news && (!copied || since == 0 || !sender.asks(receiver, scope))) {
            sender.gave(receiver, scope);
            return null;
        }
        changeset = changeset.continuing(cursor.sentEpoch() == null && since > 0 ? sender.epoch() : cursor.sentEpoch());
        sender.clones().forEach(receiver::learn);
        receiver.heedClones();
        sent = changeset;
        MergeReport report = receiver.sent(changeset);
        if (acknowledged) {
            sender.asked(receiver, scope);
            acknowledge(sender, receiver, scope, changeset, report);
        }
        return report;
    }

    /** What the sender makes of the report. */
    private void acknowledge(Node sender, Node receiver, ChangeQuery scope, Changeset changeset, MergeReport report)
            throws SQLException {
        long since = changeset.since();
        long has = Math.min(changeset.version(), sender.reached(report));
        Epoch epoch = report.receivedEpoch();
        boolean otherEpoch = epoch != null && !epoch.equals(changeset.sinceEpoch());
        Failure.unless(
                has != since || changeset.version() == since || otherEpoch,
                "the receiver stays at " + has + " although it was sent what comes after");
        if (has >= since) {
            sender.recordSent(receiver, scope, has, epoch);
        } else {
            Failure.unless(copied, "the receiver has " + has + ", and had " + since);
            sender.goBack(receiver, scope, has, epoch);
        }
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
        Set<String> common = new TreeSet<>(SqlNames.ORDER);
        common.addAll(ours);
        common.retainAll(theirs);
        return common.isEmpty() ? null : ChangeQuery.ALL.onTables(common);
    }

    /** What must hold after every step, of the replicas that took part in it. */
    private void check() throws SQLException {
        for (Node node : touched) {
            node.check();
        }
        if (copied) {
            touched.clear();
            return;
        }
        Map<SiteId, Long> versions = new HashMap<>();
        nodes.values().forEach(node -> versions.put(node.siteId(), node.lastVersion()));
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
        for (Node node : nodes.values()) {
            node.close();
        }
    }
}
