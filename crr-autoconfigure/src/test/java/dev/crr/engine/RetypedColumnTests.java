package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A column changes its type on one instance after the other, while all write and exchange. {@code -Dcrr.seed=N} replays one
 * random history of each pair of types.
 */
class RetypedColumnTests {

    private static final List<String> TYPES = List.of("TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB", "ANY");

    private static final List<String> VALUES = List.of(
            "NULL",
            "1",
            "9",
            "10",
            "'9'",
            "'10'",
            "'007'",
            "'1e2'",
            "100",
            "1.0",
            "9.5",
            "'9.50'",
            "0.30000000000000004",
            "'a'",
            "x'31'",
            "''",
            "9007199254740993",
            "'9007199254740993'",
            "1e300",
            "-1",
            "' 9 '");

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return TYPES.stream()
                .flatMap(from -> TYPES.stream().filter(to -> !to.equals(from)).map(to -> Arguments.of(from, to)));
    }

    /** ANY is a type of its own in STRICT tables only. */
    private static String ddl(String name, String type) {
        return "CREATE TABLE " + name + " (id TEXT PRIMARY KEY NOT NULL, v " + type + ")"
                + (type.equals("ANY") ? " STRICT" : "");
    }

    private static List<String> rebuild(String create) {
        return List.of(
                create.replace("TABLE t", "TABLE new_t"),
                "INSERT INTO new_t SELECT * FROM t",
                "DROP TABLE t",
                "ALTER TABLE new_t RENAME TO t");
    }

    private static List<String> retype(String type) {
        return rebuild(ddl("t", type));
    }

    private Path folder(Object name) {
        Path path = folder.resolve(String.valueOf(name));
        assertThat(path.toFile().mkdirs()).isTrue();
        return path;
    }

    @Test
    void bothDecideOnceMoreWhenBothHaveTheSameType() {
        for (int first = 0; first < 2; first++) {
            try (Pair pair = new Pair(folder(first), 2, ddl("t", "TEXT")).install("t")) {
                pair.get(0).run("INSERT INTO t VALUES ('r', '1')");
                pair.exchange();
                pair.migrate(first, retype("INTEGER"), "t");
                pair.get(first).run("UPDATE t SET v = 10");
                pair.get(1 - first).run("UPDATE t SET v = '9'");
                pair.exchange();
                pair.migrate(1 - first, retype("INTEGER"), "t");
                assertThat(pair.equal("t")).containsExactly("'r'|10");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void allPairsOfTypesInAnyOrderOfUpgrades(String from, String to) {
        Long one = Long.getLong("crr.seed");
        LongStream seeds = one != null ? LongStream.of(one) : LongStream.range(0, 6);
        seeds.forEach(seed -> {
            try {
                history(from, to, seed);
            } catch (AssertionError e) {
                throw new AssertionError(
                        from + " to " + to + ", replay with -Dcrr.seed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }

    private void history(String from, String to, long seed) {
        Random random = new Random(seed * 31 + from.hashCode() * 7L + to.hashCode());
        int size = 2 + random.nextInt(2);
        try (Pair pair = new Pair(folder(from + to + seed), size, ddl("t", from)).install("t")) {
            for (int row = 0; row < 20; row++) {
                pair.get(0).run("INSERT OR IGNORE INTO t VALUES ('r" + row + "', " + pick(random) + ")");
            }
            pair.exchange();
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, size).boxed().toList());
            Collections.shuffle(order, random);
            edit(pair, size, random);
            for (int index : order) {
                pair.migrate(index, retype(to), "t");
                edit(pair, size, random);
                if (random.nextInt(3) > 0) {
                    for (int i = 0; i + 1 < size; i++) {
                        pair.pull(i, i + 1);
                        pair.pull(i + 1, i);
                    }
                }
                edit(pair, size, random);
            }
            assertThat(pair.equal("t")).isNotEmpty();
            assertThat(pair.get(0).query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
        }
    }

    private static void edit(Pair pair, int size, Random random) {
        for (int i = 0; i < size; i++) {
            for (int n = random.nextInt(8); n > 0; n--) {
                pair.get(i).run("UPDATE t SET v = " + pick(random) + " WHERE id = 'r" + random.nextInt(20) + "'");
            }
            if (random.nextInt(4) == 0) {
                pair.get(i).run("INSERT OR IGNORE INTO t VALUES ('n" + random.nextInt(4) + "', " + pick(random) + ")");
            }
            if (random.nextInt(6) == 0) {
                pair.get(i).run("DELETE FROM t WHERE id = 'r" + random.nextInt(20) + "'");
            }
        }
    }

    private static String pick(Random random) {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    @Test
    void aTypeThatIsOnlyDeclaredAnewCountsAsWell() {
        try (Pair pair = new Pair(folder, 2, ddl("t", "TEXT")).install("t")) {
            pair.get(0).run("INSERT INTO t VALUES ('r', '1'), ('s', '007')");
            pair.exchange();
            for (int i = 0; i < 2; i++) {
                pair.get(i).run("UPDATE t SET v = " + (i == 0 ? "'10'" : "'9'") + " WHERE id = 'r'");
                declare(pair, i, i == 0);
                pair.get(i).run("UPDATE t SET v = " + (i == 0 ? "8" : "70") + " WHERE id = 's'");
            }
            assertThat(pair.equal("t")).containsExactly("'r'|10", "'s'|70");
        }
    }

    /** As PRAGMA writable_schema allows it, with or without a hint to other connections. */
    private static void declare(Pair pair, int index, boolean hint) {
        String version = pair.get(index).query("PRAGMA schema_version").get(0);
        pair.get(index)
                .run(
                        "PRAGMA writable_schema = ON",
                        "UPDATE sqlite_master SET sql = replace(sql, 'v TEXT', 'v INTEGER') WHERE name = 't' AND type = 'table'",
                        "PRAGMA writable_schema = OFF");
        if (hint) {
            pair.get(index).run("PRAGMA schema_version = " + (Long.parseLong(version) + 1));
        }
        pair.kill(index).install(index, "t");
    }

    @Test
    void whatIsHeldInQuarantineTakesPart() {
        String strict = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v INTEGER) STRICT";
        try (Pair pair = new Pair(folder, 2, strict).install("t")) {
            pair.get(0).run("INSERT INTO t VALUES ('r', 1), ('s', 1)");
            pair.exchange();
            pair.migrate(0, retype("ANY"), "t");
            pair.get(0).run("UPDATE t SET v = 'no number'", "UPDATE t SET v = 'z' WHERE id = 's'");
            pair.get(1).run("UPDATE t SET v = 5 WHERE id = 'r'");
            pair.exchange();
            assertThat(pair.get(1).query("SELECT count(*) FROM crr_quarantine")).containsExactly("1");
            pair.migrate(1, retype("ANY"), "t");
            assertThat(pair.equal("t")).containsExactly("'r'|5", "'s'|'z'");
            assertThat(pair.get(1).query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
        }
    }

    @Test
    void onlyTheColumnIsAnnouncedAndNoColumnVersionRises() {
        try (Pair pair =
                new Pair(folder, 2, "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT, w TEXT)").install("t")) {
            pair.get(0)
                    .run(
                            "INSERT INTO t VALUES ('1', '7', 'w'), ('2', '8', 'w')",
                            "UPDATE t SET v = '9' WHERE id = '2'");
            pair.migrate(0, rebuild("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v INTEGER, w TEXT)"), "t");
            assertThat(pair.get(0).query("SELECT cid, val, col_version FROM crsql_changes WHERE db_version > 3"))
                    .containsExactlyInAnyOrder("'v'|7|1", "'v'|9|2");
        }
    }
}
