package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MalformedChangesetException;
import dev.crr.SiteId;
import dev.crr.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The worked cases of section 6.7 of the cr-sqlite semantics and what follows from sections 6 and 7, comparing column, value,
 * column version, causal length and author. Deliberate differences carry the word {@code differently}.
 */
class MergeTests {

    static final SiteId A = SiteId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    static final SiteId B = SiteId.parse("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");

    @TempDir
    Path folder;

    Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        replica.run("CREATE TABLE foo (a INTEGER PRIMARY KEY NOT NULL, b, c DEFAULT 7)")
                .install("foo");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    static Change change(String cid, Value val, long colVersion, long cl, SiteId author) {
        return new Change("foo", List.of(Value.of(1)), cid, val, colVersion, 1, author, cl, 0);
    }

    static Change b(long val, long colVersion, long cl) {
        return change("b", Value.of(val), colVersion, cl, A);
    }

    static Change row(long cl) {
        return change("-1", Value.NULL, cl, cl, A);
    }

    /** Merges each change in a changeset of its own and returns how many won. */
    private long merge(Change... changes) {
        long applied = 0;
        for (Change change : changes) {
            applied += replica.merge(A, change).report().applied();
        }
        return applied;
    }

    private List<String> rows() {
        return replica.query("SELECT * FROM foo");
    }

    /** cid, val, col_version, cl, author. */
    private List<String> clocks() {
        return replica
                .query("SELECT cid, val, col_version, cl, CASE site_id WHEN x'" + A + "' THEN 'A' WHEN x'" + B
                        + "' THEN 'B' ELSE 'own' END FROM crsql_changes ORDER BY seq")
                .stream()
                .map(row -> row.replace("'", ""))
                .toList();
    }

    @Test
    void aCellCreatesItsRow() {
        assertThat(merge(b(5, 1, 1))).isEqualTo(1);
        assertThat(rows()).containsExactly("1|5|7");
        assertThat(clocks()).containsExactly("b|5|1|1|A");
    }

    @Test
    void aRowRecordCreatesItsRow() {
        assertThat(merge(row(1))).isEqualTo(1);
        assertThat(rows()).containsExactly("1|NULL|7");
        assertThat(clocks()).containsExactly("-1|NULL|1|1|A");
    }

    @Test
    void aRowRecordOfALivingRowChangesNothing() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(merge(row(1))).isZero();
        assertThat(clocks()).containsExactly("b|2|1|1|own", "c|3|1|1|own");
        assertThat(replica.query("SELECT version FROM crr_state")).containsExactly("1");
    }

    @Test
    void aCellOfALaterLifeBringsTheRowToLife() {
        merge(b(5, 1, 3));
        assertThat(rows()).containsExactly("1|5|7");
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A", "b|5|1|3|A");
    }

    @Test
    void aTombstoneOfAnUnknownRowIsKept() {
        assertThat(merge(row(2))).isEqualTo(1);
        assertThat(rows()).isEmpty();
        assertThat(clocks()).containsExactly("-1|NULL|2|2|A");
    }

    @Test
    void anEvenCausalLengthOnAColumnDeletes() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(merge(b(5, 2, 2))).isEqualTo(1);
        assertThat(rows()).isEmpty();
        assertThat(clocks()).containsExactly("-1|NULL|2|2|A");
    }

    @Test
    void whatIsOlderThanADeletionIsIgnored() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        merge(row(4));
        assertThat(merge(b(5, 9, 3), b(5, 9, 1), row(3))).isZero();
        assertThat(clocks()).containsExactly("-1|NULL|4|4|A");
    }

    @Test
    void deleteBeatsAnyConcurrentUpdate() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "DELETE FROM foo");
        assertThat(merge(b(5, 100, 1))).isZero();
        assertThat(clocks()).containsExactly("-1|NULL|2|2|own");
    }

    @Test
    void theFirstDeleteStays() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "DELETE FROM foo");
        assertThat(merge(row(2))).isZero();
        assertThat(clocks()).containsExactly("-1|NULL|2|2|own");
    }

    @Test
    void aRevivedRowComesCellByCell() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "DELETE FROM foo");
        merge(b(5, 1, 3), row(3), change("c", Value.of(6), 1, 3, A));
        assertThat(rows()).containsExactly("1|5|6");
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A", "b|5|1|3|A", "c|6|1|3|A");
    }

    @Test
    void aReviveOfALivingRowStartsItsCellsAnewDifferently() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)", "UPDATE foo SET b = 4", "UPDATE foo SET b = 5");
        merge(row(3));
        assertThat(rows()).containsExactly("1|NULL|7");
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A");
        merge(b(1, 1, 3));
        assertThat(rows()).containsExactly("1|1|7");
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A", "b|1|1|3|A");
    }

    @Test
    void aReviveKeepsAValueThatCannotBeNullUntilItsCellComesDifferently() {
        replica.run("CREATE TABLE strictly (a TEXT PRIMARY KEY NOT NULL, n TEXT NOT NULL, d TEXT NOT NULL DEFAULT 'd')")
                .install("strictly");
        replica.run("INSERT INTO strictly VALUES ('1', 'mine', 'mine')");
        replica.merge(A, new Change("strictly", List.of(Value.of("1")), "-1", Value.NULL, 3, 1, A, 3, 0));
        assertThat(replica.query("SELECT * FROM strictly")).containsExactly("'1'|'mine'|'d'");
        assertThat(replica.query("SELECT cid FROM crsql_changes")).containsExactly("'-1'");
        replica.merge(A, new Change("strictly", List.of(Value.of("1")), "n", Value.of("a"), 0, 1, A, 3, 1));
        assertThat(replica.query("SELECT n FROM strictly")).containsExactly("'a'");
        assertThat(replica.query("SELECT cid, col_version FROM crsql_changes")).containsExactly("'-1'|3", "'n'|0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "v",
                "\"a\"\"bc\"",
                "\"v\"",
                "[a\"\"bc]",
                "`abc`",
                "größe",
                "'it''s'",
                "CURRENT_DATE",
                "\"CURRENT_DATE\"",
                "(date('now'))",
                "-5",
                "+5",
                "1e3",
                "true",
                "x'01'",
                "NULL",
                "(1 + 2)"
            })
    void aReviveTakesTheDefaultAsAnInsertDoes(String defaultSql) {
        replica.run(
                        "CREATE TABLE d (a INTEGER PRIMARY KEY NOT NULL, v, w DEFAULT " + defaultSql + ")",
                        "INSERT INTO d (a) VALUES (0)",
                        "INSERT INTO d VALUES (1, 2, 3)")
                .install("d");
        replica.merge(A, new Change("d", List.of(Value.of(1)), "-1", Value.NULL, 3, 1, A, 3, 0));
        assertThat(replica.query("SELECT w FROM d WHERE a = 1"))
                .isEqualTo(replica.query("SELECT w FROM d WHERE a = 0"));
    }

    @Test
    void anAbsentCellLosesToAnythingAndStartsAtOne() {
        merge(b(5, 1, 1));
        assertThat(merge(change("c", Value.of(-100), 0, 1, A))).isEqualTo(1);
        assertThat(clocks()).containsExactly("b|5|1|1|A", "c|-100|0|1|A");
        replica.run("UPDATE foo SET c = 1");
        assertThat(clocks()).containsExactly("b|5|1|1|A", "c|1|1|1|own");
    }

    @Test
    void aLocalEditOfAnAbsentCellIsItsFirst() {
        merge(b(5, 1, 1));
        replica.run("UPDATE foo SET c = 8");
        assertThat(clocks()).containsExactly("b|5|1|1|A", "c|8|1|1|own");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 1, true",
        "-1, 2, true",
        "1, 1, false",
        "2, 1, false",
        "99, 0, false",
    })
    void atEqualCausalLengthVersionDecidesThenValue(long value, long colVersion, boolean wins) {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(merge(b(value, colVersion, 1))).isEqualTo(wins ? 1 : 0);
        assertThat(rows()).containsExactly("1|" + (wins ? value : 2) + "|3");
    }

    @Test
    void ofSeveralChangesOfOneCellTheBestWinsWhateverTheOrder() {
        Change[] changes = {b(5, 1, 1), b(9, 3, 1), b(8, 3, 1), row(2), b(1, 1, 3), row(3), b(2, 1, 3)};
        replica.merge(A, changes);
        assertThat(rows()).containsExactly("1|2|7");
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A", "b|2|1|3|A");
    }

    @Test
    void theRowRecordNamesTheAuthorWhereverItStandsInTheGroup() {
        replica.merge(A, change("b", Value.of(5), 1, 3, B), row(3));
        assertThat(clocks()).containsExactly("-1|NULL|3|3|A", "b|5|1|3|B");
    }

    @Test
    void withoutARowRecordTheColumnsAuthorStandsIn() {
        replica.merge(A, change("b", Value.of(5), 1, 3, B));
        assertThat(clocks()).containsExactly("-1|NULL|3|3|B", "b|5|1|3|B");
    }

    @Test
    void mergedRecordsTakeANumberOfOurOwn() {
        replica.run("INSERT INTO foo VALUES (2, 2, 3)");
        Change far = new Change("foo", List.of(Value.of(1)), "b", Value.of(5), 1, (1L << 53) - 1, A, 1, 0);
        replica.merge(A, far);
        assertThat(replica.query("SELECT max(db_version) FROM crsql_changes")).containsExactly("2");
    }

    @Test
    void aDeletionDoesNotLookAtTheColumn() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        merge(change("zzz", Value.of(1), 2, 2, A));
        assertThat(rows()).isEmpty();
    }

    @Test
    void keysThatCannotBeAreMalformed() {
        assertThatThrownBy(() -> replica.merge(
                        A, new Change("foo", List.of(Value.of(1), Value.of(2)), "b", Value.of(5), 1, 1, A, 1, 0)))
                .isInstanceOf(MalformedChangesetException.class)
                .hasMessageContaining("has 1 columns");
        assertThatThrownBy(() ->
                        replica.merge(A, new Change("foo", List.of(Value.of("one")), "b", Value.of(5), 1, 1, A, 1, 0)))
                .isInstanceOf(MalformedChangesetException.class)
                .hasMessageContaining("takes integers");
        assertThatThrownBy(() ->
                        replica.merge(A, new Change("foo", List.of(Value.of(1.5)), "b", Value.of(5), 1, 1, A, 1, 0)))
                .isInstanceOf(MalformedChangesetException.class);
    }

    @Test
    void aRowThatNobodyTrackedMeetsTheChange() {
        replica.run(
                "UPDATE crr_state SET merging = 'foo'",
                "INSERT INTO foo VALUES (1, 50, 3)",
                "UPDATE crr_state SET merging = NULL");
        assertThat(clocks()).isEmpty();
        merge(b(5, 1, 1));
        assertThat(rows()).containsExactly("1|50|3");
        assertThat(clocks()).containsExactly("b|50|1|1|own", "c|3|1|1|own");
    }

    @Test
    void aNewAuthorIsKnownAlsoAfterItsFirstTryMetAnUntrackedRow() {
        replica.run(
                "UPDATE crr_state SET merging = 'foo'",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "UPDATE crr_state SET merging = NULL");
        merge(b(5, 1, 1));
        assertThat(clocks()).containsExactly("b|5|1|1|A", "c|3|1|1|own");
        assertThat(replica.changes(ChangeQuery.ALL).changes())
                .extracting(Change::siteId)
                .containsExactly(A, replica.siteId());
    }

    @Test
    void whatAUsersTriggerChangesInTheMergedRowIsALocalEdit() {
        replica.run(
                        "CREATE TRIGGER stamp AFTER UPDATE OF b ON foo BEGIN UPDATE foo SET c = 'seen ' || NEW.b WHERE a = NEW.a; END")
                .install("foo");
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        merge(b(5, 2, 1));
        assertThat(rows()).containsExactly("1|5|'seen 5'");
        assertThat(clocks()).containsExactly("b|5|2|1|A", "c|seen 5|2|1|own");
    }

    @Test
    void aMergedDeleteTracksWhatItCascadesTo() {
        replica.run("CREATE TABLE node (id TEXT PRIMARY KEY NOT NULL, parent TEXT REFERENCES node ON DELETE CASCADE)")
                .install("node");
        // At start this is refused; another program's connection may have it all the same.
        replica.run("PRAGMA foreign_keys = ON");
        replica.run("INSERT INTO node VALUES ('root', NULL), ('leaf', 'root'), ('twig', 'leaf')");
        replica.merge(A, new Change("node", List.of(Value.of("root")), "-1", Value.NULL, 2, 1, A, 2, 0));
        assertThat(replica.query("SELECT count(*) FROM node")).containsExactly("0");
        assertThat(replica.query("SELECT count(*) FROM crsql_changes WHERE cid = '-1' AND cl = 2"))
                .containsExactly("3");
    }

    @Test
    void textThatIsNotUnicodeTravelsAsItIs() {
        replica.run("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v TEXT)").install("t");
        replica.run(
                "INSERT INTO t VALUES (CAST(x'C328' AS TEXT), CAST(x'FF00FE' AS TEXT))",
                "INSERT INTO t VALUES ('\uFFFD', 'a' || char(0) || 'b')");
        try (Replica other = new Replica(folder.resolve("b.db"))) {
            other.run("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v TEXT)").install("t");
            Changeset changeset = replica.changes(ChangeQuery.ALL);
            assertThat(other.merge(changeset).report().applied()).isEqualTo(2);
            assertThat(other.merge(changeset).report().applied()).isZero();
            assertThat(other.query("SELECT typeof(v), hex(k), hex(v) FROM t"))
                    .containsExactlyInAnyOrder("'text'|'C328'|'FF00FE'", "'text'|'EFBFBD'|'610062'");
            replica.run("UPDATE t SET v = 'x'", "DELETE FROM t WHERE k = '\uFFFD'");
            other.merge(replica.changes(ChangeQuery.since(changeset.version())));
            assertThat(other.query("SELECT hex(k), v FROM t")).containsExactly("'C328'|'x'");
            replica.run("DELETE FROM t");
            other.merge(replica.changes(ChangeQuery.ALL));
            assertThat(other.query("SELECT count(*) FROM t")).containsExactly("0");
        }
    }

    @Test
    void aChangesetFromOurselvesMovesNoCursor() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        Changeset own = replica.changes(ChangeQuery.ALL);
        assertThat(replica.merge(own).report().applied()).isZero();
        assertThat(replica.query("SELECT count(*) FROM crr_cursor")).containsExactly("0");
    }
}
