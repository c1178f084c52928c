package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changesets that were tampered with, as they come over the wire. Each is refused as a whole, or what can be applied of it is; and
 * whatever came, local writes are still tracked and a healthy peer still converges. {@code -Dcrr.fuzz.cases=1000000} for more,
 * {@code -Dcrr.seed=N} to replay.
 */
class HostileInputTests {

    private static final int CASES = Integer.getInteger("crr.fuzz.cases", 20_000);
    private static final int BATCH = 1_000;
    private static final List<String> TABLES = List.of("plain", "pair", "tag", "strictly", "typed");

    @TempDir
    Path folder;

    private final List<Replica> open = new ArrayList<>();
    private final ChangesetCodec codec = new ChangesetCodec(1_000);

    private Replica replica(String name) {
        Replica replica = new Replica(folder.resolve(name))
                .run(
                        "CREATE TABLE plain (id INTEGER PRIMARY KEY NOT NULL, a, b DEFAULT 7)",
                        "CREATE TABLE pair (x TEXT NOT NULL, y INTEGER NOT NULL, a, PRIMARY KEY (y, x))",
                        "CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL)",
                        "CREATE TABLE strictly (id TEXT PRIMARY KEY, a INTEGER NOT NULL, b TEXT) STRICT",
                        "CREATE TABLE typed (id TEXT PRIMARY KEY NOT NULL, a TEXT COLLATE NOCASE, b REAL CHECK (b < 100))")
                .install(TABLES.toArray(String[]::new));
        open.add(replica);
        return replica;
    }

    @AfterEach
    void close() {
        open.forEach(Replica::close);
    }

    @ParameterizedTest
    @EnumSource
    void survives(WireFormat format) throws IOException {
        long seed = Long.getLong("crr.seed", 1);
        System.out.println(
                "HostileInputTests " + format + ": replay with -Dcrr.seed=" + seed + " -Dcrr.fuzz.cases=" + CASES);
        Random random = new Random(seed);
        Replica victim = replica("victim.db");
        Replica healthy = replica("healthy.db");
        List<byte[]> honest = honest(random, format);
        Mutator mutator = new Mutator(random, format);
        int refused = 0;
        long applied = 0;
        for (int i = 1; i <= CASES; i++) {
            byte[] mutant = mutator.mutate(honest.get(random.nextInt(honest.size())));
            try {
                Changeset changeset = codec.read(new ByteArrayInputStream(mutant), format);
                boolean pulled = random.nextBoolean();
                applied += (pulled ? victim.mergeTolerantly(changeset) : victim.merge(changeset))
                        .report()
                        .applied();
            } catch (CrrException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("case " + i + ": " + Mutator.describe(mutant), e);
            }
            if (i % BATCH == 0 || i == CASES) {
                checkTracking(victim, i);
                checkConvergence(victim, healthy, i);
                victim.run("DELETE FROM crr_quarantine");
            }
        }
        assertThat(refused).as("refused").isBetween(CASES / 20, CASES * 19 / 20);
        assertThat(applied).as("applied").isPositive();
        assertThat(victim.query("PRAGMA integrity_check")).containsExactly("'ok'");
    }

    @Test
    void aMillionChangesOfOneRowAreOneRow() {
        Replica victim = replica("victim.db");
        SiteId sender = SiteId.random();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            changes.add(new Change(
                    "plain", List.of(Value.of(1)), i % 2 == 0 ? "a" : "nosuch", Value.of(i), i, i, sender, 1, 0));
        }
        MergeReport report = victim.mergeTolerantly(new Changeset(sender, null, 0, 1, null, null, false, changes))
                .report();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(500_000);
        assertThat(victim.query("SELECT * FROM plain")).containsExactly("1|999998|7");
        assertThat(victim.query("SELECT cid, val FROM crr_quarantine")).containsExactly("'nosuch'|999999");
    }

    @Test
    void hugeValuesArePassedOn() {
        Replica victim = replica("victim.db");
        SiteId sender = SiteId.random();
        byte[] huge = new byte[64 << 20];
        victim.merge(sender, new Change("plain", List.of(Value.of(1)), "a", Value.of(huge), 1, 1, sender, 1, 0));
        assertThat(victim.query("SELECT length(a) FROM plain")).containsExactly(String.valueOf(huge.length));
        assertThat(victim.changes(ChangeQuery.ALL).changes()).hasSize(1);
    }

    /** Changesets as they are, of a replica with a bit of everything, some from what looks like many senders. */
    private List<byte[]> honest(Random random, WireFormat format) throws IOException {
        Replica donor = replica("donor.db");
        List<byte[]> changesets = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int k = random.nextInt(6);
            donor.run(
                    switch (random.nextInt(10)) {
                        case 0 -> "DELETE FROM plain WHERE id = " + k;
                        case 1 -> "INSERT OR REPLACE INTO pair VALUES ('" + k + "', " + k + ", x'00ff')";
                        case 2 -> "INSERT OR REPLACE INTO tag VALUES ('t" + k + "')";
                        case 3 -> "DELETE FROM tag WHERE id = 't" + k + "'";
                        case 4 -> "INSERT OR REPLACE INTO strictly VALUES ('s" + k + "', " + i + ", 'text')";
                        case 5 -> "INSERT OR REPLACE INTO typed VALUES ('k" + k + "', 'Größe" + i + "', " + i + ".5)";
                        case 6 -> "UPDATE typed SET a = NULL, b = -" + i;
                        case 7 -> "UPDATE OR REPLACE pair SET y = y + 1";
                        default -> "INSERT OR REPLACE INTO plain VALUES (" + k + ", " + i + ", '" + i + "')";
                    });
            Changeset all = donor.changes(ChangeQuery.ALL.limitedTo(1 + random.nextInt(20)));
            Changeset sent = new Changeset(
                    random.nextInt(3) == 0 ? SiteId.random() : all.siteId(),
                    random.nextBoolean() ? Epoch.random() : all.epoch(),
                    0,
                    all.version(),
                    null,
                    null,
                    false,
                    all.changes());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            codec.write(sent, out, format, random.nextBoolean() ? NumberStyle.PLAIN : NumberStyle.TAGGED);
            changesets.add(out.toByteArray());
        }
        return changesets;
    }

    private static void checkTracking(Replica victim, int batch) {
        assertThat(victim.query("SELECT merging FROM crr_state")).containsExactly("NULL");
        long before = victim.changes(ChangeQuery.ALL.limitedTo(100_000)).version();
        victim.run(
                "INSERT INTO plain VALUES (1000000 + " + batch + ", 'local', 1)",
                "UPDATE plain SET a = 'local again' WHERE id = 1000000 + " + batch,
                "INSERT INTO tag VALUES ('local " + batch + "')",
                "DELETE FROM tag WHERE id = 'local " + batch + "'");
        assertThat(victim.changes(ChangeQuery.since(before)).changes())
                .extracting(Change::cid, Change::colVersion, Change::siteId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 2L, victim.siteId()),
                        org.assertj.core.groups.Tuple.tuple("b", 1L, victim.siteId()),
                        org.assertj.core.groups.Tuple.tuple("-1", 2L, victim.siteId()));
    }

    private static void checkConvergence(Replica victim, Replica healthy, int batch) {
        healthy.run("INSERT INTO typed VALUES ('healthy " + batch + "', 'x', 1)");
        exchange(victim, healthy);
        exchange(healthy, victim);
        for (String table : TABLES) {
            String rows = "SELECT * FROM " + table;
            assertThat(victim.query(rows)).containsExactlyInAnyOrderElementsOf(healthy.query(rows));
        }
        String clocks = "SELECT \"table\", hex(pk), cid, col_version, cl FROM crsql_changes";
        assertThat(victim.query(clocks)).containsExactlyInAnyOrderElementsOf(healthy.query(clocks));
    }

    private static void exchange(Replica from, Replica to) {
        boolean more = true;
        while (more) {
            try {
                long since =
                        to.engine.cursor(to.connection, from.siteId(), null).received();
                Changeset piece = from.changes(ChangeQuery.since(since).excluding(to.siteId()));
                assertThat(to.mergeTolerantly(piece).report().quarantined()).isZero();
                more = piece.more();
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
