package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import dev.crr.UnknownVersionException;
import dev.crr.Value;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy lets through: reading, merging, and what becomes of what it refused. */
class PolicyTests {

    private static final SiteId MALLORY = SiteId.parse("a".repeat(32));
    private static final SiteId ALICE = SiteId.parse("b".repeat(32));

    @TempDir
    Path folder;

    Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("file.db"))
                .run(
                        "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, a, b DEFAULT 'd')",
                        "CREATE TABLE num (id INTEGER PRIMARY KEY NOT NULL, a INTEGER)")
                .install("foo", "num");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    /** Writing goes by this; reading too, where a test reads. */
    private static final class Rules implements ChangePolicy {
        final @Nullable Predicate<Change> only;
        final Set<String> hidden;
        final List<Change> judged = new ArrayList<>();

        Rules(@Nullable Predicate<Change> only, String... hidden) {
            this.only = only;
            this.hidden = Set.of(hidden);
        }

        @Override
        public TableAccess reading(PeerIdentity peer, String table) {
            return access(table);
        }

        @Override
        public TableAccess writing(PeerIdentity peer, String table) {
            return access(table);
        }

        private TableAccess access(String table) {
            Predicate<Change> allowed = only;
            if (hidden.contains(table)) {
                return TableAccess.NONE;
            }
            return allowed == null
                    ? TableAccess.ALL
                    : TableAccess.only(change -> {
                        judged.add(change);
                        return allowed.test(change);
                    });
        }
    }

    private static PeerRules rules(ChangePolicy policy, String principal, SiteId site) {
        Principal named = () -> principal;
        return PeerRules.of(policy, PeerIdentity.caller(named, site), Set.of("foo", "num"));
    }

    private MergeReport merge(ChangePolicy policy, String principal, SiteId site, Change... changes) {
        PeerRules rules = rules(policy, principal, site);
        Changeset changeset = new Changeset(site, null, 0, 7, null, null, false, List.of(changes));
        return replica.inTransaction(() -> replica.engine.merge(replica.connection, changeset, rules))
                .report();
    }

    private List<CrrEngine.Retried> retry(@Nullable ChangePolicy policy) {
        return replica.inTransaction(() -> replica.engine.retryRefused(
                replica.connection, peer -> policy == null ? null : PeerRules.of(policy, peer, Set.of("foo", "num"))));
    }

    private static Change cell(String key, String cid, Object value, long colVersion, long cl) {
        Value val = value instanceof Integer number ? Value.of(number) : Value.of(String.valueOf(value));
        return new Change("foo", List.of(Value.of(key)), cid, val, colVersion, 1, MALLORY, cl, 0);
    }

    private static Change row(String key, long cl) {
        return new Change("foo", List.of(Value.of(key)), Change.ROW, Value.NULL, cl, 1, MALLORY, cl, 0);
    }

    private List<String> foo() {
        return replica.query("SELECT * FROM foo ORDER BY id");
    }

    private List<String> refused() {
        return replica.query("SELECT cid, val, principal FROM crr_refused");
    }

    private static boolean isPrivate(Change change) {
        return change.key().get(0).equals(Value.of("private"));
    }

    private static final ChangePolicy NOT_PRIVATE = new Rules(change -> !isPrivate(change));

    @Test
    void whatIsRefusedIsSetAsideAndTheRestGoesOn() throws Exception {
        MergeReport report =
                merge(NOT_PRIVATE, "mallory", MALLORY, cell("1", "a", 1, 1, 1), cell("private", "a", 2, 1, 1));
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(report.received()).as("the cursor goes on").isEqualTo(7);
        assertThat(foo()).containsExactly("'1'|1|'d'");
        assertThat(replica.engine.quarantined(replica.connection)).isEqualTo(1);
        assertThat(replica.engine.quarantine(replica.connection, 10))
                .singleElement()
                .satisfies(held -> {
                    assertThat(held.reason()).contains("policy").contains("mallory");
                    assertThat(held.origin()).isEqualTo(MALLORY);
                    assertThat(held.retried()).isFalse();
                });
        assertThat(replica.engine.clearQuarantine(replica.connection, "foo")).isEqualTo(1);
        assertThat(refused()).isEmpty();
    }

    @Test
    void aTableMayBeClosedAsAWhole() {
        Rules policy = new Rules(null, "foo", "unknown");
        Change unknown = new Change("unknown", List.of(Value.of(1)), "a", Value.of(1), 1, 1, MALLORY, 1, 0);
        MergeReport report = merge(policy, "mallory", MALLORY, cell("1", "a", 1, 1, 1), row("2", 2), unknown);
        assertThat(report.quarantined()).isEqualTo(3);
        assertThat(foo()).isEmpty();
        assertThat(refused()).hasSize(3);
    }

    @Test
    void whatIsRefusedComesInByNoBackDoor() {
        ChangePolicy policy = new Rules(change -> !change.cid().equals("b"));
        replica.run("INSERT INTO foo VALUES ('1', 1, 'ours')");
        merge(policy, "mallory", MALLORY, cell("1", "b", "evil", 5, 1));
        // Alice may write everything, and so may who writes here.
        merge(new Rules(null), "alice", ALICE, cell("1", "a", 2, 2, 1));
        replica.run("UPDATE foo SET a = 3");
        replica.run("ALTER TABLE foo ADD COLUMN c").install("foo", "num");
        replica.inTransaction(() -> replica.engine.retryQuarantine(replica.connection));
        retry(policy);
        assertThat(foo()).containsExactly("'1'|3|'ours'|NULL");
        assertThat(refused()).containsExactly("'b'|'evil'|'mallory'");
    }

    @Test
    void isJudgedAgainAsOfWhoeverSentIt() {
        ChangePolicy nothing = new Rules(null, "foo", "num");
        merge(nothing, "mallory", MALLORY, cell("1", "a", 1, 1, 1));
        merge(nothing, "alice", ALICE, cell("1", "a", 2, 1, 1), cell("1", "b", 2, 1, 1));
        ChangePolicy aliceMay = new ChangePolicy() {
            @Override
            public TableAccess writing(PeerIdentity peer, String table) {
                return "alice".equals(peer.principalName()) ? TableAccess.ALL : TableAccess.NONE;
            }

            @Override
            public boolean admits(PeerIdentity peer) {
                return "alice".equals(peer.principalName());
            }
        };
        assertThat(retry(aliceMay)).singleElement().satisfies(retried -> {
            assertThat(retried.sender()).isEqualTo(ALICE);
            assertThat(retried.merge().report().applied()).isEqualTo(2);
        });
        assertThat(foo()).containsExactly("'1'|2|2");
        assertThat(refused()).containsExactly("'a'|1|'mallory'");
        // Without any policy all may write everything; what has lost meanwhile has lost.
        assertThat(retry(null).get(0).merge().report().applied()).isZero();
        assertThat(foo()).containsExactly("'1'|2|2");
        assertThat(refused()).isEmpty();
    }

    @Test
    void whatIsHereAlreadyIsNothingToRefuse() {
        merge(new Rules(null), "alice", ALICE, cell("1", "a", 1, 3, 1), cell("2", "a", 1, 1, 1), row("3", 2));
        ChangePolicy nothing = new Rules(null, "foo");
        MergeReport echo = merge(
                nothing,
                "mallory",
                MALLORY,
                cell("1", "a", 1, 3, 1),
                cell("1", "a", 9, 2, 1),
                cell("2", "a", 1, 1, 1),
                row("1", 1),
                row("3", 2),
                cell("3", "a", 1, 1, 1));
        assertThat(echo.quarantined()).isZero();
        assertThat(echo.ignored()).isEqualTo(6);
        assertThat(refused()).isEmpty();
    }

    @Test
    void noOtherSpellingGetsAround() throws Exception {
        replica.run("INSERT INTO num VALUES (5, 1)", "INSERT INTO foo VALUES ('1', 1, 'b'), ('2', 1, 'b')");
        replica.installer.standAside(replica.connection);
        replica.run("ALTER TABLE foo RENAME COLUMN b TO secret").install("foo", "num");
        Rules policy = new Rules(change -> change.table().equals("num")
                ? !change.key().get(0).equals(Value.of(5)) && !change.val().equals(Value.of(666))
                : change.cid().equals("a"));
        merge(
                policy,
                "mallory",
                MALLORY,
                new Change("num", List.of(Value.of("5")), "a", Value.of(2), 9, 1, MALLORY, 1, 0),
                new Change("num", List.of(Value.of(6)), "a", Value.of("666"), 9, 1, MALLORY, 1, 0),
                cell("1", "b", "evil", 9, 1),
                // A deletion is one whatever column it arrives with, and a revival empties all columns that do not
                // come.
                cell("1", "a", "x", 1, 3),
                cell("2", "a", "x", 1, 2),
                cell("new", "a", "x", 1, 1));
        assertThat(replica.query("SELECT * FROM num")).containsExactly("5|1");
        assertThat(foo()).containsExactly("'1'|1|'b'", "'2'|1|'b'");
        assertThat(refused()).hasSize(6);
        assertThat(merge(policy, "mallory", MALLORY, cell("1", "a", "fine", 2, 1))
                        .applied())
                .isEqualTo(1);
        assertThat(foo()).containsExactly("'1'|'fine'|'b'", "'2'|1|'b'");
    }

    @Test
    void nobodyIsKeptOutByWhatAnotherPretends() {
        // The replica holds 100 changes per sender; mallory fills them under the names of many databases.
        for (int i = 0; i < 100; i++) {
            SiteId claimed = i % 2 == 0 ? ALICE : SiteId.random();
            merge(NOT_PRIVATE, "mallory", claimed, cell("private", "a" + i, i, 1, 1));
        }
        assertThatThrownBy(() -> merge(NOT_PRIVATE, "mallory", ALICE, cell("private", "z", 1, 1, 1)))
                .isInstanceOf(QuarantineFullException.class);
        assertThat(merge(NOT_PRIVATE, "alice", ALICE, cell("private", "a", 1, 1, 1))
                        .quarantined())
                .isEqualTo(1);
        assertThat(merge(NOT_PRIVATE, "mallory", ALICE, cell("private", "a0", 2, 2, 1))
                        .quarantined())
                .as("in place of the older one")
                .isEqualTo(1);
    }

    @Test
    void whatWaitsForTheSchemaIsNotPushedOutByWhatIsRefused() {
        merge(new Rules(null), "alice", ALICE, cell("1", "a", 1, 1, 1), cell("1", "later", "honest", 1, 1));
        merge(new Rules(c -> !c.cid().equals("later")), "mallory", MALLORY, cell("1", "later", "evil", 9, 1));
        replica.run("ALTER TABLE foo ADD COLUMN later").install("foo", "num");
        assertThat(foo()).containsExactly("'1'|1|'d'|'honest'");
        assertThat(refused()).containsExactly("'later'|'evil'|'mallory'");
    }

    @Test
    void manyRowsAreJudgedOneByOne() {
        Change[] changes = IntStream.range(0, 500)
                .mapToObj(i -> cell("k" + i, "a", i, 1, 1))
                .toArray(Change[]::new);
        Rules policy = new Rules(change -> !(change.val() instanceof Value.Int number) || number.value() % 10 != 0);
        MergeReport report = merge(policy, "mallory", MALLORY, changes);
        assertThat(report.applied()).isEqualTo(450);
        assertThat(report.quarantined()).isEqualTo(50);
        assertThat(replica.query("SELECT count(*) FROM foo")).containsExactly("450");
        assertThat(replica.query("SELECT count(*) FROM foo WHERE a % 10 = 0")).containsExactly("0");
    }

    @Test
    void whatThrowsLetsNothingThrough() {
        Rules policy = new Rules(change -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> merge(policy, "alice", ALICE, cell("1", "a", 1, 1, 1)))
                .hasMessage("broken");
        assertThat(foo()).isEmpty();
        replica.run("INSERT INTO foo VALUES ('1', 1, 'b')");
        assertThatThrownBy(() -> read(ChangeQuery.ALL, policy)).hasMessage("broken");
    }

    private Changeset read(ChangeQuery query, ChangePolicy policy) throws Exception {
        return replica.engine.read(replica.connection, query, rules(policy, "mallory", MALLORY));
    }

    @Test
    void readingIsNarrowedAndTheCursorGoesOn() throws Exception {
        replica.run(
                "INSERT INTO foo VALUES ('1', 1, 'b')",
                "INSERT INTO foo VALUES ('private', 1, 'b')",
                "UPDATE foo SET a = 2",
                "INSERT INTO num VALUES (1, 1)",
                "DELETE FROM foo WHERE id = 'private'");
        Rules policy = new Rules(change -> !isPrivate(change), "num");
        Changeset seen = read(ChangeQuery.ALL, policy);
        assertThat(seen.changes()).isNotEmpty().allSatisfy(change -> {
            assertThat(change.table()).isEqualTo("foo");
            assertThat(isPrivate(change)).isFalse();
        });
        assertThat(seen.version())
                .isEqualTo(replica.engine.identity(replica.connection).version());
        assertThat(seen.more()).isFalse();
        assertThat(seen.scope()).isNotNull();
        long before = seen.version();
        replica.run("INSERT INTO foo VALUES ('private', 2, 'c')");
        Changeset more = read(ChangeQuery.since(before), policy);
        assertThat(more.changes()).isEmpty();
        assertThat(more.version()).isEqualTo(before + 1);
    }

    @Test
    void aHiddenTableIsNotThereAtAll() {
        replica.run("INSERT INTO num VALUES (1, 1)");
        Rules policy = new Rules(null, "num");
        assertThatThrownBy(() -> read(ChangeQuery.ALL.onTables(Set.of("num")), policy))
                .isInstanceOf(CrrException.class)
                .hasMessage("no replicated table is called \"num\"; there are [foo]");
    }

    @Test
    void rulesHaveScopesOfTheirOwnAndAreCheckedIfNamed() throws Exception {
        String all = rules(new Rules(null), "alice", ALICE).name();
        String hidden = rules(new Rules(null, "num"), "alice", ALICE).name();
        String partial = rules(NOT_PRIVATE, "alice", ALICE).name();
        String revised = rules(
                        new ChangePolicy() {
                            @Override
                            public String revision(PeerIdentity peer) {
                                return "2";
                            }
                        },
                        "alice",
                        ALICE)
                .name();
        assertThat(all).isNull();
        assertThat(Set.of(hidden, partial, revised)).hasSize(3);
        assertThat(read(ChangeQuery.ALL, NOT_PRIVATE).scope())
                .isEqualTo(ChangeQuery.ALL.under(partial).scope());
        assertThat(read(ChangeQuery.ALL.under(partial), NOT_PRIVATE).scope())
                .isEqualTo(ChangeQuery.ALL.under(partial).scope());
        assertThatThrownBy(() -> read(ChangeQuery.ALL.under(hidden), NOT_PRIVATE))
                .isInstanceOfSatisfying(
                        UnknownVersionException.class,
                        e -> assertThat(e.resume()).isZero());
        assertThatThrownBy(() -> replica.changes(ChangeQuery.ALL.under(hidden)))
                .isInstanceOf(UnknownVersionException.class);
    }

    @Test
    void callersHaveCursorsOfTheirOwn() {
        ChangePolicy everything = new Rules(null);
        PeerRules alice = rules(everything, "alice", ALICE);
        PeerRules mallory = rules(everything, "mallory", ALICE);
        PeerRules nobody = PeerRules.of(everything, PeerIdentity.caller(null, ALICE), Set.of());
        PeerRules emptyName = rules(everything, "", ALICE);
        PeerRules called = PeerRules.of(everything, PeerIdentity.called("alice", ALICE), Set.of());
        for (@Nullable String scope : new String[] {null, "0".repeat(32)}) {
            assertThat(called.own(scope)).isEqualTo(scope);
            assertThat(Set.of(
                            String.valueOf(scope),
                            String.valueOf(alice.own(scope)),
                            String.valueOf(mallory.own(scope)),
                            String.valueOf(nobody.own(scope)),
                            String.valueOf(emptyName.own(scope))))
                    .hasSize(5);
        }
    }

    @Test
    void ofTwoOfOneVersionTheLargerIsKeptWhicheverCameLater() {
        merge(NOT_PRIVATE, "mallory", MALLORY, cell("private", "a", "b", 2, 1));
        merge(NOT_PRIVATE, "mallory", MALLORY, cell("private", "a", "a", 2, 1));
        assertThat(replica.query("SELECT val FROM crr_refused")).containsExactly("'b'");
        merge(NOT_PRIVATE, "mallory", MALLORY, cell("private", "a", "c", 2, 1));
        assertThat(replica.query("SELECT val FROM crr_refused")).containsExactly("'c'");
    }

    @Test
    void moreThanFitsIntoAPieceIsJudgedAgain() {
        Change[] changes = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> cell("private", "a", "x".repeat(200_000), i + 1, 1))
                .map(change -> new Change(
                        "foo",
                        List.of(Value.of("private" + change.colVersion())),
                        "a",
                        change.val(),
                        1,
                        1,
                        change.siteId(),
                        1,
                        0))
                .toArray(Change[]::new);
        Rules none = new Rules(change -> false);
        merge(none, "mallory", MALLORY, changes);
        assertThat(refused()).hasSize(100);
        assertThat(retry(none).get(0).merge().report().quarantined()).isEqualTo(100);
        assertThat(refused()).hasSize(100);
        assertThat(retry(null).get(0).merge().report().applied()).isEqualTo(100);
        assertThat(refused()).isEmpty();
        assertThat(replica.query("SELECT count(*), sum(length(a)) FROM foo")).containsExactly("100|20000000");
    }
}
