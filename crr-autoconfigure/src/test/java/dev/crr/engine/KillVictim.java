package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.kill.Doomed;
import dev.crr.kill.KillPoint;
import java.sql.SQLException;
import java.util.Random;

/**
 * Starts on its file, perhaps with a migration, and then writes, merges from a peer and exports until it is killed. Says
 * {@code w ID} of a committed row, {@code x VERSION TABLE KEY} of a change shown to somebody.
 */
final class KillVictim {

    private final Doomed self;
    private final Random random;
    private final Replica replica;
    private final Replica peer;
    private long shown;

    private KillVictim(Doomed self, Replica replica, Replica peer) {
        this.self = self;
        this.random = new Random(self.seed());
        this.replica = replica;
        this.peer = peer;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Doomed.run(
                self -> {
                    self.begins(KillPoint.Aim.START);
                    try (Replica replica = new Replica(self.one());
                            Replica peer = new Replica(self.other())) {
                        new KillVictim(self, replica, peer).live();
                    }
                },
                arguments);
    }

    private void live() throws SQLException {
        KillTests.create(replica);
        if (self.aimsAt(KillPoint.Aim.MIGRATION) || random.nextInt(8) == 0) {
            migrate();
        }
        KillTests.install(replica);
        self.begins(KillPoint.Aim.WORK);
        while (true) {
            switch (random.nextInt(3)) {
                case 0 -> write();
                case 1 -> merge();
                default -> export();
            }
        }
    }

    /** Makes a table anew and writes to the other, as a migration may. */
    private void migrate() throws SQLException {
        self.begins(KillPoint.Aim.MIGRATION);
        replica.installer.standAside(replica.connection);
        String id = id();
        replica.run(
                "BEGIN IMMEDIATE",
                "CREATE TABLE new_tag (id TEXT PRIMARY KEY NOT NULL)",
                "INSERT INTO new_tag SELECT id FROM tag",
                "DROP TABLE tag",
                "ALTER TABLE new_tag RENAME TO tag",
                "INSERT INTO plain VALUES ('" + id + "', 1, 2)",
                "COMMIT");
        self.say("w " + id);
        replica.run("UPDATE plain SET b = 'migrated' WHERE id > '" + id + "'");
    }

    private void write() {
        String id = id();
        replica.run(
                "BEGIN IMMEDIATE",
                "INSERT INTO plain VALUES ('" + id + "', 1, 2)",
                "UPDATE plain SET a = 3 WHERE id = '" + id + "'",
                "INSERT INTO tag VALUES ('" + id + "')",
                "COMMIT");
        self.say("w " + id);
        if (random.nextInt(4) == 0) {
            replica.run("UPDATE plain SET b = b + 1", "DELETE FROM tag WHERE id < '" + id.charAt(0) + "'");
        }
    }

    private String id() {
        return Long.toHexString(random.nextLong());
    }

    private void merge() throws SQLException {
        long since =
                replica.engine.cursor(replica.connection, peer.siteId(), null).received();
        replica.merge(peer.changes(ChangeQuery.since(since).limitedTo(1 + random.nextInt(100))));
    }

    private void export() {
        Changeset changeset = replica.changes(ChangeQuery.since(shown));
        for (Change change : changeset.changes()) {
            self.say("x " + change.dbVersion() + " " + change.table() + " " + change.key());
        }
        shown = changeset.version();
    }
}
