package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that are well formed but cannot be applied: they are set aside, hold nothing up, and come right when they can. */
class QuarantineTests {

    static final SiteId A = SiteId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    static final SiteId B = SiteId.parse("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");

    @TempDir
    Path folder;

    Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        replica.run(
                        "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a INTEGER CHECK (a < 100), b TEXT NOT NULL DEFAULT 'd', c)")
                .install("foo");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    static Change cell(String id, String column, @Nullable Object value, long colVersion, long cl) {
        Value val = value instanceof String text
                ? Value.of(text)
                : value instanceof Number number ? Value.of(number.longValue()) : Value.NULL;
        return new Change("foo", List.of(Value.of(id)), column, val, colVersion, 1, A, cl, 0);
    }

    static Change row(String id, long cl) {
        return new Change("foo", List.of(Value.of(id)), "-1", Value.NULL, cl, 1, A, cl, 0);
    }

    private MergeReport merge(Change... changes) {
        return replica.merge(A, changes).report();
    }

    private List<String> rows() {
        return replica.query("SELECT * FROM foo ORDER BY id");
    }

    private List<String> held() {
        return replica.query("SELECT CAST(substr(pk, 4) AS TEXT), cid, val FROM crr_quarantine").stream()
                .map(row -> row.replace("'", ""))
                .toList();
    }

    private String reason() {
        return replica.query("SELECT reason FROM crr_quarantine").get(0);
    }

    @Test
    void anUnknownColumnIsHeldUntilTheTableHasIt() {
        MergeReport report = merge(cell("1", "a", 5, 1, 1), cell("1", "later", 6, 1, 1));
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(report.ignored()).isZero();
        assertThat(rows()).containsExactly("'1'|5|'d'|NULL");
        assertThat(held()).containsExactly("1|later|6");
        assertThat(reason()).contains("no replicated column of that name");
        replica.run("ALTER TABLE foo ADD COLUMN later").install("foo");
        assertThat(rows()).containsExactly("'1'|5|'d'|NULL|6");
        assertThat(held()).isEmpty();
        assertThat(replica.query("SELECT col_version, site_id = x'" + A + "' FROM crsql_changes WHERE cid = 'later'"))
                .containsExactly("1|1");
    }

    @Test
    void anUnknownTableIsHeldUntilItIsThere() {
        merge(new Change("bar", List.of(Value.of("1")), "v", Value.of(5), 1, 1, A, 1, 0));
        assertThat(held()).containsExactly("1|v|5");
        replica.run("CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)").install("foo", "bar");
        assertThat(replica.query("SELECT * FROM bar")).containsExactly("'1'|5");
        assertThat(held()).isEmpty();
    }

    @Test
    void aRowAgainstAConstraintIsHeldAndTheRestGoesOn() {
        Change[] changes = IntStream.range(0, 700)
                .mapToObj(i -> cell("k" + i, "a", i == 600 ? 100 : 1, 1, 1))
                .toArray(Change[]::new);
        MergeReport report = merge(changes);
        assertThat(report.applied()).isEqualTo(699);
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(held()).containsExactly("k600|a|100");
        assertThat(reason()).contains("CHECK constraint failed");
        // The guard is down again: local writes are tracked (D2).
        replica.run("INSERT INTO foo (id) VALUES ('local')");
        assertThat(replica.query("SELECT count(*) FROM foo__crr_row")).containsExactly("700");
    }

    @Test
    void theAuthorOfWhatIsHeldIsKnownToTheRestOfTheChangeset() {
        merge(cell("1", "a", 100, 1, 1), cell("2", "a", 1, 1, 1));
        assertThat(replica.changes(ChangeQuery.ALL).changes())
                .extracting(Change::siteId)
                .contains(A);
    }

    @Test
    void aCellAgainstAConstraintDoesNotHoldUpTheOthersOfItsRow() {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        MergeReport report = merge(cell("1", "a", 100, 2, 1), cell("1", "b", null, 2, 1), cell("1", "c", 9, 2, 1));
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(2);
        assertThat(rows()).containsExactly("'1'|1|'b'|9");
        assertThat(held()).containsExactlyInAnyOrder("1|a|100", "1|b|NULL");
    }

    @Test
    void aLaterChangeOfTheRowIsMergedTogetherWithWhatIsHeld() {
        replica.run("CREATE TABLE pair (id TEXT PRIMARY KEY NOT NULL, a NOT NULL, b NOT NULL)")
                .install("foo", "pair");
        List<Value> key = List.of(Value.of("1"));
        merge(new Change("pair", key, "a", Value.of(1), 1, 1, A, 1, 0));
        assertThat(reason()).contains("NOT NULL constraint failed: pair.b");
        MergeReport report = merge(new Change("pair", key, "b", Value.of(2), 1, 2, A, 1, 0));
        assertThat(report.applied()).isEqualTo(1);
        assertThat(replica.query("SELECT * FROM pair")).containsExactly("'1'|1|2");
        assertThat(held()).isEmpty();
    }

    @Test
    void whatIsHeldIsDroppedWhenALaterLifeOrEditMakesItObsolete() {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        merge(cell("1", "a", 100, 2, 1));
        merge(cell("1", "a", 50, 3, 1));
        assertThat(rows()).containsExactly("'1'|50|'b'|1");
        assertThat(held()).isEmpty();
        merge(cell("1", "later", 1, 1, 1));
        assertThat(held()).hasSize(1);
        merge(row("1", 2));
        assertThat(held()).isEmpty();
    }

    @Test
    void ofSeveralHeldChangesOfACellTheWinnerStays() {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        merge(cell("1", "a", 300, 3, 1));
        merge(cell("1", "a", 200, 2, 1));
        assertThat(held()).containsExactly("1|a|300");
        merge(cell("1", "a", 400, 3, 1));
        assertThat(held()).containsExactly("1|a|400");
    }

    @ParameterizedTest
    @CsvSource({"a, 4611686018427387, 1, column version", "-1, 4503599627370497, 4503599627370497, causal length"})
    void aPoisonousJumpIsHeldAndTheRestOfTheRowGoesOn(String cid, long colVersion, long cl, String what) {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        Change poison = new Change("foo", List.of(Value.of("1")), cid, Value.NULL, colVersion, 1, B, cl, 0);
        MergeReport report = merge(cell("1", "c", 9, 2, 1), poison);
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(rows()).containsExactly("'1'|1|'b'|9");
        assertThat(reason()).contains(what).contains("too far ahead");
        replica.run("UPDATE foo SET a = 2");
        assertThat(replica.query("SELECT col_version FROM crsql_changes WHERE cid = 'a'"))
                .containsExactly("2");
    }

    @Test
    void aUsersTriggerThatRefusesOrIgnoresIsAReason() {
        replica.run(
                        "CREATE TRIGGER no BEFORE INSERT ON foo WHEN NEW.id = 'x' BEGIN SELECT RAISE(ABORT, 'not here'); END",
                        "CREATE TRIGGER skip BEFORE INSERT ON foo WHEN NEW.id = 'y' BEGIN SELECT RAISE(IGNORE); END")
                .install("foo");
        merge(cell("x", "a", 1, 1, 1), cell("y", "a", 1, 1, 1), cell("z", "a", 1, 1, 1));
        assertThat(rows()).containsExactly("'z'|1|'d'|NULL");
        assertThat(replica.query("SELECT reason FROM crr_quarantine ORDER BY pk"))
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("not here"),
                        reason -> assertThat(reason).contains("ignored the write"));
        assertThat(replica.query("SELECT count(*) FROM foo__crr_row")).containsExactly("1");
    }

    @Test
    void aDeletionThatIsRefusedIsHeld() {
        replica.run("CREATE TRIGGER keep BEFORE DELETE ON foo BEGIN SELECT RAISE(ABORT, 'never'); END")
                .install("foo");
        replica.run("INSERT INTO foo (id) VALUES ('1')");
        merge(row("1", 2));
        assertThat(rows()).hasSize(1);
        assertThat(replica.query("SELECT cl FROM foo__crr_row".replace("cl", "__crr_cl")))
                .containsExactly("1");
        replica.run("DROP TRIGGER keep").install("foo");
        assertThat(rows()).isEmpty();
        assertThat(held()).isEmpty();
    }

    @Test
    void aStrictTableHoldsWhatItsTypeRefuses() {
        replica.run("CREATE TABLE s (id TEXT PRIMARY KEY, n INTEGER) STRICT").install("foo", "s");
        List<Value> key = List.of(Value.of("1"));
        merge(new Change("s", key, "n", Value.of("twelve"), 1, 1, A, 1, 0));
        assertThat(reason()).contains("cannot store TEXT value in INTEGER column");
        merge(new Change("s", key, "n", Value.of("12"), 2, 1, A, 1, 0));
        assertThat(replica.query("SELECT n FROM s")).containsExactly("12");
        assertThat(held()).isEmpty();
    }

    @Test
    void whatIsOutOfBoundsRefusesAChangesetThatWasSentAndIsHeldInOneThatWasFetched() {
        Changeset changeset = new Changeset(
                A,
                null,
                0,
                7,
                null,
                null,
                false,
                List.of(
                        cell("1", "a", 5, 1, 1),
                        cell("2", "a", 5, 1, 0),
                        cell("3", "a", 5, -1, 1),
                        cell("4", "a", 5, Long.MAX_VALUE, 1),
                        new Change("foo", List.of(Value.of("5"), Value.of(5)), "a", Value.of(1), 1, 1, A, 1, 0),
                        new Change("foo", List.of(Value.NULL), "a", Value.of(1), 1, 1, A, 1, 0)));
        assertThatThrownBy(() -> replica.merge(changeset))
                .isInstanceOfSatisfying(
                        MalformedChangesetException.class,
                        e -> assertThat(e.index()).isEqualTo(1));
        assertThat(rows()).isEmpty();
        MergeReport report = replica.mergeTolerantly(changeset).report();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(5);
        assertThat(report.received()).as("the cursor moves on").isEqualTo(7);
        assertThat(replica.query("SELECT DISTINCT retry FROM crr_quarantine")).containsExactly("0");
        replica.inTransaction(() -> replica.engine.retryQuarantine(replica.connection));
        assertThat(held()).hasSize(5);
    }

    @Test
    void theQuarantineOfOneSenderIsCapped() {
        Change[] changes = IntStream.range(0, 101)
                .mapToObj(i -> cell("k" + i, "later", i, 1, 1))
                .toArray(Change[]::new);
        assertThatThrownBy(() -> merge(changes))
                .isInstanceOf(QuarantineFullException.class)
                .hasMessageContaining("holds 100 changes")
                .hasMessageContaining("later");
        assertThat(held()).as("nothing of it is applied").isEmpty();
        replica.merge(B, java.util.Arrays.copyOf(changes, 100));
        assertThat(replica.merge(A, java.util.Arrays.copyOfRange(changes, 100, 101))
                        .report()
                        .quarantined())
                .as("another sender has room of its own")
                .isEqualTo(1);
    }

    @Test
    void heldChangesAreListedRetriedAndClearedOnDemand() throws Exception {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        merge(cell("1", "a", 100, 2, 1), cell("2", "later", 1, 1, 1));
        assertThat(replica.engine.quarantine(replica.connection, 10))
                .extracting(held -> held.change().cid(), held -> held.origin())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("a", A), org.assertj.core.groups.Tuple.tuple("later", A));
        assertThat(replica.engine.quarantine(replica.connection, 1)).hasSize(1);
        assertThat(replica.engine.quarantined(replica.connection)).isEqualTo(2);
        replica.run(
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = replace(sql, 'a < 100', 'a < 999') WHERE name = 'foo'",
                "PRAGMA writable_schema = RESET");
        assertThat(replica.inTransaction(() -> replica.engine.retryQuarantine(replica.connection)))
                .hasEntrySatisfying(A, merge -> {
                    assertThat(merge.report().applied()).isEqualTo(1);
                    assertThat(merge.report().quarantined()).isEqualTo(1);
                    assertThat(merge.rows()).containsOnlyKeys("foo");
                });
        assertThat(rows()).containsExactly("'1'|100|'b'|1");
        assertThat(replica.engine.clearQuarantine(replica.connection, "bar")).isZero();
        assertThat(replica.engine.clearQuarantine(replica.connection, null)).isEqualTo(1);
        assertThat(held()).isEmpty();
    }

    @Test
    void aReplicaOnAnOlderSchemaCatchesUpByItself() {
        try (Replica newer = new Replica(folder.resolve("b.db"))) {
            newer.run(
                            "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a INTEGER CHECK (a < 1000), b TEXT NOT NULL DEFAULT 'd', c, e NOT NULL)")
                    .install("foo");
            newer.run(
                    "INSERT INTO foo VALUES ('1', 5, 'b', 'c', 'e1'), ('2', 500, 'b', 'c', 'e2')",
                    "UPDATE foo SET e = 'e3' WHERE id = '1'");
            Changeset changeset = newer.changes(ChangeQuery.ALL);
            MergeReport report = replica.mergeTolerantly(changeset).report();
            assertThat(report.received()).isEqualTo(changeset.version());
            assertThat(rows()).containsExactly("'1'|5|'b'|'c'");
            replica.run("UPDATE foo SET c = 'mine' WHERE id = '1'");
            replica.run(
                    "DROP VIEW crsql_changes",
                    "CREATE TABLE new_foo (id TEXT PRIMARY KEY NOT NULL, a INTEGER CHECK (a < 1000), b TEXT NOT NULL DEFAULT 'd', c, e NOT NULL DEFAULT '?')",
                    "INSERT INTO new_foo (id, a, b, c) SELECT id, a, b, c FROM foo",
                    "DROP TABLE foo",
                    "ALTER TABLE new_foo RENAME TO foo");
            replica.install("foo");
            assertThat(held()).isEmpty();
            newer.merge(replica.changes(ChangeQuery.ALL));
            assertThat(rows()).containsExactly("'1'|5|'b'|'mine'|'e3'", "'2'|500|'b'|'c'|'e2'");
            assertThat(newer.query("SELECT * FROM foo ORDER BY id")).isEqualTo(rows());
            String clocks = "SELECT hex(pk), cid, col_version, cl FROM crsql_changes ORDER BY 1, 2";
            assertThat(newer.query(clocks)).isEqualTo(replica.query(clocks));
        }
    }

    private static final String SPAN =
            "CREATE TABLE span (id TEXT PRIMARY KEY NOT NULL, lo INTEGER, hi INTEGER, CHECK (lo <= hi))";

    private static void exchange(Replica one, Replica other) {
        one.mergeTolerantly(other.changes(ChangeQuery.since(one.cursor(other)).excluding(one.siteId())));
        other.mergeTolerantly(one.changes(ChangeQuery.since(other.cursor(one)).excluding(other.siteId())));
    }

    @Test
    void aLocalEditHasWhatIsHeldOfItsRowTriedAgain() {
        replica.run(SPAN).install("foo", "span");
        try (Replica other = new Replica(folder.resolve("b.db"))) {
            other.run("CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL)", SPAN).install("foo", "span");
            replica.run("INSERT INTO span VALUES ('r', 1, 10), ('other', 1, 10)");
            exchange(replica, other);
            replica.run("UPDATE span SET lo = 8 WHERE id = 'r'");
            other.run("UPDATE span SET hi = 3 WHERE id = 'r'");
            exchange(replica, other);
            exchange(replica, other);
            assertThat(replica.query("SELECT * FROM span WHERE id = 'r'")).containsExactly("'r'|8|10");
            assertThat(other.query("SELECT * FROM span WHERE id = 'r'")).containsExactly("'r'|1|3");
            replica.run("UPDATE span SET lo = 2 WHERE id = 'r'");
            exchange(replica, other);
            exchange(replica, other);
            assertThat(replica.query("SELECT * FROM span")).containsExactlyInAnyOrder("'r'|2|3", "'other'|1|10");
            String all = "SELECT * FROM span ORDER BY id";
            assertThat(other.query(all)).isEqualTo(replica.query(all));
            assertThat(held()).isEmpty();
            assertThat(other.query("SELECT * FROM crr_quarantine")).isEmpty();
        }
    }

    @Test
    void soDoesADeletionAndARowThatIsMadeHere() throws Exception {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        merge(cell("1", "a", 100, 2, 1), cell("2", "b", null, 1, 1), cell("1", "later", 1, 1, 1));
        assertThat(held()).hasSize(3);
        replica.run("DELETE FROM foo WHERE id = '1'", "INSERT INTO foo (id) VALUES ('2')", "UPDATE foo SET b = 'x'");
        assertThat(replica.engine.isRetryDue(replica.connection)).isTrue();
        replica.inTransaction(() -> replica.engine.retryChanged(replica.connection));
        assertThat(held()).isEmpty();
        assertThat(rows()).containsExactly("'2'|NULL|'x'|NULL");
        assertThat(replica.engine.isRetryDue(replica.connection)).isFalse();
    }

    @Test
    void theQuarantineOfOneSenderIsCappedByBytesAsWell() {
        CrrEngine engine = new CrrEngine(100_000, 100, 1_000, true);
        String large = "x".repeat(600);
        Changeset changeset = new Changeset(
                A,
                null,
                0,
                0,
                null,
                null,
                false,
                List.of(
                        cell("1", "later", large, 1, 1),
                        cell("2", "later", large, 1, 1),
                        cell("3", "later", large, 1, 1)));
        assertThatThrownBy(() -> replica.inTransaction(() -> engine.merge(replica.connection, changeset)))
                .isInstanceOf(QuarantineFullException.class)
                .hasMessageContaining(" bytes from " + A)
                .hasMessageContaining("crr.sync.max-quarantined-bytes");
        assertThat(held()).isEmpty();
        Changeset fewer = changeset.with(changeset.changes().subList(0, 2));
        replica.inTransaction(() -> engine.merge(replica.connection, fewer));
        assertThat(held()).hasSize(2);
        // The same again needs no room, and what goes makes some.
        replica.inTransaction(() -> engine.merge(replica.connection, fewer));
        merge(row("1", 2));
        replica.inTransaction(() -> engine.merge(
                replica.connection, changeset.with(changeset.changes().subList(2, 3))));
        assertThat(held()).hasSize(2);
        assertThat(replica.query("SELECT changes, bytes FROM crr_quarantine_size"))
                .containsExactly("2|1224");
        replica.run("DELETE FROM crr_quarantine");
        assertThat(replica.query("SELECT * FROM crr_quarantine_size")).isEmpty();
    }

    @Test
    void otherSpellingsOfATableThatIsNotHereDoNotEvadeTheCap() {
        Change[] changes = IntStream.range(0, 101)
                .mapToObj(i -> new Change(
                        (i % 2 == 0 ? "Bar" : "bar") + i / 2, List.of(Value.of("1")), "v", Value.of(1), 1, 1, A, 1, 0))
                .toArray(Change[]::new);
        assertThatThrownBy(() -> merge(changes)).isInstanceOf(QuarantineFullException.class);
    }

    @Test
    void whatAnEarlierReleaseHeldIsCounted() throws Exception {
        merge(cell("1", "later", 1, 1, 1), cell("2", "later", "two", 1, 1));
        replica.run(
                "DROP TRIGGER crr_quarantine_added",
                "DROP TRIGGER crr_quarantine_removed",
                "DROP TRIGGER crr_refused_added",
                "DROP TRIGGER crr_refused_removed",
                "DROP TABLE crr_quarantine_size",
                "DROP TABLE crr_refused_size",
                "DROP TABLE crr_quarantine_state");
        replica.install("foo");
        assertThat(replica.engine.quarantined(replica.connection)).isEqualTo(2);
        assertThat(replica.query("SELECT changes, bytes FROM crr_quarantine_size"))
                .containsExactly("2|28");
        merge(row("1", 2));
        assertThat(replica.engine.quarantined(replica.connection)).isEqualTo(1);
    }

    @Test
    void ofTwoOfOneVersionTheLargerStaysAsTheColumnHasIt() {
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b', 1)");
        merge(cell("1", "a", "900", 2, 1));
        merge(cell("1", "a", "1000", 2, 1));
        assertThat(held()).containsExactly("1|a|1000");
        merge(cell("1", "a", "950", 2, 1));
        assertThat(held()).containsExactly("1|a|1000");
    }

    @Test
    void whatWasHeldUnderAnotherFormOfItsKeyIsFound() {
        merge(
                new Change("num", List.of(Value.of("7")), "v", Value.of(1), 1, 1, A, 1, 0),
                new Change("num", List.of(Value.of(7)), "w", Value.of(2), 1, 1, A, 1, 0),
                new Change("num", List.of(Value.of(8), Value.of(9)), "v", Value.of(1), 1, 1, A, 1, 0));
        replica.run("CREATE TABLE num (id INTEGER PRIMARY KEY NOT NULL, v CHECK (v > 5), w)")
                .install("foo", "num");
        assertThat(replica.query("SELECT * FROM num"))
                .as("the row waits as a whole")
                .isEmpty();
        assertThat(replica.query("SELECT hex(pk), cid, retry FROM crr_quarantine ORDER BY pk, cid"))
                .containsExactly("'010907'|'v'|1", "'010907'|'w'|1", "'0209080909'|'v'|0");
        merge(new Change("num", List.of(Value.of(7)), "v", Value.of(6), 2, 1, A, 1, 0));
        assertThat(replica.query("SELECT * FROM num")).containsExactly("7|6|2");
    }

    @Test
    void theReasonIsThatOfTheLastTry() {
        merge(cell("1", "later", 100, 1, 1), cell("1", "a", 1, 1, 1));
        replica.run("ALTER TABLE foo ADD COLUMN later CHECK (later < 50)").install("foo");
        assertThat(reason()).contains("CHECK constraint failed");
    }

    @Test
    void aRowGoneUnseenIsBuriedByTheMergeThatMeetsIt() {
        try (Replica other = new Replica(folder.resolve("b.db"))) {
            String ddl = "CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)";
            replica.run(ddl).install("foo", "bar");
            other.run(ddl).install("bar");
            replica.run("INSERT INTO bar VALUES ('r', 'first'), ('s', 'first')");
            exchange(other, replica);
            replica.run(
                    "UPDATE crr_state SET merging = 'bar'",
                    "DELETE FROM bar WHERE id = 'r'",
                    "UPDATE crr_state SET merging = NULL");
            other.run("UPDATE bar SET v = 'edited elsewhere'");
            exchange(replica, other);
            exchange(replica, other);
            replica.run("INSERT INTO bar VALUES ('r', 'again')");
            exchange(replica, other);
            exchange(replica, other);
            String all = "SELECT * FROM bar ORDER BY id";
            assertThat(replica.query(all)).containsExactly("'r'|'again'", "'s'|'edited elsewhere'");
            assertThat(other.query(all)).isEqualTo(replica.query(all));
            String clocks = "SELECT hex(pk), cid, col_version, cl FROM crsql_changes ORDER BY 1, 2";
            assertThat(other.query(clocks)).isEqualTo(replica.query(clocks));
        }
    }

    @Test
    void aRowMissingWhileTheTriggersStandAsideIsNotBuried() throws Exception {
        replica.run("INSERT INTO foo (id, a) VALUES ('1', 1)");
        replica.installer.standAside(replica.connection);
        replica.run("CREATE TEMP TABLE kept AS SELECT * FROM foo", "DELETE FROM foo");
        merge(cell("1", "a", 5, 2, 1));
        assertThat(replica.query("SELECT __crr_cl FROM foo__crr_row")).containsExactly("1");
        replica.run("INSERT INTO foo SELECT * FROM kept").install("foo");
        assertThat(rows()).containsExactly("'1'|1|'d'|NULL");
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740991, 1",
        "1, 9007199254740991",
        "4503599627370497, 1",
        "1, 4503599627370496",
        "4294967299, 1",
        "1, 4294967298"
    })
    void aVersionFarAheadIsHeldAlsoOfARowThatIsNotHere(long cl, long colVersion) {
        MergeReport report = merge(cell("new", "a", 1, colVersion, cl), cell("2", "a", 1, 1, 1));
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(report.applied()).isEqualTo(1);
        assertThat(reason()).contains("too far ahead");
        replica.run("INSERT OR REPLACE INTO foo (id, a) VALUES ('new', 5)", "DELETE FROM foo WHERE id = 'new'");
        ChangesetBounds.check(replica.changes(ChangeQuery.ALL));
    }

    @Test
    void noNumberOfJumpsBringsAVersionToTheBound() {
        replica.run("INSERT INTO foo (id, a) VALUES ('1', 1)");
        long half = Change.VERSION_BOUND >> 1;
        replica.run("UPDATE foo__crr_row SET __crr_cl = " + (half - 1));
        merge(row("1", half + 1));
        assertThat(reason()).contains("too far ahead");
        replica.run("DELETE FROM foo", "INSERT INTO foo (id) VALUES ('1')");
        ChangesetBounds.check(replica.changes(ChangeQuery.ALL));
    }
}
