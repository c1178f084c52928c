package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;

/**
 * A process that writes, merges and exports until it is killed, and says on its output what it has done: {@code w ID .} a committed
 * row, {@code x VERSION TABLE KEY} a change shown to somebody. Arguments: its file, the file of a peer to merge from, a seed.
 */
final class KillVictim {

    private KillVictim() {}

    public static void main(String[] arguments) throws SQLException {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        Random random = new Random(Long.parseLong(arguments[2]));
        try (Replica self = KillTests.replica(Path.of(arguments[0]));
                Replica peer = new Replica(Path.of(arguments[1]))) {
            long shown = 0;
            out.println("ready");
            while (true) {
                switch (random.nextInt(3)) {
                    case 0 -> write(self, out, random);
                    case 1 -> merge(self, peer, random);
                    default -> shown = export(self, out, shown);
                }
            }
        }
    }

    private static void write(Replica self, PrintStream out, Random random) {
        String id = Long.toHexString(random.nextLong());
        self.run(
                "BEGIN IMMEDIATE",
                "INSERT INTO plain VALUES ('" + id + "', 1, 2)",
                "UPDATE plain SET a = 3 WHERE id = '" + id + "'",
                "INSERT INTO tag VALUES ('" + id + "')",
                "COMMIT");
        out.println("w " + id + " .");
        if (random.nextInt(4) == 0) {
            self.run("UPDATE plain SET b = b + 1", "DELETE FROM tag WHERE id < '" + id.charAt(0) + "'");
        }
    }

    private static void merge(Replica self, Replica peer, Random random) throws SQLException {
        long since = self.engine.cursor(self.connection, peer.siteId(), null).received();
        self.merge(peer.changes(ChangeQuery.since(since).limitedTo(1 + random.nextInt(100))));
    }

    private static long export(Replica self, PrintStream out, long shown) {
        Changeset changeset = self.changes(ChangeQuery.since(shown));
        for (Change change : changeset.changes()) {
            out.println("x " + change.dbVersion() + " " + change.table() + " " + change.key());
        }
        return changeset.version();
    }
}
