package dev.crr.simulation;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A process that writes to a database and exchanges with another until it is killed, and says on its output what it has done:
 * {@code w ID .} a committed row, {@code exchanged .}. Arguments: the folders of both, a seed.
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
                seed, replicas, TABLES, Set.of(), Topology.STAR, Excluding.ALWAYS, false, Links.PULLED, true, List.of());
    }

    public static void main(String[] arguments) throws SQLException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        long seed = Long.parseLong(arguments[2]);
        Random random = new Random(seed);
        Statements statements = new Statements(random, TABLES.subList(0, 2));
        Node self = Node.in(Path.of(arguments[0]), TABLES);
        Node other = Node.in(Path.of(arguments[1]), TABLES);
        World world = new World(schedule(seed, 2), List.of(self, other));
        out.println("ready");
        for (int i = 0; true; i++) {
            String id = Long.toHexString(random.nextLong());
            Node writer = random.nextBoolean() ? self : other;
            writer.write(List.of("INSERT INTO late (id, v) VALUES ('" + id + "', 'x')"));
            out.println("w " + id + " .");
            writer.write(statements.write(true));
            int to = random.nextInt(2);
            int limit = 1 + random.nextInt(20);
            if (random.nextBoolean()) {
                world.pull(new Step.Pull(i, to, 1 - to, to, limit, 0, 1));
            } else {
                world.push(new Step.Push(i, to, 1 - to, limit, random.nextInt(3) > 0));
            }
            out.println("exchanged .");
        }
    }
}
