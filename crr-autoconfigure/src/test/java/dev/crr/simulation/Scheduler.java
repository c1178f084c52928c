package dev.crr.simulation;

import dev.crr.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes a schedule from a seed. */
final class Scheduler {

    private static final int MAX_REPLICAS = 8;

    private final long seed;
    private final Random random;
    private final Random triggers;
    private final List<Table> reactive;
    private int replicas;
    private final Topology topology;
    private final Excluding excluding;
    private final List<Table> tables;
    private final Statements statements;
    private final boolean onFiles;
    private final boolean copies;
    private final boolean restores;
    private final boolean switches;
    private final Links links;
    private final Set<Integer> older = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private int changesets;

    private Scheduler(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        triggers = new Random(~seed * 0x9E3779B97F4A7C15L);
        reactive = Reactive.some(triggers);
        int once = random.nextInt(6);
        int twice = random.nextInt(6);
        // Few replicas are met more often than many.
        replicas = 2 + Math.min(once, twice);
        copies = random.nextInt(3) == 0;
        restores = !copies && random.nextInt(2) == 0;
        if (restores) {
            replicas = 2 + once % 3; // many copies of few rather than few of many
        }
        topology = List.of(Topology.values()).get(random.nextInt(4));
        excluding = List.of(Excluding.values()).get(random.nextInt(3));
        onFiles = random.nextInt(8) == 0;
        switches = random.nextInt(4) == 0;
        links = List.of(Links.values()).get(random.nextInt(4));
        List<Table> shuffled = new ArrayList<>(Table.ALL);
        Collections.shuffle(shuffled, random);
        List<Table> chosen = new ArrayList<>(shuffled.subList(0, 1 + random.nextInt(4)));
        chosen.addAll(reactive);
        tables = List.copyOf(chosen);
        statements = new Statements(random, tables);
        if (random.nextBoolean()) {
            for (int i = 0; i < replicas; i++) {
                if (random.nextBoolean()) {
                    older.add(i);
                }
            }
        }
    }

    static Schedule of(long seed) {
        return new Scheduler(seed).make();
    }

    private Schedule make() {
        Set<Integer> olderAtFirst = Set.copyOf(older);
        int replicasAtFirst = replicas;
        boolean scoped = random.nextBoolean();
        int length = 20 + random.nextInt(80);
        while (steps.size() < length) {
            steps.add(step());
        }
        differ(replicasAtFirst);
        return new Schedule(
                seed,
                replicasAtFirst,
                tables,
                olderAtFirst,
                topology,
                excluding,
                scoped,
                links,
                onFiles,
                List.copyOf(steps));
    }

    private void differ(int replicasAtFirst) {
        if (reactive.isEmpty()) {
            return;
        }
        int kind = triggers.nextInt(3);
        if (kind == 0) {
            steps.addAll(0, Reactive.differences(triggers, reactive, replicasAtFirst));
        } else if (kind == 1) {
            Table table = reactive.get(triggers.nextInt(reactive.size()));
            steps.add(triggers.nextInt(steps.size()), Reactive.byHand(triggers, table, replicasAtFirst));
        }
    }

    private Step step() {
        int at = random.nextInt(replicas);
        int neighbour = neighbour(at);
        if (copies && random.nextInt(10) == 0) {
            return identity(at);
        }
        if (restores && random.nextInt(6) == 0) {
            return random.nextInt(5) < 2 ? new Step.Keep(at) : new Step.Restore(at, random.nextInt(100));
        }
        if (switches && random.nextInt(8) == 0) {
            return new Step.Switch(at, tables.get(random.nextInt(tables.size())).name(), random.nextInt(5) < 3);
        }
        if (random.nextInt(40) == 0) {
            return random.nextBoolean()
                    ? new Step.Vanish(at, neighbour, random.nextInt(1000))
                    : new Step.Forge(at, random.nextInt(1000), forged(), forged());
        }
        int dice = random.nextInt(100);
        if (dice < (restores ? 30 : 55)) {
            return new Step.Write(at, statements.write(newer(at)));
        }
        if (dice < 76 && !links.asks(at, neighbour)) {
            return links.sends(at, neighbour)
                    ? new Step.Push(changesets++, at, neighbour, limit(), random.nextInt(3) > 0)
                    : new Step.Write(at, statements.write(newer(at)));
        }
        if (dice < 76) {
            int times = random.nextInt(5) == 0 ? random.nextInt(3) : 1;
            int ahead = random.nextInt(10) == 0 ? 1 + random.nextInt(5) : 0;
            return new Step.Pull(changesets++, at, neighbour, excluded(at), limit(), ahead, times);
        }
        if (dice < 84 && changesets > 0) {
            return new Step.Deliver(random.nextInt(changesets), at);
        }
        if (dice < 90) {
            return links.sends(at, neighbour)
                    ? new Step.Push(changesets++, at, neighbour, limit(), random.nextInt(3) > 0)
                    : new Step.Write(at, statements.write(newer(at)));
        }
        if (dice < 92) {
            return new Step.Cut(at, neighbour);
        }
        if (dice < 94) {
            return new Step.Heal(at, neighbour);
        }
        if (dice < 96) {
            return disturbance(at, neighbour);
        }
        if (older.remove(at)) {
            return upgrade(at);
        }
        return new Step.StandAside(at, statements.some(newer(at), 3), random.nextInt(3) == 0);
    }

    private long forged() {
        long beyond = 1L << 31 + random.nextInt(22);
        return switch (random.nextInt(4)) {
            case 0 -> Change.VERSION_BOUND - 1 - random.nextInt(3);
            case 1 -> Math.max(beyond, 1L << 40) + random.nextInt(2);
            case 2 -> (1L << 31) + random.nextInt(2);
            default -> 1 + random.nextInt(4);
        };
    }

    private Step identity(int at) {
        int dice = random.nextInt(10);
        if (dice < 4 && replicas < MAX_REPLICAS) {
            if (older.contains(at)) {
                older.add(replicas);
            }
            return new Step.Clone(at, replicas++);
        }
        if (dice < 6) {
            return new Step.Keep(at);
        }
        return dice < 9 ? new Step.Restore(at, random.nextInt(100)) : new Step.NewSiteId(at);
    }

    private Step upgrade(int at) {
        boolean aside = random.nextBoolean();
        List<Table> altered = tables.stream().filter(table -> !table.rebuilt()).toList();
        List<String> after = aside ? new Statements(random, altered).some(true, 3) : List.of();
        return new Step.Upgrade(at, aside, statements.some(false, 3), after, random.nextInt(3) == 0);
    }

    private Step disturbance(int at, int neighbour) {
        return switch (onFiles ? random.nextInt(links.asks(at, neighbour) ? 3 : 2) : 0) {
            case 0 -> new Step.Restart(at);
            case 1 -> new Step.Crash(at, statements.some(newer(at), 3));
            default -> new Step.CrashInMerge(at, neighbour, random.nextBoolean());
        };
    }

    private boolean newer(int at) {
        return !older.contains(at);
    }

    private int excluded(int at) {
        if (random.nextInt(20) == 0) {
            return random.nextInt(replicas);
        }
        return excluding.on(random.nextInt()) ? at : -1;
    }

    private int limit() {
        return 1 + random.nextInt(random.nextBoolean() ? 5 : 100);
    }

    private int neighbour(int at) {
        int other;
        do {
            other = random.nextInt(replicas);
        } while (!topology.links(at, other, replicas));
        return other;
    }
}
