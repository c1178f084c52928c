package dev.crr.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes short schedules of little else than restorations: a few replicas with one table, each of whose rows is written at one place,
 * and so is missed if it gets lost. Two restorations must fall together to do harm, which in {@link Scheduler long histories} is rare.
 */
final class RestoredScheduler {

    private static final Table TABLE = Table.ALL.stream()
            .filter(table -> table.name().equals("late"))
            .findFirst()
            .orElseThrow();

    /** Replicates now and then, so that what stands for everything is not always the same. */
    private static final Table OTHER = Table.ALL.stream()
            .filter(table -> table.name().equals("tag"))
            .findFirst()
            .orElseThrow();

    private final long seed;
    private final Random random;
    private final int replicas;
    private final Topology topology;
    private final Links links;
    private final boolean switches;
    private final boolean copies;
    private int rows;
    private int changesets;
    private int copied;

    private RestoredScheduler(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        replicas = 2 + random.nextInt(3) % 2 + random.nextInt(2);
        topology = List.of(Topology.values()).get(random.nextInt(4));
        links = List.of(Links.values()).get(random.nextInt(4));
        switches = random.nextInt(3) == 0;
        copies = random.nextInt(5) == 0;
    }

    static Schedule of(long seed) {
        return new RestoredScheduler(seed).make();
    }

    private Schedule make() {
        Excluding excluding = List.of(Excluding.values()).get(random.nextInt(3));
        boolean scoped = random.nextBoolean();
        List<Step> steps = new ArrayList<>();
        int length = 8 + random.nextInt(25);
        while (steps.size() < length) {
            steps.add(step());
        }
        List<Table> tables = switches ? List.of(TABLE, OTHER) : List.of(TABLE);
        return new Schedule(seed, replicas, tables, Set.of(), topology, excluding, scoped, links, false, steps);
    }

    private Step step() {
        int at = random.nextInt(replicas);
        int dice = random.nextInt(100);
        if (dice < 25) {
            return new Step.Write(at, List.of(statement()));
        }
        if (dice < 60) {
            return exchange(at);
        }
        if (dice < 75) {
            return new Step.Keep(at);
        }
        if (dice < 90) {
            return new Step.Restore(at, random.nextInt(100));
        }
        if (dice < 94 && changesets > 0) {
            return new Step.Deliver(random.nextInt(changesets), at);
        }
        if (dice < 96 && copies) {
            return random.nextInt(3) == 0 ? new Step.NewSiteId(at) : new Step.Clone(at, replicas + copied++);
        }
        if (switches) {
            return new Step.Switch(at, (random.nextBoolean() ? TABLE : OTHER).name(), random.nextBoolean());
        }
        return new Step.Restart(at);
    }

    private String statement() {
        String some = random.nextInt(4) > 0 || rows == 0 ? "k" + rows++ : "k" + random.nextInt(rows);
        return switch (random.nextInt(switches ? 7 : 6)) {
            case 0 -> "DELETE FROM late WHERE id = 'k" + random.nextInt(rows) + "'";
            case 1 -> "UPDATE late SET v = 'v" + random.nextInt(9) + "'";
            case 6 -> "INSERT OR REPLACE INTO tag (id) VALUES ('" + some + "')";
            default -> "INSERT OR REPLACE INTO late (id, v) VALUES ('" + some + "', 'v')";
        };
    }

    private Step exchange(int at) {
        int neighbour;
        do {
            neighbour = random.nextInt(replicas);
        } while (!topology.links(at, neighbour, replicas));
        int limit = 1 + random.nextInt(random.nextBoolean() ? 3 : 100);
        boolean sends = links.sends(at, neighbour) && (random.nextBoolean() || !links.asks(at, neighbour));
        if (sends) {
            return new Step.Push(changesets++, at, neighbour, limit, random.nextInt(4) > 0);
        }
        return links.asks(at, neighbour)
                ? new Step.Pull(changesets++, at, neighbour, at, limit, 0, 1)
                : new Step.Restart(at);
    }
}
