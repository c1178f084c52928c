package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.QuarantineFullException;
import dev.crr.QuarantinedChange;
import dev.crr.ReplicatedTable;
import dev.crr.SiteId;
import dev.crr.TableAccess;
import dev.crr.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two spellings of a name are one to SQLite where ASCII letters differ in case, and two otherwise; so they are here. */
class SpellingTests {

    private static final SiteId PEER = SiteId.parse("a".repeat(32));

    @TempDir
    Path folder;

    private final List<Replica> replicas = new ArrayList<>();

    private Replica replica(String name) {
        Replica replica = new Replica(folder.resolve(name));
        replicas.add(replica);
        return replica;
    }

    @AfterEach
    void closeAll() {
        replicas.forEach(Replica::close);
    }

    private static void exchange(Replica one, Replica other) {
        other.merge(one.changes(ChangeQuery.ALL));
        one.merge(other.changes(ChangeQuery.ALL));
    }

    private static void standAside(Replica replica) {
        try {
            replica.installer.standAside(replica.connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Change change(String table, String cid, String value, long colVersion) {
        Value val = cid.equals(Change.ROW) ? Value.NULL : Value.of(value);
        return new Change(table, List.of(Value.of("r")), cid, val, colVersion, 1, PEER, 1, 0);
    }

    private static List<QuarantinedChange> held(Replica replica) {
        return replica.inTransaction(() -> replica.engine.quarantine(replica.connection, 1000));
    }

    @Test
    void tablesAndColumnsInOtherSpellingsConverge() {
        Replica lower = replica("lower").run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note, size)");
        Replica upper = replica("upper").run("CREATE TABLE Item (ID TEXT PRIMARY KEY NOT NULL, NOTE, Size)");
        lower.install("item");
        upper.install("ITEM");
        lower.run("INSERT INTO item VALUES ('l', 'from lower', 1)");
        upper.run("INSERT INTO Item VALUES ('u', 'from upper', 2)");
        exchange(lower, upper);
        lower.run("UPDATE item SET note = 'edited' WHERE id = 'u'", "DELETE FROM item WHERE id = 'l'");
        upper.run("UPDATE Item SET Size = 3 WHERE id = 'u'");
        exchange(lower, upper);
        assertThat(lower.query("SELECT * FROM item"))
                .isEqualTo(upper.query("SELECT * FROM item"))
                .containsExactly("'u'|'edited'|3");
        assertThat(held(lower)).isEmpty();
        assertThat(held(upper)).isEmpty();
        // What is sent has the sender's own spelling.
        assertThat(upper.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .containsOnly("Item");
        assertThat(upper.query("SELECT DISTINCT \"table\", cid FROM crsql_changes WHERE cid <> '-1'"))
                .containsExactlyInAnyOrder("'Item'|'NOTE'", "'Item'|'Size'");
        assertThat(lower.merge(upper.changes(ChangeQuery.ALL)).report().applied())
                .isZero();
    }

    @Test
    void otherLettersAreOtherNames() {
        Replica here = replica("here")
                .run(
                        "CREATE TABLE \"étude\" (id TEXT PRIMARY KEY NOT NULL, v)",
                        "CREATE TABLE \"Étude\" (id TEXT PRIMARY KEY NOT NULL, \"é\", \"É\")")
                .install("étude", "Étude");
        Replica there = replica("there")
                .run(
                        "CREATE TABLE \"étude\" (id TEXT PRIMARY KEY NOT NULL, v)",
                        "CREATE TABLE \"Étude\" (id TEXT PRIMARY KEY NOT NULL, \"é\", \"É\")");
        there.inTransaction(() -> {
            TableSwitch.on(there.connection, "étude");
            TableSwitch.on(there.connection, "Étude");
            return true;
        });
        here.run("INSERT INTO \"étude\" VALUES ('r', 'small')", "INSERT INTO \"Étude\" VALUES ('r', 1, 2)");
        exchange(here, there);
        assertThat(there.query("SELECT v FROM \"étude\"")).containsExactly("'small'");
        assertThat(there.query("SELECT \"é\", \"É\" FROM \"Étude\"")).containsExactly("1|2");
        there.run("UPDATE \"Étude\" SET \"É\" = 3");
        exchange(here, there);
        assertThat(here.query("SELECT \"é\", \"É\" FROM \"Étude\"")).containsExactly("1|3");
        there.inTransaction(() -> {
            TableSwitch.off(there.connection, "Étude");
            return true;
        });
        assertThat(there.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .containsOnly("étude");
    }

    /** Two cells that a constraint names, and not one. */
    @Test
    void otherLettersAreOtherCellsToAConstraint() throws SQLException {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, \"é\", \"É\", a, CHECK (\"é\" < \"É\"),"
                        + " CHECK (a < 1 OR A > 2))")
                .install("item");
        TableShape shape = Objects.requireNonNull(TableShape.read(here.connection, "ITEM"));
        CrrTable table = Objects.requireNonNull(Catalogue.load(here.connection).get("Item"));
        assertThat(MultiCellConstraints.of(shape, table))
                .singleElement()
                .asString()
                .contains("é", "É");
    }

    @Test
    void aTableMadeAnewInAnotherSpellingGoesOn() {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note, size)")
                .install("item")
                .run("INSERT INTO item VALUES ('r', 'note', 1)", "UPDATE item SET note = 'twice' WHERE id = 'r'");
        List<String> before = here.query(
                "SELECT lower(\"table\"), hex(pk), lower(cid), val, col_version, db_version FROM crsql_changes");
        standAside(here);
        here.run(
                "CREATE TABLE new_item (ID TEXT PRIMARY KEY NOT NULL, NOTE, Size)",
                "INSERT INTO new_item SELECT * FROM item",
                "DROP TABLE item",
                "ALTER TABLE new_item RENAME TO Item");
        here.install("ITEM");
        assertThat(
                        here.query(
                                "SELECT lower(\"table\"), hex(pk), lower(cid), val, col_version, db_version FROM crsql_changes"))
                .isEqualTo(before);
        assertThat(here.query("SELECT name FROM crr_column WHERE dropped IS NULL ORDER BY ordinal"))
                .containsExactly("'NOTE'", "'Size'");
        here.run("UPDATE Item SET note = 'three times'");
        assertThat(here.query("SELECT \"table\", cid, col_version FROM crsql_changes WHERE cid = 'NOTE'"))
                .containsExactly("'Item'|'NOTE'|3");
    }

    @Test
    void aFormerNameIsKnownInEverySpelling() {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note)")
                .install("item");
        standAside(here);
        here.run("ALTER TABLE item RENAME COLUMN note TO remark");
        here.install("item");
        assertThat(here.merge(PEER, change("ITEM", "NOTE", "by the old name", 1))
                        .report()
                        .applied())
                .isEqualTo(1);
        assertThat(here.query("SELECT remark FROM item")).containsExactly("'by the old name'");
    }

    @Test
    void aColumnThatStaysHereIsNotListenedToInAnySpelling() throws SQLException {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, Note, secret)")
                .install("item");
        here.installer.install(here.connection, List.of(new TableSpec("ITEM", "Item", Set.of("SECRET", "note"))));
        here.merge(PEER, change("item", "-1", "", 1), change("Item", "Secret", "not wanted", 9));
        assertThat(here.query("SELECT secret FROM item")).doesNotContain("'not wanted'");
        assertThat(held(here)).isEmpty();
    }

    @Test
    void whatWasHeldIsAppliedWhenItsTableOrColumnComesInAnotherSpelling() {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note)")
                .install("item");
        here.merge(
                PEER,
                change("ITEM", "Size", "big", 1),
                change("BOX", "Colour", "old", 1),
                change("Box", "colour", "red", 2));
        assertThat(held(here)).hasSize(3);
        standAside(here);
        here.run("ALTER TABLE item ADD COLUMN size", "CREATE TABLE box (id TEXT PRIMARY KEY NOT NULL, COLOUR)");
        here.install("item", "box");
        assertThat(held(here)).isEmpty();
        assertThat(here.query("SELECT size FROM item")).containsExactly("'big'");
        assertThat(here.query("SELECT colour FROM box")).containsExactly("'red'");
    }

    @Test
    void constraintFaultsAreHeldOncePerCell() {
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note CHECK (note <> 'bad'))")
                .install("item")
                .run("INSERT INTO item VALUES ('r', 'good')");
        here.merge(PEER, change("item", "note", "bad", 2));
        here.merge(PEER, change("ITEM", "NOTE", "bad", 3));
        assertThat(held(here)).singleElement().satisfies(held -> {
            assertThat(held.change().table()).isEqualTo("item");
            assertThat(held.change().cid()).isEqualTo("note");
            assertThat(held.change().colVersion()).isEqualTo(3);
        });
        assertThat(here.inTransaction(() -> here.engine.clearQuarantine(here.connection, "Item")))
                .isEqualTo(1);
    }

    @Test
    void spellingsOfUnknownTablesCountLikeTables() {
        CrrEngine engine = new CrrEngine(100_000, 2);
        Replica here = replica("here")
                .run("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, note)")
                .install("item");
        Changeset many = new Changeset(
                PEER,
                null,
                0,
                0,
                null,
                null,
                false,
                List.of(change("BOX", "a", "1", 1), change("box", "a", "1", 1), change("Box", "a", "1", 1)));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> here.inTransaction(() -> {
                    try {
                        return engine.merge(here.connection, many);
                    } catch (QuarantineFullException full) {
                        throw new IllegalStateException(full);
                    }
                }))
                .withCauseInstanceOf(QuarantineFullException.class);
    }

    @Test
    void tablesAreAskedForInAnySpelling() {
        Replica here = replica("here")
                .run(
                        "CREATE TABLE Item (id TEXT PRIMARY KEY NOT NULL, note)",
                        "CREATE TABLE box (id TEXT PRIMARY KEY NOT NULL, note)")
                .install("item", "box")
                .run("INSERT INTO item VALUES ('r', 'x')", "INSERT INTO box VALUES ('r', 'x')");
        Changeset changeset = here.changes(ChangeQuery.ALL.onTables(List.of("ITEM", "item")));
        assertThat(changeset.changes()).extracting(Change::table).containsOnly("Item");
    }

    /** A policy that goes by exact names, as an application writes it. */
    private static final class Guard implements ChangePolicy {

        private final Predicate<Change> cells;

        Guard(Predicate<Change> cells) {
            this.cells = cells;
        }

        @Override
        public TableAccess reading(PeerIdentity peer, String table) {
            return table.equals("payroll") ? TableAccess.NONE : TableAccess.only(cells);
        }

        @Override
        public TableAccess writing(PeerIdentity peer, String table) {
            return table.equals("payroll") ? TableAccess.NONE : TableAccess.only(cells);
        }
    }

    private static MergeReport merge(Replica replica, Change... changes) {
        Guard guard = new Guard(change -> !change.cid().equals("salary"));
        Changeset changeset = new Changeset(PEER, null, 0, 0, null, null, false, List.of(changes));
        return replica.inTransaction(() -> {
            PeerRules rules = PeerRules.of(
                    guard,
                    PeerIdentity.caller(() -> "somebody", PEER),
                    replica.engine.tables(replica.connection).stream()
                            .map(ReplicatedTable::name)
                            .toList());
            return replica.engine.merge(replica.connection, changeset, rules).report();
        });
    }

    @Test
    void noSpellingGetsAroundAPolicy() {
        Replica here = replica("here")
                .run(
                        "CREATE TABLE payroll (id TEXT PRIMARY KEY NOT NULL, note)",
                        "CREATE TABLE staff (id TEXT PRIMARY KEY NOT NULL, name, salary)")
                .install("payroll", "staff")
                .run("INSERT INTO payroll VALUES ('r', 'ours')", "INSERT INTO staff VALUES ('r', 'ours', 'ours')");
        assertThat(merge(
                                here,
                                change("PAYROLL", "NOTE", "theirs", 9),
                                change("STAFF", "SALARY", "theirs", 9),
                                change("staff", "Salary", "theirs", 9),
                                change("Staff", "Name", "theirs", 9))
                        .applied())
                .isEqualTo(1);
        assertThat(here.query("SELECT note FROM payroll")).containsExactly("'ours'");
        assertThat(here.query("SELECT name, salary FROM staff")).containsExactly("'theirs'|'ours'");

        PeerRules reading = PeerRules.of(
                new Guard(change -> true), PeerIdentity.caller(() -> "somebody", PEER), List.of("payroll", "staff"));
        assertThat(reading.reading("PayRoll")).isEqualTo(TableAccess.NONE);
        assertThat(reading.writing("PAYROLL")).isEqualTo(TableAccess.NONE);
    }

    /** It was asked about a name as it came, and the table or column that comes later is called otherwise. */
    @Test
    void noSpellingGetsAroundAPolicyByWaiting() {
        Replica here = replica("here")
                .run("CREATE TABLE staff (id TEXT PRIMARY KEY NOT NULL, name)")
                .install("staff")
                .run("INSERT INTO staff VALUES ('r', 'ours')");
        merge(
                here,
                change("PAYROLL", "note", "theirs", 9),
                change("staff", "SALARY", "theirs", 9),
                change("staff", "phone", "theirs", 9),
                change("garage", "place", "theirs", 1));
        standAside(here);
        here.run(
                "CREATE TABLE payroll (id TEXT PRIMARY KEY NOT NULL, note)",
                "CREATE TABLE garage (id TEXT PRIMARY KEY NOT NULL, place)",
                "ALTER TABLE staff ADD COLUMN salary",
                "ALTER TABLE staff ADD COLUMN phone");
        here.install("payroll", "staff", "garage");
        here.merge(PEER, change("payroll", "-1", "", 1), change("staff", "name", "news", 9));
        assertThat(here.query("SELECT note FROM payroll")).doesNotContain("'theirs'");
        assertThat(here.query("SELECT salary, phone FROM staff")).containsExactly("NULL|'theirs'");
        assertThat(here.query("SELECT place FROM garage")).containsExactly("'theirs'");
        here.inTransaction(() -> here.engine.retryQuarantine(here.connection));
        assertThat(here.query("SELECT note FROM payroll")).doesNotContain("'theirs'");
        assertThat(here.query("SELECT salary FROM staff")).containsExactly("NULL");
        assertThat(held(here)).extracting(QuarantinedChange::retried).containsOnly(false);
    }
}
