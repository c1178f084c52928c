package dev.crr.simulation;

import dev.crr.kill.Doomed;
import dev.crr.kill.KillPoint;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Starts on two databases, writes to both and lets them exchange until it is killed. Says {@code w ID} of a committed row, and
 * {@code exchanged}.
 */
final class CloneKillVictim {

    /** Random statements go to the first two. */
    static final List<Table> TABLES = List.of(table("plain"), table("loose"), table("late"));

    private CloneKillVictim() {}

    private static Table table(String name) {
        return Table.ALL.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Schedule schedule(long seed, int replicas) {
        return new Schedule(
                seed,
                replicas,
                TABLES,
                Set.of(),
                Topology.STAR,
                Excluding.ALWAYS,
                false,
                Links.PULLED,
                true,
                List.of());
    }

    public static void main(String[] arguments) throws InterruptedException {
        Doomed.run(CloneKillVictim::live, arguments);
    }

    private static void live(Doomed doomed) throws SQLException {
        Random random = new Random(doomed.seed());
        Statements statements = new Statements(random, TABLES.subList(0, 2));
        doomed.begins(KillPoint.Aim.START);
        Node self = Node.in(doomed.one(), TABLES);
        Node other = Node.in(doomed.other(), TABLES);
        World world = new World(schedule(doomed.seed(), 2), List.of(self, other));
        if (doomed.aimsAt(KillPoint.Aim.MIGRATION)) {
            doomed.begins(KillPoint.Aim.MIGRATION);
            self.standAside(statements.some(true, 3), false);
        }
        doomed.begins(KillPoint.Aim.WORK);
        for (int i = 0; true; i++) {
            String id = Long.toHexString(random.nextLong());
            Node writer = random.nextBoolean() ? self : other;
            writer.write(List.of("INSERT INTO late (id, v) VALUES ('" + id + "', 'x')"));
            doomed.say("w " + id);
            writer.write(statements.write(true));
            int to = random.nextInt(2);
            int limit = 1 + random.nextInt(20);
            if (random.nextBoolean()) {
                world.pull(new Step.Pull(i, to, 1 - to, to, limit, 0, 1));
            } else {
                world.push(new Step.Push(i, to, 1 - to, limit, random.nextInt(3) > 0));
            }
            doomed.say("exchanged");
        }
    }
}
