package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file knows of copies, of those it owes something, and of those who only ask. */
class ClonesTests {

    @TempDir
    Path folder;

    private Replica a;
    private Replica b;

    @BeforeEach
    void open() {
        a = replica("a.db");
        b = replica("b.db");
    }

    private Replica replica(String name) {
        return new Replica(folder.resolve(name))
                .run("CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, v)")
                .install("foo");
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    @Test
    void whatItWroteIsItsOwnUnderTheNewId() throws SQLException {
        a.run("INSERT INTO foo VALUES ('1', 'v')");
        b.merge(a.changes(ChangeQuery.ALL));
        a.merge(b.changes(ChangeQuery.ALL));
        SiteId former = a.siteId();
        Epoch epoch = a.engine.identity(a.connection).epoch();

        SiteId fresh = a.inTransaction(() -> a.engine.takeNewSiteId(a.connection));

        assertThat(a.siteId()).isEqualTo(fresh).isNotEqualTo(former);
        assertThat(a.engine.identity(a.connection).epoch()).isNotEqualTo(epoch);
        assertThat(a.engine.knows(a.connection, epoch)).isTrue();
        assertThat(a.changes(ChangeQuery.ALL).changes())
                .isNotEmpty()
                .allSatisfy(change -> assertThat(change.siteId()).isEqualTo(fresh));
        assertThat(a.engine.trackedPeers(a.connection)).isEmpty();
        assertThat(a.query("SELECT 1 FROM crsql_tracked_peers")).isEmpty();
        assertThat(a.engine.clones(a.connection)).containsOnly(Map.entry(fresh, former));
        a.run("UPDATE foo SET v = 'w'");
        assertThat(a.query("SELECT hex(site_id) FROM crsql_changes"))
                .containsExactly("'" + fresh.toString().toUpperCase(Locale.ROOT) + "'");
    }

    @Test
    void aRollbackLeavesTheOldId() throws SQLException {
        SiteId former = a.siteId();
        a.run("BEGIN IMMEDIATE");
        a.engine.takeNewSiteId(a.connection);
        a.run("ROLLBACK");
        assertThat(a.siteId()).isEqualTo(former);
        assertThat(a.engine.clones(a.connection)).isEmpty();
    }

    @Test
    void whoKeepsTheIdBeginsAnewWithAllAndOthersWithIt() throws SQLException {
        SiteId copy = SiteId.random();
        SiteId third = SiteId.random();
        for (Replica each : new Replica[] {a, b}) {
            each.run("INSERT INTO foo VALUES ('" + each.siteId() + "', 'v')");
            each.engine.setReceived(each.connection, third, null, 7, null);
        }
        b.merge(a.changes(ChangeQuery.ALL));
        b.engine.setSent(b.connection, a.siteId(), null, 1, null, false);
        a.merge(b.changes(ChangeQuery.ALL));

        assertThat(learn(a, copy, a.siteId())).isTrue();
        assertThat(learn(b, copy, a.siteId())).isTrue();
        assertThat(learn(b, copy, a.siteId())).as("news once").isFalse();

        assertThat(a.engine.trackedPeers(a.connection)).isEmpty();
        assertThat(b.engine.trackedPeers(b.connection))
                .containsExactlyInAnyOrder(
                        new TrackedPeer(third, null, 7, null, 0), new TrackedPeer(a.siteId(), null, 0, null, 0));
        assertThat(b.engine.owed(b.connection, a.siteId(), null)).isZero();
        assertThat(b.engine.owed(b.connection, third, null)).isNull();
    }

    /** A copy may have written under the id before, and what it wrote still be on its way. */
    @Test
    void noCursorPassesWhatIsLeftOutAsOursOnceACopyWroteAsUs() throws SQLException {
        b.run("INSERT INTO foo VALUES ('1', 'v')");
        a.merge(b.changes(ChangeQuery.ALL.excluding(a.siteId())));
        assertThat(a.engine.cursor(a.connection, b.siteId(), null).received()).isEqualTo(1);
        learn(a, SiteId.random(), a.siteId());
        a.merge(b.changes(ChangeQuery.ALL.excluding(a.siteId())));
        assertThat(a.engine.cursor(a.connection, b.siteId(), null).received()).isZero();
        a.merge(b.changes(ChangeQuery.ALL));
        assertThat(a.engine.cursor(a.connection, b.siteId(), null).received()).isEqualTo(1);
    }

    @Test
    void inventedCopiesComeToAnEnd() throws SQLException {
        a.run("BEGIN IMMEDIATE");
        for (int i = 0; i < Clones.MAX; i++) {
            assertThat(a.engine.learnClone(a.connection, SiteId.random(), SiteId.random()))
                    .isTrue();
        }
        assertThat(a.engine.learnClone(a.connection, SiteId.random(), a.siteId()))
                .isFalse();
        a.run("COMMIT");
        assertThat(a.engine.clones(a.connection)).hasSize(Clones.MAX);
    }

    @Test
    void inventedAskersComeToAnEndAndKnownOnesGoOn() throws SQLException {
        SiteId known = SiteId.random();
        a.run("BEGIN IMMEDIATE");
        a.engine.setSent(a.connection, known, null, 1, null, true);
        for (int i = 0; i < 1500; i++) {
            a.engine.setSent(a.connection, SiteId.random(), null, 1, null, true);
        }
        a.engine.setSent(a.connection, known, null, 2, null, true);
        SiteId pushedTo = SiteId.random();
        a.engine.setSent(a.connection, pushedTo, null, 2, null, false);
        a.run("COMMIT");
        assertThat(a.query("SELECT count(*) FROM crr_cursor")).containsExactly("1001");
        assertThat(a.engine.cursor(a.connection, known, null).sent()).isEqualTo(2);
        assertThat(a.engine.cursor(a.connection, pushedTo, null).sent()).isEqualTo(2);
    }

    @Test
    void whatIsOwedStaysUntilItIsGiven() throws SQLException {
        SiteId peer = SiteId.random();
        a.engine.owe(a.connection, peer, null, 5);
        a.engine.owe(a.connection, peer, null, 9);
        a.engine.owe(a.connection, peer, "scope", 3);
        a.close();
        a = new Replica(folder.resolve("a.db")).install("foo");
        assertThat(a.engine.owed(a.connection, peer, null)).isEqualTo(5);
        a.engine.settle(a.connection, peer, null);
        assertThat(a.engine.owed(a.connection, peer, null)).isNull();
        assertThat(a.engine.owed(a.connection, peer, "scope")).isEqualTo(3);
    }

    private static boolean learn(Replica replica, SiteId copy, SiteId former) {
        return replica.inTransaction(() -> replica.engine.learnClone(replica.connection, copy, former));
    }
}
