package dev.crr.engine;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import java.nio.file.Path;
import java.util.List;

/** A process that holds more in quarantine than fits into its memory, merges, lists, and gets the schema that it lacked. */
final class SmallHeapQuarantine {

    static final int ROWS = 1_500;
    private static final int BYTES = 64_000;

    private SmallHeapQuarantine() {}

    public static void main(String[] folder) throws Exception {
        CrrEngine engine = new CrrEngine(100_000, 1_000_000);
        try (Replica newer = new Replica(Path.of(folder[0], "newer.db"));
                Replica older = new Replica(Path.of(folder[0], "older.db"))) {
            newer.run("CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, v, image BLOB)")
                    .install("t");
            older.run("CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, v)").install("t");
            newer.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS
                    + ") INSERT INTO t SELECT i, i, zeroblob(" + BYTES + ") FROM n");
            long since = exchange(engine, newer, older, 0);
            newer.run("UPDATE t SET v = 'edited'");
            exchange(engine, newer, older, since);
            require(engine.quarantined(older.connection) == ROWS, "all are held");
            require(!engine.quarantine(older.connection, ROWS).isEmpty(), "they can be listed");
            older.inTransaction(() -> engine.retryQuarantine(older.connection));
            older.run("ALTER TABLE t ADD COLUMN image BLOB").install("t");
            require(
                    older.query("SELECT count(*), sum(length(image)) FROM t WHERE v = 'edited'")
                            .equals(List.of(ROWS + "|" + (long) ROWS * BYTES)),
                    "all are applied");
            require(engine.quarantined(older.connection) == 0, "nothing is held");
        }
    }

    private static long exchange(CrrEngine engine, Replica from, Replica to, long after) {
        long since = after;
        boolean more = true;
        while (more) {
            Changeset piece = from.changes(ChangeQuery.since(since).limitedTo(after == 0 ? 60 : 100_000));
            to.inTransaction(() -> engine.merge(to.connection, piece));
            since = piece.version();
            more = piece.more();
        }
        return since;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("it is not so that " + what);
        }
    }
}
