package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import dev.crr.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mistakes that cr-sqlite or its users have met, and that must not exist here: one test each, replayed as they happened. D labels
 * are those of the list of its defects; #413 is its issue of that number.
 */
class KnownDefectTests {

    private static final String FOO = "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, b, c)";

    @TempDir
    Path folder;

    private final List<Replica> open = new ArrayList<>();

    private Replica replica(String name, String... ddl) {
        Replica replica = new Replica(folder.resolve(name + ".db")).run(ddl);
        open.add(replica);
        String[] tables = replica
                .query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'crr%'"
                        + " AND name NOT LIKE 'crsql%' AND name NOT LIKE '%\\_\\_crr\\_%' ESCAPE '\\'")
                .stream()
                .map(name1 -> name1.substring(1, name1.length() - 1).replace("''", "'"))
                .toArray(String[]::new);
        return replica.install(tables);
    }

    @AfterEach
    void close() {
        open.forEach(Replica::close);
    }

    private static TrackedPeer cursor(Replica at, Replica from) {
        try {
            return at.engine.cursor(at.connection, from.siteId(), null);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an ordinary pull brings: after the cursor, without our own. */
    private static Changeset read(Replica to, Replica from) {
        TrackedPeer cursor = cursor(to, from);
        return from.changes(
                ChangeQuery.ALL.after(cursor.received(), cursor.receivedEpoch()).excluding(to.siteId()));
    }

    private static long pull(Replica to, Replica from) {
        return to.mergeTolerantly(read(to, from)).report().applied();
    }

    /** All pull from all until nobody learns anything. */
    private static void exchange(Replica... replicas) {
        long news = 1;
        for (int round = 0; news > 0; round++) {
            assertThat(round).as("rounds until quiet").isLessThan(10);
            news = 0;
            for (Replica to : replicas) {
                for (Replica from : replicas) {
                    news += to == from ? 0 : pull(to, from);
                }
            }
        }
    }

    private static void assertAlike(String table, Replica first, Replica other) {
        String rows = "SELECT * FROM " + table + " ORDER BY 1";
        assertThat(other.query(rows)).isEqualTo(first.query(rows));
        String clocks =
                "SELECT \"table\", hex(pk), cid, typeof(val), val, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3";
        assertThat(other.query(clocks)).isEqualTo(first.query(clocks));
        List<String> versions = versions(first, other);
        first.merge(other.changes(ChangeQuery.ALL));
        other.merge(first.changes(ChangeQuery.ALL));
        assertThat(versions(first, other)).as("a full exchange moves nothing").isEqualTo(versions);
    }

    private static List<String> versions(Replica... replicas) {
        List<String> versions = new ArrayList<>();
        for (Replica replica : replicas) {
            versions.addAll(replica.query("SELECT version FROM crr_state"));
        }
        return versions;
    }

    private static Change cell(Value key, String column, Value value, long dbVersion, SiteId author) {
        return new Change("foo", List.of(key), column, value, 1, dbVersion, author, 1, 0);
    }

    @Test
    void d1KeyUpdateKeepsItsValuesInIncrementalSync() {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        a.run("INSERT INTO foo VALUES (1, 'b1', 'c1')");
        pull(b, a);
        a.run("UPDATE foo SET id = 2");
        pull(b, a);
        assertThat(b.query("SELECT * FROM foo")).containsExactly("2|'b1'|'c1'");
        assertAlike("foo", a, b);
    }

    @Test
    void d1bUpdateOrReplaceOntoALiveKeyConverges() {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        a.run("INSERT INTO foo VALUES (1, 'b1', 'c1'), (2, 'b2', 'c2')", "UPDATE foo SET b = b || '+' WHERE id = 2");
        pull(b, a);
        a.run("UPDATE OR REPLACE foo SET id = 2 WHERE id = 1");
        exchange(a, b);
        assertThat(b.query("SELECT * FROM foo")).containsExactly("2|'b1'|'c1'");
        assertAlike("foo", a, b);
    }

    @Test
    void d2AFailedMergeLeavesNoGuardUp() {
        Replica a = replica("a", "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, b CHECK (b < 10), c)");
        Change refused = cell(Value.of(1), "b", Value.of(10), 1, SiteId.random());
        assertThat(a.merge(refused.siteId(), refused).report().quarantined()).isEqualTo(1);
        Change malformed = new Change("foo", List.of(), "b", Value.of(1), 1, 1, SiteId.random(), 1, 0);
        assertThatThrownBy(() -> a.merge(malformed.siteId(), malformed))
                .isInstanceOf(MalformedChangesetException.class);
        a.run("INSERT INTO foo (id) VALUES (7)");
        assertThat(a.changes(ChangeQuery.ALL).changes()).extracting(Change::key).containsOnly(List.of(Value.of(7)));
    }

    @Test
    void d3AKeyThatCannotBeHurtsNobody() {
        Replica a = replica("a", FOO);
        SiteId sender = SiteId.random();
        List<List<Value>> keys = List.of(
                List.of(),
                List.of(Value.NULL),
                List.of(Value.of(1), Value.of(2)),
                List.of(Value.of("")),
                List.of(Value.of(new byte[0])),
                Collections.nCopies(300, Value.of(1)));
        List<Change> changes = new ArrayList<>();
        for (List<Value> key : keys) {
            Change change = new Change("foo", key, "b", Value.of(5), 1, 1, sender, 1, 0);
            assertThatThrownBy(() -> a.merge(sender, change)).isInstanceOf(MalformedChangesetException.class);
            changes.add(change);
        }
        changes.add(cell(Value.of(9), "b", Value.of(5), 1, sender));
        MergeReport report = a.mergeTolerantly(new Changeset(sender, null, 0, 1, null, null, false, changes))
                .report();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(a.query("SELECT id FROM foo")).containsExactly("9");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1L << 62})
    void d4AnIncomingDbVersionNeverMovesOurs(long dbVersion) {
        Replica a = replica("a", FOO);
        SiteId sender = SiteId.random();
        Changeset changeset = new Changeset(
                sender, null, 0, 1, null, null, false, List.of(cell(Value.of(1), "b", Value.of(5), dbVersion, sender)));
        a.mergeTolerantly(changeset);
        long before = a.changes(ChangeQuery.ALL).version();
        assertThat(before).isLessThanOrEqualTo(1);
        a.run("INSERT INTO foo (id) VALUES (2)");
        assertThat(a.changes(ChangeQuery.since(before)).changes())
                .extracting(Change::dbVersion)
                .containsOnly(before + 1);
    }

    @Test
    void d5DroppingATableDoesNotKeepOthersFromBeingRead() {
        Replica a = replica("a", FOO, "CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)");
        a.run("INSERT INTO foo VALUES (1, 2, 3)", "INSERT INTO bar VALUES ('x', 1)");
        Changeset before = a.changes(ChangeQuery.ALL);
        a.run("DROP TABLE foo");
        assertThat(a.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .containsOnly("bar");
        a.run("UPDATE bar SET v = 2");
        assertThat(a.changes(ChangeQuery.since(before.version())).changes()).hasSize(1);
        Replica b = replica("b", FOO, "CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)");
        b.run("INSERT INTO foo VALUES (5, 5, 5)", "INSERT INTO bar VALUES ('y', 5)");
        assertThat(pull(a, b)).isEqualTo(1);
        assertThat(a.query("SELECT id FROM bar ORDER BY id")).containsExactly("'x'", "'y'");
    }

    @Test
    void d6ATableMadeByAnotherConnectionIsKnownAtOnce() throws SQLException {
        Replica a = replica("a", FOO);
        assertThat(a.engine.tables(a.connection)).hasSize(1);
        try (Connection other = Replica.open(a.file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)");
            a.installer.install(other, List.of(new TableSpec("bar", null, Set.of())));
            statement.execute("INSERT INTO bar VALUES ('x', 1)");
        }
        assertThat(a.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .containsOnly("bar");
        Change change = new Change("bar", List.of(Value.of("y")), "v", Value.of(2), 1, 1, SiteId.random(), 1, 0);
        assertThat(a.merge(change.siteId(), change).report().applied()).isEqualTo(1);
    }

    @Test
    void d9ANumberOnceShownIsNeverUsedAgain() {
        Replica a = replica("a", FOO);
        Set<Long> shown = new HashSet<>();
        for (String sql : List.of(
                "INSERT INTO foo VALUES (1, 2, 3)",
                "DELETE FROM foo",
                "INSERT INTO foo VALUES (1, 2, 3)",
                "UPDATE foo SET b = 9")) {
            a.run(
                    "BEGIN",
                    "INSERT OR REPLACE INTO foo VALUES (8, 8, 8)",
                    "UPDATE foo SET b = b",
                    "ROLLBACK",
                    "UPDATE foo SET b = b",
                    "DELETE FROM foo WHERE id = 99",
                    sql);
            Changeset changeset = a.changes(ChangeQuery.ALL);
            assertThat(shown.add(changeset.version()))
                    .as("a new version after " + sql)
                    .isTrue();
            assertThat(changeset.changes()).extracting(Change::dbVersion).contains(changeset.version());
            a.run("UPDATE foo SET b = b");
            assertThat(a.changes(ChangeQuery.since(changeset.version())).version())
                    .as("what changes nothing takes none")
                    .isEqualTo(changeset.version());
        }
    }

    @Test
    void d10TwoSpellingsOfAKeyAreOneRow() {
        Replica a = replica("a", FOO);
        SiteId sender = SiteId.random();
        a.merge(
                sender,
                cell(Value.of("1"), "b", Value.of(5), 1, sender),
                cell(Value.of(1.0), "c", Value.of(6), 1, sender));
        assertThat(a.query("SELECT * FROM foo")).containsExactly("1|5|6");
        assertThat(a.query("SELECT count(*) FROM foo__crr_row")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TEXT    | 5           | '5'",
                "TEXT    | 1.5         | '1.5'",
                "REAL    | 5           | 5.0",
                "REAL    | '5'         | 5.0",
                "INTEGER | '12'        | 12",
                "INTEGER | 12.0        | 12",
                "INTEGER | 12.5        | 12.5",
                "INTEGER | '1e3'       | 1000",
                "INTEGER | ' 7 '       | 7",
                "INTEGER | 'seven'     | 'seven'",
                "INTEGER | '0x10'      | '0x10'",
                "NUMERIC | '1.50'      | 1.5",
                "NUMERIC | '2026-01-02'| '2026-01-02'",
                "NUMERIC | '1e400'     | Infinity",
                "BLOB    | '12'        | '12'",
                "INTEGER | x'3132'     | x'3132'",
            })
    void d11ValuesTakeTheColumnsAffinityBeforeTheyAreCompared(String type, String literal, String stored) {
        Replica a = replica("a", "CREATE TABLE typed (k TEXT PRIMARY KEY NOT NULL, v " + type + ")");
        Change change =
                new Change("typed", List.of(Value.of("1")), "v", a.valueOf(literal), 1, 1, SiteId.random(), 1, 0);
        assertThat(a.merge(change.siteId(), change).report().applied()).isEqualTo(1);
        assertThat(a.query("SELECT v FROM typed")).containsExactly(stored);
        assertThat(a.merge(change.siteId(), change).report().applied())
                .as("merged again")
                .isZero();
    }

    @Test
    void d13ATableThatGoesAndReturnsGoesOnWithItsVersions() throws SQLException {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        a.run("INSERT INTO foo VALUES (1, 1, 1)", "UPDATE foo SET b = 2", "UPDATE foo SET b = 3");
        pull(b, a);
        String version = a.query("SELECT version FROM crr_state").get(0);
        a.installer.standAside(a.connection);
        a.run("CREATE TABLE kept AS SELECT * FROM foo", "DROP TABLE foo").install();
        assertThat(a.changes(ChangeQuery.ALL).changes()).isEmpty();
        a.run(FOO, "INSERT INTO foo SELECT * FROM kept").install("foo");
        assertThat(a.query("SELECT version > " + version + " FROM crr_state"))
                .as("its rows count as written again")
                .containsExactly("1");
        a.run("UPDATE foo SET b = 0");
        exchange(a, b);
        assertThat(b.query("SELECT * FROM foo")).containsExactly("1|0|1");
        assertAlike("foo", a, b);
    }

    @Test
    void d15NamesMayBeAnythingSqliteAllows() {
        String[] ddl = {
            "CREATE TABLE \"order\" (\"select\" TEXT NOT NULL, \"a b\" TEXT NOT NULL, \"it's\", \"quo\"\"te\", \"Größe\", PRIMARY KEY (\"a b\", \"select\"))",
            "CREATE TABLE \"my table\" (\"group\" TEXT PRIMARY KEY NOT NULL, \"from\")",
            "CREATE TABLE \"x'y\"\"z-\" (Id TEXT PRIMARY KEY NOT NULL, Val)",
            "CREATE TABLE \"%_[`]\" (\"?1\" TEXT PRIMARY KEY NOT NULL, \":a\", \"version\", \"row\", \"cl\", \"site\", \"col\")"
        };
        Replica a = replica("a", ddl);
        Replica b = replica("b", ddl);
        a.run(
                "INSERT INTO \"order\" VALUES ('s', 'ab', 1, 2, 3)",
                "UPDATE \"order\" SET \"it's\" = 4, \"Größe\" = 5",
                "INSERT INTO \"my table\" VALUES ('g', 1)",
                "UPDATE \"my table\" SET \"group\" = 'h'",
                "INSERT INTO \"x'y\"\"z-\" VALUES ('i', 1)",
                "UPDATE \"x'y\"\"z-\" SET val = 2",
                "DELETE FROM \"x'y\"\"z-\"",
                "INSERT INTO \"%_[`]\" VALUES ('k', 1, 2, 3, 4, 5, 6)",
                "UPDATE \"%_[`]\" SET \":a\" = 7, \"row\" = 8");
        exchange(a, b);
        assertAlike("\"order\"", a, b);
        assertAlike("\"my table\"", a, b);
        assertAlike("\"%_[`]\"", a, b);
        assertThat(b.query("SELECT * FROM \"order\"")).containsExactly("'s'|'ab'|4|2|5");
        assertThat(b.query("SELECT * FROM \"%_[`]\"")).containsExactly("'k'|7|2|8|4|5|6");
    }

    @Test
    void d30WritesOfAUsersTriggerToOtherTablesAreTrackedInMerges() {
        Replica a = replica("a", FOO, "CREATE TABLE log (id TEXT PRIMARY KEY NOT NULL, what)");
        a.run("CREATE TRIGGER audit AFTER INSERT ON foo BEGIN INSERT INTO log VALUES ('log' || NEW.id, NEW.b); END");
        SiteId sender = SiteId.random();
        a.merge(sender, cell(Value.of(1), "b", Value.of(5), 1, sender));
        assertThat(a.query("SELECT * FROM log")).containsExactly("'log1'|5");
        assertThat(a.changes(ChangeQuery.ALL.bySites(Set.of(a.siteId()))).changes())
                .extracting(Change::table)
                .containsExactly("log");
    }

    @Test
    void d32AChangeIsAlwaysCreditedToWhoMadeIt() {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        Replica c = replica("c", FOO);
        a.run("INSERT INTO foo VALUES (1, 2, 3), (2, 2, 3)", "UPDATE foo SET b = 4", "DELETE FROM foo WHERE id = 2");
        pull(b, a);
        b.run("UPDATE foo SET c = 5 WHERE id = 1");
        pull(c, b);
        assertThat(c.changes(ChangeQuery.ALL).changes())
                .extracting(change -> change.key() + change.cid(), Change::siteId)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("[1]b", a.siteId()),
                        org.assertj.core.groups.Tuple.tuple("[1]c", b.siteId()),
                        org.assertj.core.groups.Tuple.tuple("[2]-1", a.siteId()));
        assertThat(c.changes(ChangeQuery.ALL.bySites(Set.of(c.siteId()))).changes())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void issue413EqualWritesOfTwoSitesAreNotRelayedForever(boolean firstComesFirst) {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        Replica relay = replica("relay", FOO);
        for (Replica writer : List.of(a, b)) {
            writer.run("INSERT INTO foo VALUES (1, 'same', 'same')", "UPDATE foo SET b = 'equal'");
        }
        pull(relay, firstComesFirst ? a : b);
        List<String> version = versions(relay);
        assertThat(pull(relay, firstComesFirst ? b : a)).isZero();
        assertThat(versions(relay)).isEqualTo(version);
        List<String> before = versions(a, b);
        exchange(a, relay, b);
        assertThat(versions(a, b)).as("nothing moved").isEqualTo(before);
        for (Replica to : List.of(a, b, relay)) {
            for (Replica from : List.of(a, b, relay)) {
                assertThat(to == from ? List.of() : read(to, from).changes()).isEmpty();
            }
        }
        assertAlike("foo", a, b);
        assertAlike("foo", a, relay);
    }

    @Test
    void aPieceThatEndsBetweenAnInsertAndALaterEditHoldsWholeRows() {
        String ddl = "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, b NOT NULL, c NOT NULL)";
        Replica a = replica("a", ddl);
        Replica b = replica("b", ddl);
        a.run("INSERT INTO foo VALUES (1, 1, 1), (2, 2, 2)", "UPDATE foo SET c = 9 WHERE id = 1");
        for (int rows = 1; rows <= 2; rows++) {
            Changeset piece = a.changes(
                    ChangeQuery.since(cursor(b, a).received()).limitedTo(1).excluding(b.siteId()));
            assertThat(piece.more()).isTrue();
            assertThat(b.merge(piece).report().quarantined()).isZero();
            assertThat(b.query("SELECT id FROM foo")).hasSize(rows);
        }
        pull(b, a);
        assertAlike("foo", a, b);
    }

    @Test
    void aReviveMeetsAReplicaWithMoreColumns() {
        Replica newer = replica("newer", "CREATE TABLE foo (id INTEGER PRIMARY KEY NOT NULL, b, c, d DEFAULT 7)");
        Replica older = replica("older", FOO);
        newer.run("INSERT INTO foo VALUES (1, 'b', 'c', 'd')", "UPDATE foo SET d = 'd2'");
        exchange(newer, older);
        assertThat(older.query("SELECT * FROM foo")).containsExactly("1|'b'|'c'");
        older.run("DELETE FROM foo", "INSERT INTO foo VALUES (1, 'b3', 'c3')");
        exchange(newer, older);
        assertThat(newer.query("SELECT * FROM foo")).containsExactly("1|'b3'|'c3'|7");
        older.run("ALTER TABLE foo ADD COLUMN d DEFAULT 7").install("foo");
        exchange(newer, older);
        assertAlike("foo", newer, older);
        assertThat(older.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
    }

    @Test
    void aColumnThatWasDroppedAndAddedAgainIsNotWorthLessThanBefore() throws SQLException {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        a.run("INSERT INTO foo VALUES (1, 1, 1)", "UPDATE foo SET c = 2", "UPDATE foo SET c = 3");
        pull(b, a);
        a.installer.standAside(a.connection);
        a.run("ALTER TABLE foo DROP COLUMN c").install("foo");
        b.run("UPDATE foo SET b = 'meanwhile'");
        pull(a, b);
        a.installer.standAside(a.connection);
        a.run("ALTER TABLE foo ADD COLUMN c").install("foo");
        a.run("UPDATE foo SET c = 'again'");
        exchange(a, b);
        assertThat(b.query("SELECT * FROM foo")).containsExactly("1|'meanwhile'|'again'");
        assertAlike("foo", a, b);
    }

    @Test
    void aRestoredFileThatWasWrittenToBeforeItMetItsPeersConverges() throws IOException, SQLException {
        Replica a = replica("a", FOO);
        Replica b = replica("b", FOO);
        a.run("INSERT INTO foo VALUES (1, 'old', 'old'), (2, 2, 2)");
        exchange(a, b);
        a.run("PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        a.close();
        Files.copy(a.file, backup);
        a = replica("a");
        a.run("UPDATE foo SET b = 'lost'", "INSERT INTO foo VALUES (3, 3, 3)", "DELETE FROM foo WHERE id = 2");
        exchange(a, b);
        a.close();
        Files.copy(backup, a.file, StandardCopyOption.REPLACE_EXISTING);
        a = replica("a");
        a.run("UPDATE foo SET b = 'new', c = 'new' WHERE id = 1", "INSERT INTO foo VALUES (4, 4, 4)");
        Replica restored = a;
        UnknownVersionException unknown = catchThrowableOfType(UnknownVersionException.class, () -> read(b, restored));
        b.engine.setReceived(b.connection, a.siteId(), null, unknown.resume(), null);
        // Whoever finds so, or was restored, asks once without leaving anything out.
        b.mergeTolerantly(a.changes(ChangeQuery.since(unknown.resume())));
        a.mergeTolerantly(b.changes(ChangeQuery.since(cursor(a, b).received())));
        exchange(a, b);
        assertThat(a.query("SELECT id, c FROM foo ORDER BY id")).containsExactly("1|'new'", "3|3", "4|4");
        assertAlike("foo", a, b);
    }

    @Test
    void aReceiverWhoseFileWasLostGetsEverythingAgain() throws SQLException {
        Replica sender = replica("sender", FOO);
        Replica receiver = replica("receiver", FOO);
        sender.run("INSERT INTO foo VALUES (1, 1, 1), (2, 2, 2)");
        long sent = receiver.merge(sender.changes(ChangeQuery.ALL)).report().received();
        sender.run("INSERT INTO foo VALUES (3, 3, 3)");
        Replica successor = replica("successor", FOO);
        MergeReport report =
                successor.merge(sender.changes(ChangeQuery.since(sent))).report();
        assertThat(report.siteId()).isNotEqualTo(receiver.siteId());
        assertThat(report.received()).as("tells the sender to go back").isZero();
        successor.merge(sender.changes(ChangeQuery.since(report.received())));
        assertAlike("foo", sender, successor);
    }

    @Test
    void aSenderWhoseFileWasLostStartsAgainFromNothing() throws IOException {
        Replica lost = replica("sender", FOO);
        Replica receiver = replica("receiver", FOO);
        lost.run("INSERT INTO foo VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)");
        receiver.merge(lost.changes(ChangeQuery.ALL));
        Replica sender = replica("sender2", FOO).run("INSERT INTO foo VALUES (1, 'new', 1)");
        assertThat(cursor(receiver, sender).received()).isZero();
        exchange(sender, receiver);
        assertThat(sender.query("SELECT id FROM foo ORDER BY id")).containsExactly("1", "2", "3");
        assertAlike("foo", sender, receiver);
    }

    @Test
    void aTableOfKeysOnlyGainsAColumn() {
        Replica a = replica("a", "CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)");
        Replica b = replica("b", "CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)");
        a.run("INSERT INTO tag VALUES ('old'), ('gone')", "DELETE FROM tag WHERE id = 'gone'");
        exchange(a, b);
        a.run("ALTER TABLE tag ADD COLUMN note").install("tag");
        a.run("UPDATE tag SET note = 1", "INSERT INTO tag VALUES ('new', 2), ('gone', 3)");
        b.run("INSERT INTO tag VALUES ('new')");
        exchange(a, b);
        b.run("ALTER TABLE tag ADD COLUMN note").install("tag");
        exchange(a, b);
        assertThat(b.query("SELECT * FROM tag ORDER BY id")).containsExactly("'gone'|3", "'new'|2", "'old'|1");
        assertAlike("tag", a, b);
    }

    @Test
    void whatComparesEqualAndIsNotTheSameIsAChange() {
        String ddl = "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, name TEXT COLLATE NOCASE, size)";
        Replica a = replica("a", ddl);
        Replica b = replica("b", ddl);
        a.run("INSERT INTO person VALUES ('1', 'bob', 1)");
        exchange(a, b);
        a.run("UPDATE person SET name = 'Bob', size = 1.0");
        exchange(a, b);
        assertThat(b.query("SELECT name, typeof(size) FROM person")).containsExactly("'Bob'|'real'");
        assertAlike("person", a, b);
    }
}
