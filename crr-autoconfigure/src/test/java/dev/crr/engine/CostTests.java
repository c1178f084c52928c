package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.Value;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That cost follows what is read or merged, counted in what SQLite does for it. */
class CostTests {

    static final SiteId A = SiteId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    @TempDir
    Path folder;

    private Replica replica(String name, String... ddl) {
        return new Replica(folder.resolve(name + ".db")).run(ddl);
    }

    private static void rows(Replica replica, int count) {
        replica.run("INSERT INTO foo SELECT value, value, value FROM json_each('["
                + IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(","))
                + "]')");
    }

    private static final String FOO = "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, a, b)";

    /** Rows that were edited after they were made, as a new instance reads them from here. */
    private Replica edited(String name, int count) {
        Replica replica = replica(name, FOO).install("foo");
        rows(replica, count);
        replica.run("UPDATE foo SET a = a + 1, b = b + 1");
        return replica;
    }

    /** A hub: it got edited rows from another. */
    private Replica hub(String name, int count) {
        Replica hub = replica(name, FOO).install("foo");
        try (Replica origin = edited(name + "-origin", count)) {
            hub.merge(origin.changes(ChangeQuery.ALL));
        }
        return hub;
    }

    private static long piece(Replica replica, long since) throws Exception {
        return Steps.of(
                replica.connection,
                () -> assertThat(replica.engine
                                .read(
                                        replica.connection,
                                        ChangeQuery.since(since).limitedTo(100))
                                .changes())
                        .hasSizeGreaterThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPieceOfEditedRowsCostsTheSameHoweverManyFollow(boolean hub) throws Exception {
        try (Replica few = hub ? hub("few", 200) : edited("few", 200);
                Replica many = hub ? hub("many", 10_000) : edited("many", 10_000)) {
            long early = piece(few, 0);
            assertThat(piece(many, 0)).isLessThan(2 * early);
            assertThat(piece(many, 5_000)).isLessThan(2 * early);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 300})
    void piecesTogetherAreTheWhole(int limit) throws Exception {
        Random random = new Random(limit);
        try (Replica from = replica("from", FOO).install("foo");
                Replica to = replica("to", FOO).install("foo")) {
            for (int i = 0; i < 300; i++) {
                int id = random.nextInt(60);
                from.run(
                        switch (random.nextInt(5)) {
                            case 0 -> "DELETE FROM foo WHERE id = " + id;
                            case 1, 2 -> "INSERT OR REPLACE INTO foo VALUES (" + id + ", " + i + ", 1)";
                            default -> "UPDATE foo SET a = " + i + ", b = b + 1 WHERE id = " + id;
                        });
            }
            long since = 0;
            boolean more = true;
            while (more) {
                Changeset piece = from.changes(ChangeQuery.since(since).limitedTo(limit));
                to.merge(piece);
                since = piece.version();
                more = piece.more();
            }
            String all = "SELECT * FROM foo ORDER BY id";
            String clocks = "SELECT hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2";
            assertThat(to.query(all)).isEqualTo(from.query(all));
            assertThat(to.query(clocks)).isEqualTo(from.query(clocks));
        }
    }

    private static Change cell(int id, String column, Value value, long colVersion) {
        return new Change("foo", List.of(Value.of(id)), column, value, colVersion, 1, A, 1, 0);
    }

    private static void hold(Replica replica, int count) {
        replica.run(
                "INSERT INTO crr_quarantine SELECT 'foo', CAST(x'0111' || char(1 + value % 127, value / 127) AS BLOB),"
                        + " 'later', 'some text', 2, 1, x'" + A + "', 1, 0, x'" + A
                        + "', 'no such column', 1 FROM json_each('["
                        + IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","))
                        + "]')");
    }

    @Test
    void aMergeCostsTheSameHoweverManyChangesAreHeld() throws Exception {
        try (Replica none = replica("none", FOO).install("foo");
                Replica many = replica("many", FOO).install("foo")) {
            rows(none, 10);
            rows(many, 10);
            hold(many, 10_000);
            assertThat(many.engine.quarantined(many.connection)).isEqualTo(10_000);
            long without = Steps.of(none.connection, () -> none.merge(A, cell(1, "a", Value.of(9), 5)));
            long with = Steps.of(many.connection, () -> many.merge(A, cell(1, "a", Value.of(9), 5)));
            assertThat(with).isLessThan(2 * without + 500);
            // Nor what is set aside itself, what was edited here meanwhile, and a look at the status.
            many.run("UPDATE foo SET a = 'edited'");
            CrrEngine roomy = new CrrEngine(100_000, 1_000_000);
            Changeset further =
                    new Changeset(A, null, 0, 0, null, null, false, List.of(cell(2, "later", Value.of(9), 5)));
            long another =
                    Steps.of(many.connection, () -> many.inTransaction(() -> roomy.merge(many.connection, further)));
            assertThat(another).isLessThan(2 * without + 2_000);
            assertThat(Steps.of(
                            many.connection,
                            () -> assertThat(many.engine.quarantined(many.connection))
                                    .isEqualTo(10_001)))
                    .isLessThan(200);
        }
    }

    @Test
    void rowsOfManySetsOfColumnsAreWrittenByFewStatements() throws Exception {
        String columns = IntStream.range(0, 100).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String ddl = "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, " + columns + ")";
        Random random = new Random(1);
        try (Replica from = replica("from", ddl).install("foo");
                Replica to = replica("to", ddl).install("foo")) {
            from.run("INSERT INTO foo (id) SELECT value FROM json_each('["
                    + IntStream.rangeClosed(1, 500).mapToObj(Integer::toString).collect(Collectors.joining(","))
                    + "]')");
            to.merge(from.changes(ChangeQuery.ALL));
            long version = from.changes(ChangeQuery.ALL).version();
            for (int id = 1; id <= 500; id++) {
                from.run("UPDATE foo SET "
                        + IntStream.range(0, 5)
                                .mapToObj(i -> random.nextInt(20) * 5 + i)
                                .map(i -> "c" + i + " = "
                                        + List.of("'x'", "1", "1.5", "x'00'", "CAST(x'ff' AS TEXT)")
                                                .get(random.nextInt(5)))
                                .collect(Collectors.joining(", "))
                        + " WHERE id = " + id);
            }
            Set<String> prepared = new HashSet<>();
            Changeset edits = from.changes(ChangeQuery.since(version));
            to.inTransaction(() -> to.engine.merge(counting(to.connection, prepared), edits));
            assertThat(prepared.stream().filter(sql -> sql.startsWith("UPDATE OR FAIL \"foo\"")))
                    .hasSizeBetween(1, 20);
            String all = "SELECT * FROM foo ORDER BY id";
            assertThat(to.query(all)).isEqualTo(from.query(all));
        }
    }

    private static Connection counting(Connection connection, Set<String> prepared) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        prepared.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void rowsThatComeWithAndComeToLifeWithManySetsOfColumnsAreRight() {
        String ddl =
                "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, a DEFAULT 7, b NOT NULL DEFAULT 'd', c TEXT, d REAL,"
                        + " e NOT NULL DEFAULT 1)";
        try (Replica one = replica("one", ddl).install("foo");
                Replica many = replica("many", ddl).install("foo")) {
            Random random = new Random(5);
            List<Change> changes = new ArrayList<>();
            for (long cl : List.of(1L, 3L)) {
                for (int id = 0; id < 64; id++) {
                    changes.add(new Change("foo", List.of(Value.of(id)), "-1", Value.NULL, cl, 1, A, cl, 0));
                    for (int i = 0; i < 5; i++) {
                        if ((id & (1 << i)) != 0) {
                            Value value = random.nextBoolean() ? Value.of(id) : Value.of("t" + cl);
                            changes.add(new Change(
                                    "foo", List.of(Value.of(id)), "" + (char) ('a' + i), value, 1, 1, A, cl, 0));
                        }
                    }
                }
                many.merge(new Changeset(A, null, 0, 0, null, null, false, changes));
                for (Change change : changes) {
                    one.merge(
                            A,
                            changes.stream()
                                    .filter(other -> other.key().equals(change.key()))
                                    .toArray(Change[]::new));
                }
                String all = "SELECT * FROM foo ORDER BY id";
                assertThat(many.query(all)).hasSize(64).isEqualTo(one.query(all));
                changes.clear();
            }
        }
    }

    @Test
    void manyAuthorsAreToldApart() {
        int count = 3_000;
        List<Change> changes = IntStream.range(0, count)
                .mapToObj(i -> new Change(
                        "foo",
                        List.of(Value.of(i)),
                        "a",
                        Value.of(i),
                        1,
                        1,
                        SiteId.parse("%032x".formatted(i + 1)),
                        1,
                        0))
                .toList();
        try (Replica replica = replica("authors", FOO).install("foo")) {
            replica.merge(new Changeset(A, null, 0, 0, null, null, false, changes));
            assertThat(replica.changes(ChangeQuery.ALL).changes())
                    .hasSize(count)
                    .allSatisfy(change -> assertThat(change.siteId())
                            .isEqualTo(SiteId.parse("%032x".formatted(((Value.Int) change.val()).value() + 1))));
            assertThat(replica.query("SELECT count(*), max(ordinal) FROM crr_site"))
                    .containsExactly(count + 1 + "|" + count);
        }
    }

    @Test
    void aMergeMeetsTheSitesItNeedsOnly() throws Exception {
        try (Replica few = replica("few", FOO).install("foo");
                Replica many = replica("many", FOO).install("foo")) {
            many.run("INSERT INTO crr_site SELECT value, randomblob(16) FROM json_each('["
                    + IntStream.rangeClosed(1, 5_000)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(","))
                    + "]')");
            long without = Steps.of(few.connection, () -> few.merge(A, cell(1, "a", Value.of(1), 1)));
            assertThat(Steps.of(many.connection, () -> many.merge(A, cell(1, "a", Value.of(1), 1))))
                    .isLessThan(without + 500);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAST(zeroblob(1000000) || x'ff' AS TEXT)", "replace(hex(zeroblob(400000)), '0', 'é')"})
    void aPieceHoldsNoMoreThanItsBytes(String value) {
        try (Replica replica = replica("text", FOO).install("foo")) {
            rows(replica, 40);
            replica.run("UPDATE foo SET a = " + value);
            Changeset piece = replica.changes(ChangeQuery.ALL);
            assertThat(piece.more()).isTrue();
            long bytes = piece.changes().stream()
                    .mapToLong(change -> change.val() instanceof Value.RawText raw
                            ? raw.bytes().length
                            : change.val().toString().getBytes(StandardCharsets.UTF_8).length)
                    .sum();
            assertThat(bytes).isBetween(16L << 20, 18L << 20);
        }
    }

    @Test
    void theCellsOfAWideTableAreTrackedAsThoseOfANarrowOne() {
        int width = 40;
        Random random = new Random(3);
        String ddl = "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, "
                + IntStream.range(0, width)
                        .mapToObj(i -> "c" + i + (i % 3 == 0 ? " TEXT COLLATE NOCASE" : ""))
                        .collect(Collectors.joining(", "))
                + ")";
        try (Replica replica = replica("wide", ddl).install("foo")) {
            replica.run("INSERT INTO foo (id, c1) VALUES (1, 'a'), (2, 'b')", "UPDATE foo SET c1 = 'c' WHERE id = 2");
            // A column goes, and leaves its number; another one comes.
            replica.run(
                    "DROP VIEW crsql_changes",
                    "DROP TRIGGER foo__crr_update",
                    "ALTER TABLE foo DROP COLUMN c4",
                    "ALTER TABLE foo ADD COLUMN later DEFAULT 5");
            replica.install("foo");
            List<String> columns = replica.query("SELECT name FROM pragma_table_info('foo') WHERE NOT pk").stream()
                    .map(name -> name.replace("'", ""))
                    .toList();
            for (int i = 0; i < 60; i++) {
                Set<String> edited = new HashSet<>();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    edited.add(columns.get(random.nextInt(columns.size())));
                }
                String mark = "edit " + i;
                long before = Long.parseLong(
                        replica.query("SELECT version FROM crr_state").get(0));
                replica.run("UPDATE foo SET "
                        + columns.stream()
                                .map(column -> column + " = " + (edited.contains(column) ? "'" + mark + "'" : column))
                                .collect(Collectors.joining(", "))
                        + " WHERE id = 1");
                assertThat(replica.query("SELECT cid FROM crsql_changes WHERE db_version > " + before))
                        .containsExactlyInAnyOrderElementsOf(
                                edited.stream().map(name -> "'" + name + "'").toList());
                assertThat(replica.query("SELECT version FROM crr_state")).containsExactly(before + 1 + "");
                replica.run("UPDATE foo SET c1 = c1, c2 = c2", "UPDATE foo SET c3 = upper(c3) WHERE 0");
                assertThat(replica.query("SELECT version FROM crr_state")).containsExactly(before + 1 + "");
            }
            replica.run("UPDATE foo SET c3 = 'Case'", "UPDATE foo SET c3 = 'case'");
            assertThat(replica.query("SELECT col_version FROM crsql_changes WHERE cid = 'c3' AND pk = x'010902'"))
                    .containsExactly("3");
            // A row that nobody has told of.
            replica.run(
                    "UPDATE crr_state SET merging = 'foo'",
                    "INSERT INTO foo (id) VALUES (9)",
                    "UPDATE crr_state SET merging = NULL");
            String version = replica.query("SELECT version FROM crr_state").get(0);
            replica.run("UPDATE foo SET c1 = 'x' WHERE id = 9");
            assertThat(replica.query("SELECT version FROM crr_state")).containsExactly(version);
        }
    }
}
