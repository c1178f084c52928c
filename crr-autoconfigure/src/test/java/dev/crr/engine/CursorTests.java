package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading in pieces, epochs, scopes and how far a cursor moves. */
class CursorTests {

    @TempDir
    Path folder;

    Replica a;
    Replica b;

    @BeforeEach
    void open() {
        a = replica("a.db");
        b = replica("b.db");
    }

    private Replica replica(String name) {
        return new Replica(folder.resolve(name))
                .run(
                        "CREATE TABLE IF NOT EXISTS foo (id TEXT PRIMARY KEY NOT NULL, v TEXT NOT NULL, w TEXT)",
                        "CREATE TABLE IF NOT EXISTS bar (id TEXT PRIMARY KEY NOT NULL, v)")
                .install("foo", "bar");
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private long received(Replica at, Replica from) throws Exception {
        return at.engine.cursor(at.connection, from.siteId(), null).received();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void piecesAreCutBetweenRowsAndAddUp(int limit) throws Exception {
        for (int i = 0; i < 20; i++) {
            a.run("INSERT INTO foo VALUES ('" + i + "', 'v', 'w')", "INSERT INTO bar VALUES ('" + i + "', 1)");
        }
        a.run("UPDATE foo SET v = 'v2', w = 'w2' WHERE id < '15'", "DELETE FROM bar WHERE id < '12'");
        long since = 0;
        boolean more = true;
        while (more) {
            Changeset piece = a.changes(ChangeQuery.since(since).limitedTo(limit));
            assertThat(piece.version()).isGreaterThan(since);
            // A row that came in pieces would break the NOT NULL of foo.v.
            b.merge(piece);
            since = piece.version();
            more = piece.more();
        }
        assertThat(b.query("SELECT * FROM foo ORDER BY id")).isEqualTo(a.query("SELECT * FROM foo ORDER BY id"));
        assertThat(b.query("SELECT * FROM bar ORDER BY id")).isEqualTo(a.query("SELECT * FROM bar ORDER BY id"));
        assertThat(received(b, a)).isEqualTo(since);
    }

    @Test
    void whatOneVersionDidToARowIsNeverCut() {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')");
        Changeset piece = a.changes(ChangeQuery.ALL.limitedTo(1));
        assertThat(piece.changes()).hasSize(2);
        assertThat(piece.more()).isFalse();
    }

    @Test
    void largeValuesMakeForSmallPieces() {
        a.run("INSERT INTO bar WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
                + " SELECT 'b' || i, zeroblob(2000000) FROM n");
        int pieces = 0;
        int rows = 0;
        long since = 0;
        boolean more = true;
        while (more) {
            Changeset piece = a.changes(ChangeQuery.since(since));
            assertThat(piece.changes()).hasSizeLessThan(10);
            rows += piece.changes().size();
            since = piece.version();
            more = piece.more();
            pieces++;
        }
        assertThat(rows).isEqualTo(30);
        assertThat(pieces).isEqualTo(4);
    }

    @Test
    void theCursorMovesOnlyOverWhatItHasSeen() throws Exception {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')", "INSERT INTO foo VALUES ('2', 'v', 'w')");
        Changeset whole = a.changes(ChangeQuery.ALL);
        Changeset tail = a.changes(ChangeQuery.since(1));
        assertThat(b.merge(tail).report().received()).isZero();
        assertThat(b.query("SELECT id FROM foo")).containsExactly("'2'");
        assertThat(b.merge(whole).report().received()).isEqualTo(2);
        a.run("INSERT INTO foo VALUES ('3', 'v', 'w')");
        assertThat(b.merge(a.changes(ChangeQuery.since(2))).report().received()).isEqualTo(3);
        assertThat(b.merge(whole).report().received()).as("a stale replay").isEqualTo(3);
        assertThat(b.query("SELECT version, seq, tag, event, clock FROM crsql_tracked_peers"))
                .containsExactly("3|0|0|0|3");
    }

    @Test
    void whatLeavesOutAThirdSiteMovesNoCursor() {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')");
        Changeset withoutThird = a.changes(ChangeQuery.ALL.excluding(SiteId.random()));
        assertThat(b.merge(withoutThird).report().received()).isZero();
        assertThat(b.merge(a.changes(ChangeQuery.ALL.excluding(b.siteId())))
                        .report()
                        .received())
                .isEqualTo(1);
    }

    @Test
    void excludeAndSitesFilterByAuthor() {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')");
        b.merge(a.changes(ChangeQuery.ALL));
        b.run("UPDATE foo SET w = 'b'", "INSERT INTO foo VALUES ('2', 'v', 'w')");
        assertThat(b.changes(ChangeQuery.ALL.excluding(a.siteId())).changes())
                .extracting(change -> change.key() + change.cid())
                .containsExactly("['1']w", "['2']v", "['2']w");
        assertThat(b.changes(ChangeQuery.ALL.bySites(Set.of(a.siteId()))).changes())
                .extracting(change -> change.key() + change.cid())
                .containsExactly("['1']v");
        assertThat(b.changes(ChangeQuery.ALL.bySites(Set.of(SiteId.random()))).changes())
                .isEmpty();
    }

    @Test
    void scopesHaveCursorsOfTheirOwn() throws Exception {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')", "INSERT INTO bar VALUES ('1', 1)");
        ChangeQuery onlyBar = ChangeQuery.ALL.onTables(Set.of("bar"));
        Changeset narrowed = a.changes(onlyBar);
        assertThat(narrowed.scope()).isEqualTo(onlyBar.scope()).hasSize(32);
        assertThat(narrowed.changes()).extracting(Change::table).containsOnly("bar");
        b.merge(narrowed);
        assertThat(received(b, a)).isZero();
        assertThat(b.engine.trackedPeers(b.connection))
                .containsExactly(new TrackedPeer(a.siteId(), onlyBar.scope(), 2, narrowed.epoch(), 0));
        assertThat(b.query("SELECT version FROM crsql_tracked_peers"))
                .as("who asks from there would miss the other tables")
                .isEmpty();
    }

    @Test
    void aTableThatDoesNotReplicateIsNamed() {
        assertThatThrownBy(() -> a.changes(ChangeQuery.ALL.onTables(Set.of("nope"))))
                .isInstanceOf(CrrException.class)
                .hasMessageContaining("nope");
    }

    @Test
    void aVersionBelongsToTheEpochItWasGivenOutIn() {
        Epoch first = a.changes(ChangeQuery.ALL).epoch();
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')");
        assertThat(a.changes(ChangeQuery.ALL).epoch()).isEqualTo(first);
        a.install("foo", "bar");
        assertThat(a.changes(ChangeQuery.ALL).epoch()).as("nothing new yet").isEqualTo(first);
        a.run("INSERT INTO foo VALUES ('2', 'v', 'w')");
        Changeset second = a.changes(ChangeQuery.ALL);
        assertThat(second.epoch()).isNotNull().isNotEqualTo(first);
        // Version 1 was given out in the first epoch, 2 in the second.
        assertThat(a.changes(ChangeQuery.ALL.after(1, first)).changes()).hasSize(2);
        assertThat(a.changes(ChangeQuery.ALL.after(2, second.epoch())).changes())
                .isEmpty();
        assertThatThrownBy(() -> a.changes(ChangeQuery.ALL.after(2, first)))
                .isInstanceOfSatisfying(
                        UnknownVersionException.class,
                        e -> assertThat(e.resume()).isEqualTo(1));
    }

    @Test
    void aRestoredFileDoesNotKnowWhatItForgot() throws IOException {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')", "PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        a.close();
        Files.copy(a.file, backup);
        a = replica("a.db");
        a.run("INSERT INTO foo VALUES ('2', 'v', 'w')");
        Changeset seen = a.changes(ChangeQuery.ALL);
        a.close();
        Files.copy(backup, a.file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        a = replica("a.db");
        a.run("INSERT INTO foo VALUES ('3', 'v', 'w')");
        assertThatThrownBy(() -> a.changes(ChangeQuery.ALL.after(seen.version(), seen.epoch())))
                .isInstanceOf(UnknownVersionException.class)
                .hasMessageContaining("restored");
    }

    @Test
    void aVersionNeverGivenOutIsUnknownWithoutAnEpochToo() {
        assertThatThrownBy(() -> a.changes(ChangeQuery.since(5)))
                .isInstanceOfSatisfying(
                        UnknownVersionException.class,
                        e -> assertThat(e.resume()).isZero());
    }

    private TrackedPeer cursor(Replica at, SiteId peer) throws Exception {
        return at.engine.cursor(at.connection, peer, null);
    }

    private static Changeset sent(SiteId from, long since, @Nullable Epoch sinceEpoch, long version, Epoch epoch) {
        return new Changeset(from, epoch, since, version, null, null, false, List.of()).continuing(sinceEpoch);
    }

    /** A sender that was restored from an older copy gives out numbers once more. */
    @Test
    void aCursorOfALostHistoryMovesOnlyFromWhereTheHistoriesPart() throws Exception {
        SiteId peer = SiteId.random();
        Epoch lost = Epoch.random();
        Epoch present = Epoch.random();
        a.merge(sent(peer, 0, null, 12, lost));
        a.merge(sent(peer, 7, present, 9, present));
        assertThat(cursor(a, peer)).isEqualTo(new TrackedPeer(peer, null, 12, lost, 0));
        MergeReport report = a.merge(sent(peer, 7, present, 20, present)).report();
        assertThat(cursor(a, peer))
                .as("of what came before it has other changes")
                .isEqualTo(new TrackedPeer(peer, null, 12, lost, 0));
        assertThat(report.received()).isEqualTo(12);
        assertThat(report.receivedEpoch()).isEqualTo(lost);
        report = a.merge(sent(peer, 5, lost, 9, present)).report();
        assertThat(report.received()).isEqualTo(9);
        assertThat(report.receivedEpoch()).isEqualTo(present);
        a.merge(sent(peer, 5, lost, 8, lost));
        a.merge(sent(peer, 8, Epoch.random(), 11, present));
        assertThat(cursor(a, peer))
                .as("within one epoch there is one history")
                .isEqualTo(new TrackedPeer(peer, null, 11, present, 0));
        a.merge(sent(peer, 3, null, 13, present));
        assertThat(cursor(a, peer).received()).as("of an earlier release").isEqualTo(13);
        a.merge(sent(peer, 0, null, 14, Epoch.random()));
        assertThat(cursor(a, peer).received()).as("all there is").isEqualTo(14);
    }

    @Test
    void aChangesetTellsInWhichEpochItBegins() throws Exception {
        Epoch first = a.engine.identity(a.connection).epoch();
        a.run("INSERT INTO bar VALUES ('1', 1)");
        a.install("foo", "bar").run("INSERT INTO bar VALUES ('2', 1)");
        Epoch second = a.engine.identity(a.connection).epoch();
        assertThat(a.changes(ChangeQuery.ALL).sinceEpoch()).isNull();
        assertThat(a.changes(ChangeQuery.since(1)).sinceEpoch())
                .as("asked for by somebody who does not know")
                .isNull();
        assertThat(a.changes(ChangeQuery.ALL.after(1, second)).sinceEpoch()).isEqualTo(second);
        assertThat(a.engine.reached(a.connection, 2, first)).isEqualTo(1);
        assertThat(a.engine.reached(a.connection, 1, second)).isEqualTo(1);
        assertThat(a.engine.reached(a.connection, 7, second)).isEqualTo(2);
        assertThat(a.engine.reached(a.connection, 7, null)).isEqualTo(2);
        assertThat(a.engine.reached(a.connection, 2, Epoch.random())).isZero();
    }

    /** It may have lost it. */
    @Test
    void whatCameByWayOfAnotherIsNotLeftOutForItsAuthor() {
        a.run("INSERT INTO bar VALUES ('1', 1)");
        b.merge(a.changes(ChangeQuery.ALL));
        ChangeQuery query = ChangeQuery.ALL.excluding(a.siteId());
        assertThat(b.changes(query).changes()).as("from itself").isEmpty();
        assertThat(b.changes(query).exclude()).isEqualTo(a.siteId());
        a.run("INSERT INTO bar VALUES ('2', 1)");
        try (Replica c = replica("c.db")) {
            c.merge(a.changes(ChangeQuery.ALL));
            b.merge(c.changes(ChangeQuery.ALL));
        }
        long version = b.changes(ChangeQuery.ALL).version();
        Changeset told = b.changes(query.after(version - 1, null));
        assertThat(told.changes()).extracting(Change::siteId).containsExactly(a.siteId());
        assertThat(told.exclude()).isNull();
        b.merge(a.changes(ChangeQuery.ALL));
        a.run("INSERT INTO bar VALUES ('3', 1)");
        b.merge(a.changes(ChangeQuery.ALL));
        assertThat(b.changes(query.after(version, null)).changes()).isEmpty();
    }

    @Test
    void aTableThatReplicatesAgainComesWhereEverythingElseIsAlready() throws Exception {
        a.run(
                "INSERT INTO foo VALUES ('r', 'early', NULL), ('gone', 'v', 'w')",
                "UPDATE foo SET w = 'w' WHERE id = 'r'",
                "DELETE FROM foo WHERE id = 'gone'");
        a.inTransaction(() -> {
            TableSwitch.off(a.connection, "foo");
            return true;
        });
        try (Replica c = new Replica(folder.resolve("c.db"))
                .run("CREATE TABLE bar (id TEXT PRIMARY KEY NOT NULL, v)")
                .install("bar")) {
            a.run("INSERT INTO bar VALUES ('1', 1)");
            c.merge(a.changes(ChangeQuery.ALL));
            long come = received(c, a);
            assertThat(come).isPositive();
            List<String> clocks = a.query("SELECT id, __crr_cl, __crr_site FROM foo__crr_row ORDER BY id");
            a.inTransaction(() -> {
                TableSwitch.on(a.connection, "foo");
                return true;
            });
            c.run("CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, v TEXT NOT NULL, w TEXT)")
                    .install("foo", "bar");
            c.merge(a.changes(ChangeQuery.since(come)));
            assertThat(c.query("SELECT * FROM foo")).containsExactly("'r'|'early'|'w'");
            assertThat(c.query("SELECT count(*) FROM foo__crr_row")).containsExactly("2");
            assertThat(c.query("SELECT cid, col_version, cl FROM crsql_changes WHERE \"table\" = 'foo' ORDER BY 1"))
                    .isEqualTo(a.query(
                            "SELECT cid, col_version, cl FROM crsql_changes WHERE \"table\" = 'foo' ORDER BY 1"))
                    .contains("'w'|2|1");
            assertThat(a.query("SELECT id, __crr_cl, __crr_site FROM foo__crr_row ORDER BY id"))
                    .isEqualTo(clocks);
        }
    }

    /** What had moved on by then was not among what came, and is back where it was. */
    @Test
    void aCatchUpInPiecesIsOfTheStateItWasReadInAndBeginsAnewIfThatIsLost() throws Exception {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')", "INSERT INTO foo VALUES ('2', 'v', 'w')");
        a.run("PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        Files.copy(a.file, backup);
        a.run("DELETE FROM foo WHERE id = '1'", "INSERT INTO foo VALUES ('3', 'v', 'w')");
        Changeset piece = a.changes(ChangeQuery.ALL.limitedTo(1));
        assertThat(piece.more()).isTrue();
        b.merge(piece);
        TrackedPeer come = cursor(b, a.siteId());
        assertThat(come.received()).isEqualTo(2);
        assertThat(a.changes(ChangeQuery.ALL.after(2, come.receivedEpoch())).changes())
                .isNotEmpty();
        a.install("foo", "bar");
        assertThat(a.engine.reached(a.connection, 2, come.receivedEpoch())).isEqualTo(2);
        try (Replica restored = new Replica(backup)) {
            restored.install("foo", "bar");
            assertThat(restored.engine.reached(restored.connection, 2, come.receivedEpoch()))
                    .isZero();
            assertThatThrownBy(() ->
                            restored.engine.read(restored.connection, ChangeQuery.ALL.after(2, come.receivedEpoch())))
                    .isInstanceOfSatisfying(
                            UnknownVersionException.class,
                            e -> assertThat(e.resume()).isZero());
        }
    }

    @Test
    void whatCameWhileATableDidNotReplicateIsOfThatTime() throws Exception {
        a.run("INSERT INTO foo VALUES ('1', 'v', 'w')", "PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        Files.copy(a.file, backup);
        a.inTransaction(() -> {
            TableSwitch.off(a.connection, "foo");
            return true;
        });
        b.merge(a.changes(ChangeQuery.ALL));
        TrackedPeer come = cursor(b, a.siteId());
        try (Replica restored = new Replica(backup)) {
            restored.install("foo", "bar");
            assertThat(restored.engine.reached(restored.connection, come.received(), come.receivedEpoch()))
                    .isZero();
        }
    }
}
