package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.UnknownVersionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
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
}
