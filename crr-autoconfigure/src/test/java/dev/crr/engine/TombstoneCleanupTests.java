package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.HorizonException;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clean-up of tombstones, case by case. Histories are in {@code CleanupSimulationTests}. */
class TombstoneCleanupTests {

    private static final String TOMBSTONES = "SELECT count(*) FROM foo__crr_row WHERE NOT __crr_cl & 1";

    @TempDir
    Path folder;

    Replica hub;
    Replica one;
    Replica two;

    @BeforeEach
    void open() {
        hub = replica("hub.db");
        one = replica("one.db");
        two = replica("two.db");
    }

    private Replica replica(String name) {
        return new Replica(folder.resolve(name))
                .run("CREATE TABLE IF NOT EXISTS foo (id TEXT PRIMARY KEY NOT NULL, v TEXT)")
                .install("foo");
    }

    @AfterEach
    void close() {
        hub.close();
        one.close();
        two.close();
    }

    private static Set<SiteId> group(Replica... replicas) {
        return Arrays.stream(replicas).map(Replica::siteId).collect(Collectors.toSet());
    }

    private static TombstoneReport clean(Replica at, Replica... members) {
        try {
            return at.engine.cleanTombstones(at.connection, group(members), false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the sync loop does; who asks acknowledges. */
    private static void pull(Replica to, Replica from) {
        try {
            TrackedPeer cursor = to.engine.cursor(to.connection, from.siteId(), null);
            Changeset changeset = from.changes(ChangeQuery.ALL.after(cursor.received(), cursor.receivedEpoch()));
            to.mergeTolerantly(changeset);
            from.engine.setSent(from.connection, to.siteId(), null, changeset.version(), null, true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void exchangeAll() {
        for (int i = 0; i < 3; i++) {
            pull(one, hub);
            pull(two, hub);
            pull(hub, one);
            pull(hub, two);
        }
    }

    private void deleteSomethingEverywhere() {
        one.run("INSERT INTO foo VALUES ('a', '1'), ('b', '1'), ('c', '1')");
        exchangeAll();
        two.run("DELETE FROM foo WHERE id IN ('a', 'b')");
        exchangeAll();
    }

    @Test
    void whatAllHaveGoesAndTheOthersFollow() {
        deleteSomethingEverywhere();
        TombstoneReport report = clean(hub, hub, one, two);
        assertThat(report.behind()).isEmpty();
        assertThat(report.tables()).containsEntry("foo", new TombstoneReport.Table(2, 0));
        assertThat(hub.query(TOMBSTONES)).containsExactly("0");
        exchangeAll();
        assertThat(clean(two, hub, one, two).tables()).containsEntry("foo", new TombstoneReport.Table(2, 0));
        assertThat(clean(one, hub, one, two).tables()).containsEntry("foo", new TombstoneReport.Table(2, 0));
        assertThat(List.of(hub.query("SELECT id FROM foo"), one.query("SELECT id FROM foo")))
                .containsOnly(List.of("'c'"));
    }

    @Test
    void itWaitsForWhoIsBehindAndTellsByHowMuch() {
        deleteSomethingEverywhere();
        hub.run("DELETE FROM foo WHERE id = 'c'");
        pull(one, hub);
        TombstoneReport report = clean(hub, hub, one, two);
        assertThat(report.behind()).containsExactly(new TombstoneReport.Behind(two.siteId(), report.version() - 1, 1));
        assertThat(report.tables()).containsEntry("foo", new TombstoneReport.Table(0, 3));
        hub.run("INSERT INTO foo VALUES ('d', '1')");
        pull(two, hub);
        assertThat(clean(hub, hub, one, two).tables())
                .as("what came after the first call is not waited for")
                .containsEntry("foo", new TombstoneReport.Table(3, 0));
    }

    @Test
    void aDryRunTellsTheSameAndChangesNothing() throws SQLException {
        deleteSomethingEverywhere();
        List<String> before = hub.query("SELECT version FROM crr_state");
        TombstoneReport report = hub.engine.cleanTombstones(hub.connection, group(hub, one, two), true);
        assertThat(report.dryRun()).isTrue();
        assertThat(report.tables()).containsEntry("foo", new TombstoneReport.Table(2, 0));
        assertThat(hub.query(TOMBSTONES)).containsExactly("2");
        assertThat(hub.query("SELECT version FROM crr_state")).isEqualTo(before);
        assertThat(hub.query("SELECT * FROM crr_horizon")).isEmpty();
        assertThat(hub.query("SELECT * FROM crr_cut")).isEmpty();
    }

    @Test
    void anOldChangesetIsRefusedWhoeverDeliversIt() {
        one.run("INSERT INTO foo VALUES ('a', '1')");
        Changeset old = one.changes(ChangeQuery.ALL);
        exchangeAll();
        two.run("DELETE FROM foo");
        exchangeAll();
        clean(hub, hub, one, two);
        assertThatThrownBy(() -> hub.merge(old))
                .isInstanceOf(HorizonException.class)
                .hasMessageContaining("are from before clean-up 1 of tombstones by " + hub.siteId());
        assertThat(hub.query("SELECT * FROM foo")).isEmpty();
        // One has not been told yet, but still has its tombstone.
        one.merge(old);
        assertThat(one.query("SELECT * FROM foo")).isEmpty();
    }

    @Test
    void whoIsNotListedIsRefusedAndToldWhy() {
        deleteSomethingEverywhere();
        clean(hub, hub, one);
        assertThatThrownBy(() -> hub.merge(two.changes(ChangeQuery.ALL))).isInstanceOf(HorizonException.class);
        assertThatThrownBy(() -> pull(two, hub))
                .isInstanceOf(HorizonException.class)
                .hasMessageContaining("was not among the members")
                .hasMessageContaining("snapshot");
        // The cure.
        clean(hub, hub, one, two);
        pull(two, hub);
        two.run("INSERT INTO foo VALUES ('new', '1')");
        pull(hub, two);
        assertThat(hub.query("SELECT id FROM foo ORDER BY id")).containsExactly("'c'", "'new'");
    }

    @Test
    void whoWasRestoredFromBeforeStartsFromASnapshot() throws Exception {
        one.run("INSERT INTO foo VALUES ('a', '1')");
        exchangeAll();
        two.run("PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        Files.copy(two.file, backup);
        hub.run("DELETE FROM foo");
        exchangeAll();
        clean(hub, hub, one, two);
        exchangeAll();
        try (Replica restored = new Replica(backup)) {
            restored.install("foo").run("UPDATE foo SET v = 'still here'");
            assertThatThrownBy(() -> hub.merge(restored.changes(ChangeQuery.ALL)))
                    .isInstanceOf(HorizonException.class);
            assertThatThrownBy(() -> pull(restored, hub))
                    .isInstanceOf(HorizonException.class)
                    .hasMessageContaining("restored from an older copy");
        }
        Path copy = folder.resolve("copy.db");
        Snapshots.write(hub.connection, copy, List.of());
        Snapshots.adopt(copy);
        try (Replica anew = new Replica(copy)) {
            anew.install("foo").run("INSERT INTO foo VALUES ('b', '2')");
            pull(hub, anew);
            pull(one, anew);
        }
        assertThat(one.query("SELECT * FROM foo"))
                .isEqualTo(hub.query("SELECT * FROM foo"))
                .containsExactly("'b'|'2'");
    }

    /** What the hub had of it before it was restored tells nothing of what it deletes after. */
    @Test
    void aMemberThatWasRestoredKeepsTheTombstonesOfWhatItDeletedSince() throws Exception {
        hub.run("INSERT INTO foo VALUES ('r', '1')");
        exchangeAll();
        two.run("PRAGMA wal_checkpoint(TRUNCATE)");
        Path backup = folder.resolve("backup.db");
        Files.copy(two.file, backup);
        two.run("INSERT INTO foo VALUES ('x', '1'), ('y', '1'), ('z', '1')");
        exchangeAll();
        try (Replica restored = new Replica(backup)) {
            restored.install("foo");
            pull(restored, hub);
            pull(one, hub);
            assertThat(clean(hub, hub, one, restored).behind()).isEmpty();
            restored.run("DELETE FROM foo WHERE id = 'r'");
            pull(restored, hub);
            assertThat(clean(restored, hub, one, restored).tables())
                    .containsEntry("foo", new TombstoneReport.Table(0, 1));
            // As the sync loop does when it is told that there never was such a version.
            hub.engine.setReceived(hub.connection, restored.siteId(), null, 0, null);
            pull(hub, restored);
            assertThat(hub.query("SELECT id FROM foo WHERE id = 'r'")).isEmpty();
        }
    }

    @Test
    void anEarlierReleaseDoesNotTellEpochsAndNothingOfThisDatabaseGoesByItsWord() throws Exception {
        deleteSomethingEverywhere();
        clean(hub, hub, one, two);
        TrackedPeer cursor = two.engine.cursor(two.connection, hub.siteId(), null);
        Changeset told = hub.changes(ChangeQuery.since(cursor.received()));
        Horizon horizon = told.horizons().get(0);
        assertThat(horizon.epochs().keySet()).isEqualTo(horizon.members().keySet());
        two.merge(new Changeset(
                told.siteId(),
                told.epoch(),
                told.since(),
                told.version(),
                null,
                null,
                false,
                told.changes(),
                List.of(new Horizon(horizon.siteId(), horizon.run(), horizon.version(), horizon.members()))));
        assertThat(two.engine.horizons(two.connection)).hasSize(1);
        assertThat(clean(two, hub, one, two).tables()).containsEntry("foo", new TombstoneReport.Table(0, 2));
    }

    /** Of the hub there were two histories with the same numbers, and this one had the other. */
    @Test
    void anotherHistoryOfTheHubIsNotWhatTheCleanUpWasBasedOn() throws Exception {
        deleteSomethingEverywhere();
        clean(hub, hub, one, two);
        TrackedPeer cursor = two.engine.cursor(two.connection, hub.siteId(), null);
        two.engine.setReceived(two.connection, hub.siteId(), null, cursor.received(), Epoch.random());
        pull(one, hub);
        Changeset byWayOfOne = one.changes(ChangeQuery.ALL);
        assertThatThrownBy(() -> two.merge(byWayOfOne))
                .isInstanceOf(HorizonException.class)
                .hasMessageContaining("once it has exchanged changes with " + hub.siteId());
        two.engine.setReceived(two.connection, hub.siteId(), null, cursor.received(), cursor.receivedEpoch());
        pull(two, hub);
        two.merge(byWayOfOne);
        assertThat(two.engine.horizons(two.connection)).hasSize(1);
    }

    @Test
    void aFileOfAnEarlierReleaseLearnsOfEpochs() throws Exception {
        deleteSomethingEverywhere();
        clean(hub, hub, one, two);
        exchangeAll();
        for (String table : List.of("crr_horizon", "crr_horizon_member", "crr_cut")) {
            two.run("ALTER TABLE " + table + " DROP COLUMN epoch");
        }
        two.run("DROP TABLE crr_relayed").install("foo");
        assertThat(two.engine.horizons(two.connection))
                .singleElement()
                .satisfies(horizon -> assertThat(horizon.epoch()).isNull());
        two.run("INSERT INTO foo VALUES ('later', '1')");
        exchangeAll();
        assertThat(hub.query("SELECT id FROM foo WHERE id = 'later'")).hasSize(1);
        assertThat(clean(two, hub, one, two).behind()).isNotEmpty();
    }

    @Test
    void aKeyThatIsUsedAgainWinsOverTombstonesElsewhere() {
        deleteSomethingEverywhere();
        clean(hub, hub, one, two);
        hub.run("INSERT INTO foo VALUES ('a', 'again')");
        exchangeAll();
        assertThat(one.query(TOMBSTONES)).containsExactly("1");
        assertThat(one.query("SELECT v FROM foo WHERE id = 'a'")).containsExactly("'again'");
        assertThat(hub.query("SELECT cid, cl FROM crsql_changes WHERE cl > 1")).containsExactly("'-1'|3", "'v'|3");
        hub.install("foo").run("INSERT INTO foo VALUES ('b', 'again')");
        assertThat(hub.query("SELECT count(*) FROM foo__crr_row WHERE __crr_cl = 3"))
                .as("also after a restart")
                .containsExactly("2");
    }

    @Test
    void twoCleanUpsAtTheSameTimeMeet() {
        deleteSomethingEverywhere();
        clean(hub, hub, one);
        clean(one, hub, one);
        hub.run("INSERT INTO foo VALUES ('h', '1')");
        one.run("INSERT INTO foo VALUES ('o', '1')");
        for (int i = 0; i < 3; i++) {
            pull(one, hub);
            pull(hub, one);
        }
        assertThat(hub.query("SELECT id FROM foo ORDER BY id"))
                .isEqualTo(one.query("SELECT id FROM foo ORDER BY id"))
                .containsExactly("'c'", "'h'", "'o'");
    }

    @Test
    void aFailureHalfWayLeavesTombstonesThatTheNextCallRemoves() {
        hub.run("INSERT INTO foo WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                        + " SELECT 'k' || i, 'v' FROM n")
                .run("DELETE FROM foo");
        exchangeAll();
        hub.run("CREATE TRIGGER full BEFORE DELETE ON foo__crr_row WHEN OLD.id = 'k1500'"
                + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        assertThatThrownBy(() -> clean(hub, hub, one, two)).hasMessageContaining("the disk is full");
        assertThat(hub.query(TOMBSTONES)).containsExactly("1500");
        hub.run("DROP TRIGGER full");
        // The members need not have acknowledged anything more.
        assertThat(clean(hub, hub, one, two).tables()).containsEntry("foo", new TombstoneReport.Table(1500, 0));
        exchangeAll();
        hub.run("INSERT INTO foo VALUES ('k1', 'again')");
        exchangeAll();
        assertThat(two.query("SELECT * FROM foo")).containsExactly("'k1'|'again'");
    }

    @Test
    void aDeletionInQuarantineHindersIt() {
        one.run("INSERT INTO foo VALUES ('a', '1')");
        exchangeAll();
        hub.run("CREATE TRIGGER keep BEFORE DELETE ON foo BEGIN SELECT RAISE(ABORT, 'not here'); END");
        two.run("DELETE FROM foo");
        exchangeAll();
        assertThat(hub.query("SELECT id FROM foo")).containsExactly("'a'");
        assertThatThrownBy(() -> clean(hub, hub, one, two))
                .isInstanceOf(CrrException.class)
                .hasMessageContaining("1 deletions are in quarantine");
    }

    @Test
    void nothingInQuarantineOutlivesTheTombstoneOfItsRow() {
        hub.run("DROP TABLE foo", "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, v TEXT CHECK (v <> 'bad'))");
        hub.install("foo");
        one.run("INSERT INTO foo VALUES ('a', 'bad')");
        exchangeAll();
        assertThat(hub.query("SELECT count(*) FROM crr_quarantine")).containsExactly("1");
        one.run("DELETE FROM foo");
        exchangeAll();
        clean(hub, hub, one, two);
        assertThat(hub.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
    }

    @Test
    void changesInsertedBySqlAreRefusedAfterwards() {
        deleteSomethingEverywhere();
        List<Change> changes = one.changes(ChangeQuery.ALL).changes();
        clean(hub, hub, one, two);
        assertThatThrownBy(() -> hub.inTransaction(() -> hub.engine.mergeInserted(hub.connection, changes)))
                .isInstanceOf(HorizonException.class)
                .hasMessageContaining("crsql_changes");
    }

    @Test
    void aTableThatWasAwayMeanwhileMakesItsInstanceStartFromASnapshot() {
        one.run("INSERT INTO foo VALUES ('a', '1')");
        exchangeAll();
        two.inTransaction(() -> {
            TableSwitch.off(two.connection, "foo");
            return true;
        });
        hub.run("DELETE FROM foo");
        exchangeAll();
        clean(hub, hub, one, two);
        exchangeAll();
        two.inTransaction(() -> {
            TableSwitch.on(two.connection, "foo");
            return true;
        });
        assertThat(two.query("SELECT id FROM foo")).containsExactly("'a'");
        assertThatThrownBy(() -> pull(hub, two)).isInstanceOf(HorizonException.class);
        assertThatThrownBy(() -> pull(two, hub)).isInstanceOf(HorizonException.class);
        assertThat(hub.query("SELECT id FROM foo")).isEmpty();
    }

    @Test
    void thisOneMustBeAmongTheMembers() {
        assertThatThrownBy(() -> clean(hub, one, two))
                .isInstanceOf(CrrException.class)
                .hasMessageContaining(hub.siteId().toString());
    }

    @Test
    void whoNeverExchangedHasAcknowledgedNothing() {
        assertThat(clean(hub, hub, one).behind()).containsExactly(new TombstoneReport.Behind(one.siteId(), 0, 1));
    }

    private void refuses(CrrEngine engine, @Nullable PeerRules rules, Horizon forged, String complaint) {
        Changeset changeset = new Changeset(two.siteId(), null, 0, 0, null, null, false, List.of(), List.of(forged));
        one.run("BEGIN IMMEDIATE");
        assertThatThrownBy(() -> engine.merge(one.connection, changeset, rules))
                .isInstanceOf(HorizonException.class)
                .hasMessageContaining(complaint);
        one.run("ROLLBACK");
        assertThat(one.query("SELECT * FROM crr_horizon")).isEmpty();
        assertThat(one.query("SELECT * FROM crr_horizon_member")).isEmpty();
    }

    @Test
    void nobodysWordIsTakenWhereCleanUpsAreOff() {
        Horizon forged = new Horizon(SiteId.random(), 1, 1, Map.of(one.siteId(), 0L));
        refuses(new CrrEngine(100, 100, false), null, forged, "crr.tombstones.cleanup-enabled=true");
    }

    @Test
    void theWordOfWhoMayNotWriteEverythingIsNotTaken() {
        ChangePolicy policy = new ChangePolicy() {
            @Override
            public TableAccess writing(PeerIdentity peer, String table) {
                return TableAccess.NONE;
            }
        };
        PeerRules rules = PeerRules.of(policy, PeerIdentity.caller(() -> "mallory", two.siteId()), Set.of("foo"));
        refuses(one.engine, rules, new Horizon(SiteId.random(), 1, 1, Map.of(one.siteId(), 0L)), "policy");
    }

    @Test
    void noWordIsTakenForARunThatNobodyCameTo() {
        two.run("INSERT INTO foo VALUES ('b', '1')");
        pull(one, two);
        refuses(one.engine, null, new Horizon(two.siteId(), 1L << 53, 1, Map.of(one.siteId(), 0L)), "out of bounds");
    }

    @Test
    void nobodyMakesThisDatabaseForgetMoreThanItGaveOut() {
        one.run("INSERT INTO foo VALUES ('a', '1')");
        Horizon boasting = new Horizon(SiteId.random(), 1, 0, Map.of(one.siteId(), 1L << 53, two.siteId(), 0L));
        one.mergeTolerantly(new Changeset(two.siteId(), null, 0, 0, null, null, false, List.of(), List.of(boasting)));
        assertThat(one.query("SELECT max(received) <= (SELECT version FROM crr_state) FROM crr_horizon_member"))
                .containsExactly("1");
    }

    @Test
    void whatAPolicyRefusedHoldsACleanUpUpAndGoesWithItsTombstone() throws SQLException {
        deleteSomethingEverywhere();
        one.run("INSERT INTO crr_refused SELECT 'foo', pk, 'v', 'old', 1, 1, x'" + two.siteId() + "', 1, 0, x'"
                + two.siteId() + "', '', 'mallory' FROM crsql_changes WHERE pk = x'010b0161'");
        one.run("INSERT INTO crr_refused SELECT 'foo', x'010b0163', '-1', NULL, 2, 1, site_id, 2, 0, site_id, '',"
                + " 'mallory' FROM crr_site WHERE ordinal = 0");
        assertThatThrownBy(() -> clean(one, hub, one, two)).hasMessageContaining("1 deletions");
        one.run("DELETE FROM crr_refused WHERE cid = '-1'");
        clean(hub, hub, one, two);
        assertThat(one.query("SELECT cid FROM crr_refused")).hasSize(1);
        exchangeAll();
        assertThat(one.query("SELECT cid FROM crr_refused"))
                .as("it is older than the deletion that is forgotten now")
                .isEmpty();
    }
}
