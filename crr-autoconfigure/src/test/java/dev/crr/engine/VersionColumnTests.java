package dev.crr.engine;

import static dev.crr.engine.MergeTests.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that count the edits of a row for optimistic locking. */
class VersionColumnTests {

    private static final TableSpec DOC = new TableSpec("doc", "Doc", Set.of(), Set.of(ofDoc("id", Long.MAX_VALUE)));

    @TempDir
    Path folder;

    private Replica replica;
    private Replica other;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        other = new Replica(folder.resolve("b.db"));
        for (Replica each : List.of(replica, other)) {
            each.run(
                    "CREATE TABLE doc (id TEXT PRIMARY KEY NOT NULL, title TEXT, text TEXT, Ver BIGINT NOT NULL)",
                    "CREATE TABLE doc_tag (doc_id TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, doc_id))");
        }
    }

    @AfterEach
    void close() {
        replica.close();
        other.close();
    }

    private static VersionColumn ofDoc(String key, long max) {
        return new VersionColumn("DOC", "VER", max, Map.of(key, "ID"));
    }

    private static void install(Replica replica, TableSpec... tables) {
        try {
            replica.installer.install(replica.connection, List.of(tables));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Change change(String cid, Value value, long colVersion, long cl) {
        return new Change("doc", List.of(Value.of("1")), cid, value, colVersion, 1, A, cl, 0);
    }

    private void merge(Change... changes) {
        replica.merge(A, changes);
    }

    private String version() {
        return String.join(" ", replica.query("SELECT ver FROM doc"));
    }

    @Test
    void isNeitherSentNorTracked() {
        install(replica, DOC);
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 5)", "UPDATE doc SET ver = 6", "UPDATE doc SET ver = 'x'");
        assertThat(replica.query("SELECT cid, col_version FROM crsql_changes"))
                .containsExactly("'title'|1", "'text'|1");
        assertThat(replica.changes(ChangeQuery.ALL).changes())
                .extracting(Change::cid)
                .containsExactly("title", "text");
    }

    @Test
    void countsEveryMergeThatWins() {
        install(replica, DOC);
        merge(change("title", Value.of("a"), 1, 1), change("text", Value.of("b"), 1, 1));
        assertThat(version()).isEqualTo("0");
        merge(change("title", Value.of("c"), 2, 1), change("text", Value.of("d"), 2, 1));
        assertThat(version()).isEqualTo("1");
        merge(change("title", Value.of("b"), 2, 1), change("text", Value.of("z"), 1, 1));
        assertThat(version()).as("losers do not count").isEqualTo("1");
        merge(change("-1", Value.NULL, 3, 3), change("title", Value.of("e"), 1, 3));
        assertThat(version()).as("another life in place of this one").isEqualTo("2");
        merge(change("-1", Value.NULL, 4, 4));
        merge(change("-1", Value.NULL, 5, 5), change("title", Value.of("f"), 1, 5));
        assertThat(version()).isEqualTo("0");
        replica.run("UPDATE doc SET title = 'local', ver = 1 WHERE ver = 0");
        assertThat(replica.query("SELECT cid, col_version FROM crsql_changes WHERE cid = 'title'"))
                .containsExactly("'title'|2");
    }

    @Test
    void beginsAgainPastTheLargestNumber() {
        install(replica, new TableSpec("doc", "Doc", Set.of(), Set.of(ofDoc("id", Short.MAX_VALUE))));
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 32766)");
        merge(change("title", Value.of("c"), 2, 1));
        assertThat(version()).isEqualTo("32767");
        merge(change("title", Value.of("c"), 3, 1));
        assertThat(version()).isEqualTo("0");
    }

    @Test
    void countsCellByCellWhereARowIsMergedCarefully() {
        replica.run("CREATE TRIGGER strict BEFORE UPDATE OF text ON doc WHEN NEW.text = 'bad'"
                + " BEGIN SELECT RAISE(ABORT, 'bad'); END");
        install(replica, DOC);
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 3)");
        merge(change("title", Value.of("c"), 2, 1), change("text", Value.of("bad"), 2, 1));
        assertThat(replica.query("SELECT title, text, ver FROM doc")).containsExactly("'c'|'b'|4");
        assertThat(replica.query("SELECT cid FROM crr_quarantine")).containsExactly("'text'");
    }

    @Test
    void ignoresTheColumnOfAPeerThatStillSendsIt() {
        install(replica, DOC);
        other.install("doc").run("INSERT INTO doc VALUES ('1', 'a', 'b', 41)");
        replica.merge(other.changes(ChangeQuery.ALL));
        assertThat(replica.query("SELECT title, ver FROM doc")).containsExactly("'a'|0");
        other.run("UPDATE doc SET ver = 42");
        CrrEngine.Merge merge = replica.merge(other.changes(ChangeQuery.since(1)));
        assertThat(merge.report().ignored()).isEqualTo(1);
        assertThat(merge.report().applied()).isZero();
        assertThat(version()).isEqualTo("0");
        other.run("UPDATE doc SET text = 'c', ver = 43");
        replica.merge(other.changes(ChangeQuery.since(2)));
        assertThat(replica.query("SELECT text, ver FROM doc")).containsExactly("'c'|1");
        assertThat(replica.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
    }

    @Test
    void aFileThatReplicatedTheColumnLetsItsHistoryRest() throws SQLException {
        replica.install("doc").run("INSERT INTO doc VALUES ('1', 'a', 'b', 0)", "UPDATE doc SET title = 'c', ver = 1");
        replica.run("DROP TABLE crr_version_column"); // as before there was one
        replica.installer.standAside(replica.connection);
        install(replica, DOC);
        assertThat(replica.query("SELECT cid, col_version FROM crsql_changes ORDER BY cid"))
                .containsExactly("'text'|1", "'title'|2");
        merge(change("text", Value.of("d"), 2, 1));
        assertThat(version()).isEqualTo("2");
        install(other, DOC);
        other.merge(replica.changes(ChangeQuery.ALL));
        assertThat(other.query("SELECT * FROM doc")).containsExactly("'1'|'c'|'d'|0");
        // A column that replicates again goes on with its history: its return counts as an edit.
        replica.install("doc").run("UPDATE doc SET ver = 9");
        assertThat(replica.query("SELECT cid, col_version FROM crsql_changes WHERE cid = 'Ver'"))
                .containsExactly("'Ver'|4");
    }

    @Test
    void aTableNotAskedForNowKeepsItsVersion() {
        install(replica, DOC);
        replica.run("CREATE TABLE late (id TEXT PRIMARY KEY NOT NULL)").install("late");
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 3)");
        merge(change("title", Value.of("c"), 2, 1));
        assertThat(version()).isEqualTo("4");
    }

    @Test
    void aFileIsForgottenWithAllOfIt() throws SQLException {
        install(replica, DOC);
        replica.installer.forget(replica.connection);
        assertThat(replica.query("SELECT name FROM sqlite_master WHERE name LIKE 'crr%'"))
                .isEmpty();
    }

    @Test
    void rowsOfAnOwnerCountInItsRow() {
        TableSpec tags = new TableSpec("doc_tag", "Doc", Set.of(), Set.of(ofDoc("DOC_ID", Long.MAX_VALUE)));
        for (Replica each : List.of(replica, other)) {
            install(each, DOC, tags);
        }
        other.run("INSERT INTO doc_tag VALUES ('1', 'x'), ('1', 'y'), ('2', 'x')");
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 3), ('3', 'a', 'b', 3)");
        replica.merge(other.changes(ChangeQuery.ALL));
        assertThat(replica.query("SELECT id, ver FROM doc")).containsExactly("'1'|4", "'3'|3");
        other.run("DELETE FROM doc_tag WHERE tag = 'y'");
        replica.merge(other.changes(ChangeQuery.since(3)));
        assertThat(version()).isEqualTo("5 3");
        replica.merge(other.changes(ChangeQuery.ALL));
        assertThat(version()).isEqualTo("5 3");
        assertThat(replica.query("SELECT * FROM doc_tag ORDER BY 1")).containsExactly("'1'|'x'", "'2'|'x'");
        assertThat(replica.query("SELECT DISTINCT \"table\", col_version FROM crsql_changes WHERE site_id ="
                        + " (SELECT site_id FROM crr_site WHERE ordinal = 0)"))
                .as("counting is no edit")
                .containsExactly("'doc'|1");
    }

    @Test
    void whatAnOwnersTriggersDoWhenItCountsIsTracked() {
        TableSpec tags = new TableSpec("doc_tag", "Doc", Set.of(), Set.of(ofDoc("doc_id", Long.MAX_VALUE)));
        for (Replica each : List.of(replica, other)) {
            install(each, DOC, tags);
        }
        replica.run(
                "CREATE TRIGGER heedless AFTER UPDATE ON doc BEGIN INSERT INTO doc_tag VALUES (NEW.id, 'own'); END",
                "CREATE TRIGGER heedful AFTER UPDATE ON doc WHEN (SELECT merging FROM crr_state) IS NULL"
                        + " BEGIN INSERT INTO doc_tag VALUES (NEW.id, 'never'); END",
                "INSERT INTO doc VALUES ('1', 'a', 'b', 3)");
        other.run("INSERT INTO doc_tag VALUES ('1', 'x')");
        CrrEngine.Merge merge = replica.merge(other.changes(ChangeQuery.ALL));
        assertThat(merge.rows().values()).extracting(MergedRows::triggers).containsExactly(true);
        assertThat(replica.query("SELECT tag FROM doc_tag ORDER BY 1")).containsExactly("'own'", "'x'");
        assertThat(replica.query("SELECT merging FROM crr_state")).containsExactly("NULL");
        other.merge(replica.changes(ChangeQuery.ALL));
        assertThat(other.query("SELECT tag FROM doc_tag ORDER BY 1")).containsExactly("'own'", "'x'");
    }

    @Test
    void anOwnerThatTheKeyDoesNotTellIsLeftAlone() {
        replica.run("CREATE TABLE odd (id TEXT PRIMARY KEY NOT NULL, doc_id TEXT)");
        List<TableSpec> specs = new ArrayList<>(List.of(DOC));
        specs.add(new TableSpec("odd", "Doc", Set.of(), Set.of(ofDoc("doc_id", Long.MAX_VALUE))));
        install(replica, specs.toArray(TableSpec[]::new));
        replica.run("INSERT INTO doc VALUES ('1', 'a', 'b', 3)");
        merge(new Change("odd", List.of(Value.of("o")), "doc_id", Value.of("1"), 1, 1, A, 1, 0));
        assertThat(replica.query("SELECT * FROM odd")).containsExactly("'o'|'1'");
        assertThat(version()).isEqualTo("3");
    }
}
