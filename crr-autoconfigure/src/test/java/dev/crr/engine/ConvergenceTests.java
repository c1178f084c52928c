package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of several replicas: whatever was written and however it was exchanged, all end with the same rows, causal
 * lengths and column versions, and a further exchange moves nothing. Replay one with {@code -Dcrr.seed=N}.
 */
class ConvergenceTests {

    private static final List<String> TABLES = List.of("plain", "composite", "tag", "strictly", "nocase", "loose");

    private static final List<String> VALUES = List.of(
            "NULL",
            "0",
            "1",
            "1.0",
            "-1.5",
            "2.0",
            "'1'",
            "'a'",
            "'A'",
            "'é'",
            "x''",
            "x'61'",
            "''",
            "'z'",
            "9007199254740993");

    @TempDir
    Path folder;

    static LongStream seeds() {
        Long one = Long.getLong("crr.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("crr.seeds", 60));
    }

    @ParameterizedTest(name = "-Dcrr.seed={0}")
    @MethodSource("seeds")
    void converges(long seed) {
        History history = new History(new Random(seed));
        try {
            history.run();
        } finally {
            history.close();
        }
    }

    private final class History {

        private final Random random;
        private final List<Replica> replicas = new ArrayList<>();
        private final List<SiteId> sites = new ArrayList<>();
        private final List<Changeset> sent = new ArrayList<>();
        private final int topology;
        private final int excluding;

        History(Random random) {
            this.random = random;
            this.topology = random.nextInt(4);
            this.excluding = random.nextInt(3);
            int count = 2 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                Replica replica = new Replica(folder.resolve("r" + i + ".db"));
                replica.run(
                                "CREATE TABLE plain (id INTEGER PRIMARY KEY NOT NULL, a, b DEFAULT 7, c TEXT)",
                                "CREATE TABLE composite (x TEXT NOT NULL, y INTEGER NOT NULL, a, PRIMARY KEY (y, x))",
                                "CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)",
                                "CREATE TABLE strictly (id INTEGER PRIMARY KEY NOT NULL, a NOT NULL, b NOT NULL DEFAULT 1)",
                                "CREATE TABLE nocase (id INTEGER PRIMARY KEY NOT NULL, a TEXT COLLATE NOCASE, b REAL, c NUMERIC)",
                                "CREATE TABLE loose (id PRIMARY KEY NOT NULL, a) WITHOUT ROWID")
                        .install(TABLES.toArray(String[]::new));
                replicas.add(replica);
                sites.add(replica.siteId());
            }
        }

        void run() {
            int steps = 30 + random.nextInt(120);
            for (int step = 0; step < steps; step++) {
                int replica = random.nextInt(replicas.size());
                if (random.nextInt(3) == 0) {
                    pull(replica, neighbour(replica));
                } else {
                    write(replicas.get(replica));
                }
            }
            quiesce();
            for (Replica replica : replicas) {
                assertThat(state(replica)).containsExactlyInAnyOrderElementsOf(state(replicas.get(0)));
            }
            List<String> versions = versions();
            for (int i = 0; i < replicas.size(); i++) {
                for (int j = 0; j < replicas.size(); j++) {
                    replicas.get(i).merge(replicas.get(j).changes(ChangeQuery.ALL));
                }
            }
            assertThat(versions()).as("a further full exchange moves nothing").isEqualTo(versions);
        }

        /** Incremental exchange along the topology, until nobody has anything new. */
        private void quiesce() {
            for (int round = 0; ; round++) {
                assertThat(round).as("rounds until quiet").isLessThan(50);
                long applied = 0;
                for (int i = 0; i < replicas.size(); i++) {
                    for (int j = 0; j < replicas.size(); j++) {
                        if (i != j && linked(i, j)) {
                            while (true) {
                                Changeset piece = read(i, j);
                                applied += replicas.get(i).merge(piece).report().applied();
                                if (!piece.more()) {
                                    break;
                                }
                            }
                        }
                    }
                }
                if (applied == 0) {
                    return;
                }
            }
        }

        private void pull(int to, int from) {
            if (!sent.isEmpty() && random.nextInt(4) == 0) {
                replicas.get(to).merge(sent.get(random.nextInt(sent.size())));
                return;
            }
            Changeset piece = read(to, from);
            sent.add(piece);
            for (int i = random.nextInt(2); i >= 0; i--) {
                replicas.get(to).merge(piece);
            }
        }

        private Changeset read(int to, int from) {
            boolean exclude = excluding == 2 || (excluding == 1 && random.nextBoolean());
            long cursor = cursor(replicas.get(to), sites.get(from));
            ChangeQuery query = ChangeQuery.since(cursor).limitedTo(1 + random.nextInt(30));
            return replicas.get(from).changes(exclude ? query.excluding(sites.get(to)) : query);
        }

        private long cursor(Replica replica, SiteId peer) {
            try {
                return replica.engine.cursor(replica.connection, peer, null).received();
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private int neighbour(int replica) {
            int other;
            do {
                other = random.nextInt(replicas.size());
            } while (other == replica || !linked(replica, other));
            return other;
        }

        /** Mesh, star, line, ring. */
        private boolean linked(int i, int j) {
            int distance = Math.abs(i - j);
            return switch (topology) {
                case 0 -> true;
                case 1 -> i == 0 || j == 0;
                case 2 -> distance == 1;
                default -> distance == 1 || distance == replicas.size() - 1;
            };
        }

        private void write(Replica replica) {
            String table = TABLES.get(random.nextInt(TABLES.size()));
            boolean transaction = random.nextInt(4) == 0;
            List<String> statements = new ArrayList<>();
            for (int i = transaction ? random.nextInt(5) : 0; i >= 0; i--) {
                statements.add(statement(transaction ? TABLES.get(random.nextInt(TABLES.size())) : table));
            }
            if (transaction) {
                statements.add(0, "BEGIN");
                if (random.nextInt(4) == 0) {
                    statements.add(1, "SAVEPOINT s");
                    statements.add("ROLLBACK TO s");
                }
                statements.add(random.nextInt(5) == 0 ? "ROLLBACK" : "COMMIT");
            }
            replica.run(statements.toArray(String[]::new));
        }

        private String statement(String table) {
            boolean composite = table.equals("composite");
            String key = composite ? text() + ", " + number() : key(table);
            String columns = composite ? "x, y" : "id";
            String where = composite ? "(x, y) = (" + key + ")" : "id = " + key;
            if (table.equals("tag")) {
                return switch (random.nextInt(4)) {
                    case 0 -> "DELETE FROM tag WHERE " + where;
                    case 1 -> "UPDATE OR REPLACE tag SET id = " + text() + " WHERE " + where;
                    case 2 -> "INSERT OR IGNORE INTO tag VALUES (" + key + ")";
                    default -> "INSERT OR REPLACE INTO tag VALUES (" + key + ")";
                };
            }
            String a = value(table);
            return switch (random.nextInt(9)) {
                case 0 -> "DELETE FROM " + table + " WHERE " + where;
                case 1 -> "UPDATE OR REPLACE " + table + " SET " + rekey(table) + " WHERE " + where;
                case 2 -> "INSERT OR REPLACE INTO " + table + " (" + columns + ", a) VALUES (" + key + ", " + a + ")";
                case 3 ->
                    "INSERT INTO " + table + " (" + columns + ", a) VALUES (" + key + ", " + a
                            + ") ON CONFLICT DO UPDATE SET a = excluded.a";
                case 4 -> "UPDATE " + table + " SET a = " + a;
                case 5 ->
                    hasB(table)
                            ? "UPDATE " + table + " SET a = " + a + ", b = " + value(table) + " WHERE " + where
                            : "UPDATE " + table + " SET a = " + a + " WHERE " + where;
                case 6 -> "UPDATE " + table + " SET a = " + a + " WHERE " + where;
                default -> "INSERT OR IGNORE INTO " + table + " (" + columns + ", a) VALUES (" + key + ", " + a + ")";
            };
        }

        private boolean hasB(String table) {
            return table.equals("plain") || table.equals("strictly") || table.equals("nocase");
        }

        private String rekey(String table) {
            return table.equals("composite")
                    ? (random.nextBoolean() ? "x = " + text() : "y = " + number())
                    : "id = " + key(table);
        }

        private String key(String table) {
            return switch (table) {
                case "tag" -> text();
                case "loose" -> random.nextBoolean() ? text() : random.nextBoolean() ? number() : "x'61'";
                default -> number();
            };
        }

        private String value(String table) {
            String value = VALUES.get(random.nextInt(VALUES.size()));
            return table.equals("strictly") && value.equals("NULL") ? "0" : value;
        }

        private String number() {
            return String.valueOf(random.nextInt(4));
        }

        private String text() {
            return List.of("'a'", "'b'", "'1'", "'é'").get(random.nextInt(4));
        }

        private List<String> state(Replica replica) {
            List<String> state = new ArrayList<>();
            for (String table : TABLES) {
                replica.query("SELECT * FROM " + table + " ORDER BY 1").forEach(row -> state.add(table + " " + row));
            }
            state.addAll(replica.query(
                    "SELECT \"table\", hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3"));
            return state;
        }

        private List<String> versions() {
            return replicas.stream()
                    .map(replica ->
                            replica.query("SELECT version FROM crr_state").get(0))
                    .toList();
        }

        void close() {
            replicas.forEach(Replica::close);
        }
    }
}
