package dev.crr.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tables with triggers of the application's own, of the kinds that come to rest. */
final class Reactive {

    private static final List<String> KEYS = List.of("'a'", "'b'", "'c'");
    private static final List<String> VALUES = List.of("NULL", "1", "'x'", "'X'", "'y'", "' z '");

    /** A time that no two replicas share, and that a replay repeats. */
    private static final String NOW =
            "(SELECT t || '-' || substr(hex(site_id), 31) FROM tick, crr_site WHERE ordinal = 0)";

    private static final String TICK = "UPDATE tick SET t = t + 1; ";
    private static final List<String> CLOCK = List.of(
            "CREATE TABLE IF NOT EXISTS tick (t INTEGER)",
            "INSERT INTO tick SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM tick)");

    private static final Table DERIVED = table(
            "derived",
            "full",
            "AFTER INSERT ON derived BEGIN UPDATE derived SET full = quote(NEW.a) || quote(NEW.b) WHERE id = NEW.id",
            "AFTER UPDATE ON derived BEGIN UPDATE derived SET full = quote(NEW.a) || quote(NEW.b) WHERE id = NEW.id");

    private static final List<Table> ALL = List.of(
            DERIVED,
            table("stamped", "m", "AFTER UPDATE ON stamped BEGIN " + set("stamped", "m")),
            table(
                    "counted",
                    "n",
                    "AFTER UPDATE ON counted BEGIN UPDATE counted SET n = coalesce(n, 0) + 1 WHERE id = NEW.id"),
            table(
                    "twice",
                    "m1 m2",
                    "AFTER UPDATE ON twice BEGIN " + set("twice", "m1"),
                    "AFTER UPDATE ON twice BEGIN " + set("twice", "m2")),
            table(
                    "chained",
                    "m1 m2",
                    "AFTER UPDATE OF a ON chained BEGIN " + set("chained", "m1"),
                    "AFTER UPDATE OF m1 ON chained BEGIN " + set("chained", "m2")),
            table(
                    "tidied",
                    "m",
                    "AFTER UPDATE OF a ON tidied BEGIN UPDATE tidied SET a = trim(NEW.a) WHERE id = NEW.id",
                    "AFTER UPDATE OF a, b ON tidied BEGIN " + set("tidied", "m")),
            table("before", "m", "BEFORE UPDATE ON before BEGIN " + set("before", "m")),
            table(
                    "replaced",
                    "m",
                    "AFTER UPDATE ON replaced BEGIN " + TICK + "REPLACE INTO replaced VALUES (NEW.id, NEW.a, NEW.b, "
                            + NOW + ")"),
            table(
                    "guarded",
                    "m",
                    "AFTER UPDATE ON guarded WHEN (SELECT merging FROM crr_state) IS NULL BEGIN "
                            + set("guarded", "m")),
            table(
                    "copied",
                    "m",
                    "AFTER INSERT ON copied WHEN NEW.id IN ('a', 'b') BEGIN"
                            + " INSERT OR IGNORE INTO copied (id, a) VALUES ('copy ' || NEW.id, 'copy')",
                    "AFTER DELETE ON copied WHEN OLD.id IN ('a', 'b') BEGIN DELETE FROM copied WHERE id = 'copy ' || OLD.id"));

    private Reactive() {}

    private static String set(String table, String column) {
        return TICK + "UPDATE " + table + " SET " + column + " = " + NOW + " WHERE id = NEW.id";
    }

    private static Table table(String name, String written, String... triggers) {
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.Column.of("a", "", VALUES));
        columns.add(Table.Column.of("b", "", VALUES));
        for (String column : written.split(" ")) {
            columns.add(Table.Column.of(column, "", VALUES));
        }
        List<String> sql = new ArrayList<>(CLOCK);
        for (int i = 0; i < triggers.length; i++) {
            sql.add("CREATE TRIGGER " + name + i + " " + triggers[i] + "; END");
        }
        return new Table(name, List.of(Table.Column.of("id", "TEXT NOT NULL", KEYS)), columns, false, "", sql);
    }

    /** Some of them for every third history. */
    static List<Table> some(Random random) {
        List<Table> some = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            some.add(random.nextInt(3) == 0 ? DERIVED : ALL.get(random.nextInt(ALL.size())));
            Table other = ALL.get(random.nextInt(ALL.size()));
            if (!some.contains(other)) {
                some.add(other);
            }
        }
        return some;
    }

    /** Replicas that have not all the same triggers: of an older release, or with one that somebody made by hand. */
    static List<Step> differences(Random random, List<Table> tables, int replicas) {
        List<Step> steps = new ArrayList<>();
        for (Table table : tables) {
            for (int at = 0; at < replicas; at++) {
                if (!table.after().isEmpty() && random.nextInt(6) == 0) {
                    steps.add(new Step.Write(at, List.of("DROP TRIGGER IF EXISTS " + table.name() + "0")));
                }
            }
        }
        return steps;
    }

    /** A trigger that somebody makes by hand, which fires before crr's own until these are made anew. */
    static Step byHand(Random random, Table table, int replicas) {
        String name = table.name();
        String sql = random.nextBoolean()
                ? "AFTER DELETE ON " + name + " WHEN OLD.id = 'a' BEGIN INSERT INTO " + name
                        + " (id, a) VALUES ('a', 'back'); END"
                : "AFTER INSERT ON " + name + " WHEN NEW.id = 'c' BEGIN DELETE FROM " + name + " WHERE id = 'c'; END";
        return new Step.Write(
                random.nextInt(replicas), List.of("CREATE TRIGGER IF NOT EXISTS " + name + "_by_hand " + sql));
    }

    /** Rows whose derived column does not tell of the others, though all replicas have the trigger. */
    static String stale() {
        return "SELECT id FROM derived WHERE full IS NOT quote(a) || quote(b)";
    }

    static boolean isDerived(Table table) {
        return table.equals(DERIVED);
    }
}
