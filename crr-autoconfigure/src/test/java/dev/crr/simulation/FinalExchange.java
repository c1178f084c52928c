package dev.crr.simulation;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How every history ends: all are healed and brought up to date, exchange until all is quiet, and must be alike then. */
final class FinalExchange {

    private final Schedule schedule;
    private final World world;
    private final List<Node> nodes;
    private final List<Integer> indexes;
    private final Random random;

    FinalExchange(Schedule schedule, World world) {
        this.schedule = schedule;
        this.world = world;
        this.nodes = world.nodes();
        this.indexes = world.indexes();
        this.random = new Random(schedule.seed());
    }

    void run() throws SQLException {
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < i; j++) {
                world.heal(indexes.get(i), indexes.get(j));
            }
        }
        if (random.nextBoolean()) {
            // What meets while schemas differ may be decided in different orders.
            exchangeOnce();
            exchangeOnce();
        }
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).upgrade(new Step.Upgrade(indexes.get(i), false, List.of(), List.of(), false));
            nodes.get(i).replicateAll();
            nodes.get(i).check();
        }
        Map<String, Long> longest = longestLives();
        exchangeUntilQuiet();
        for (Node node : nodes) {
            node.dropForged();
        }
        mendSpans();
        checkAlike();
        Map<String, Long> ends = longestLives();
        longest.forEach((row, cl) -> Failure.unless(
                ends.getOrDefault(row, 0L) >= cl,
                row + " had come to " + cl + " somewhere, and is nowhere further now"));
        List<Long> versions = versions();
        exchangeEverything();
        Failure.unless(
                versions().equals(versions),
                "a further full exchange moved the versions from " + versions + " to " + versions());
        checkAlike();
        for (Node node : nodes) {
            checkDerived(node);
            node.checkView();
            Failure.unless(node.quarantine().isEmpty(), "in quarantine at the end: " + node.quarantine());
        }
    }

    /** A restored replica has forgotten what it derived last, and a forger derives nothing; others cannot know. */
    private void checkDerived(Node node) throws SQLException {
        boolean derived = schedule.steps().stream()
                .noneMatch(step -> step instanceof Step.Forge || step.toString().contains(" TRIGGER "));
        if (!world.copied() && derived && schedule.tables().stream().anyMatch(Reactive::isDerived)) {
            List<String> stale = node.query(Reactive.stale());
            Failure.unless(stale.isEmpty(), "not derived anew: " + stale);
        }
    }

    /** What became of each row wherever that is furthest. */
    private Map<String, Long> longestLives() throws SQLException {
        Map<String, Long> longest = new HashMap<>();
        for (Node node : nodes) {
            node.causalLengths().forEach((row, cl) -> longest.merge(row, cl, Math::max));
        }
        return longest;
    }

    /** What two edits have broken together an edit mends: here of the holders in turn, and at last a deletion. */
    private void mendSpans() throws SQLException {
        if (!schedule.tables().contains(Table.named("span"))) {
            return;
        }
        for (Node node : nodes) {
            if (!node.quarantine().isEmpty()) {
                node.mendSpans();
                exchangeUntilQuiet();
            }
        }
        if (nodes.stream().anyMatch(this::holds)) {
            for (Node node : nodes) {
                node.write(List.of("DELETE FROM span"));
            }
            exchangeUntilQuiet();
        }
    }

    private boolean holds(Node node) {
        try {
            return !node.quarantine().isEmpty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Incremental exchange along the topology. News needs at most one round a hop; a few more are for what unfolds late. */
    private void exchangeUntilQuiet() throws SQLException {
        // Who meets nobody with its own site id is found out when it and the other have turned to somebody a few times.
        int bound = world.copied() ? 8 * nodes.size() + 20 : 2 * nodes.size() + 6;
        // What triggers make of the last writes is news of its own, once.
        bound += schedule.tables().stream().allMatch(table -> table.after().isEmpty()) ? 0 : 4 * nodes.size();
        for (int round = 0; round < bound; round++) {
            Object identities = world.identities();
            if (!exchangeOnce() && world.identities().equals(identities) && world.allDiffer()) {
                return;
            }
        }
        throw new Failure("not quiet after " + bound + " rounds");
    }

    /** Returns whether anything new was told. */
    private boolean exchangeOnce() throws SQLException {
        boolean news = false;
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                if (links(i, j) && schedule.links().asks(i, j)) {
                    news |= pull(indexes.get(i), indexes.get(j));
                }
                if (links(i, j) && schedule.links().sends(i, j)) {
                    news |= push(indexes.get(i), indexes.get(j));
                }
            }
        }
        return news;
    }

    /** Copies that nobody meets two of are found out when they meet each other. */
    private boolean links(int i, int j) {
        return schedule.topology().links(i, j, nodes.size())
                || (i != j && nodes.get(i).siteId().equals(nodes.get(j).siteId()));
    }

    private boolean pull(int to, int from) throws SQLException {
        boolean news = false;
        boolean more = true;
        while (more) {
            int excluded = schedule.excluding().on(random.nextInt()) ? to : -1;
            Changeset changeset = world.read(to, from, excluded, limit(), 0);
            if (changeset == null) {
                return news; // No table in common yet.
            }
            news |= isNews(world.fetched(to, from, changeset));
            more = changeset.more();
        }
        return news;
    }

    private boolean push(int from, int to) throws SQLException {
        boolean news = false;
        MergeReport report = world.push(from, to, limit(), true);
        while (report != null) {
            news |= isNews(report);
            report = world.push(from, to, limit(), true);
        }
        return news;
    }

    private static boolean isNews(MergeReport report) {
        return report.applied() > 0 || report.quarantined() > 0;
    }

    private int limit() {
        return 1 + random.nextInt(50);
    }

    private void exchangeEverything() throws SQLException {
        for (Node from : nodes) {
            Changeset everything = from.read(ChangeQuery.ALL);
            for (Node to : nodes) {
                if (to != from) {
                    MergeReport report = to.fetched(everything);
                    Failure.unless(!isNews(report), "a further full exchange brought news: " + report);
                }
            }
        }
    }

    private List<Long> versions() throws SQLException {
        List<Long> versions = new ArrayList<>();
        for (Node node : nodes) {
            versions.add(node.version());
        }
        return versions;
    }

    private void checkAlike() throws SQLException {
        List<String> first = nodes.get(0).dump();
        for (int i = 1; i < nodes.size(); i++) {
            List<String> other = nodes.get(i).dump();
            if (!other.equals(first)) {
                throw new Failure("replica 0 has " + minus(first, other) + ", replica " + i + " has "
                        + minus(other, first) + "; quarantined: " + nodes.get(0).quarantine()
                        + nodes.get(i).quarantine());
            }
        }
    }

    private static List<String> minus(List<String> some, List<String> others) {
        return some.stream().filter(line -> !others.contains(line)).toList();
    }
}
