package dev.crr.engine;

import static dev.crr.engine.MergeTests.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.MergedKeys;
import dev.crr.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows a merge says it changed. */
class MergedRowsTests {

    @TempDir
    Path folder;

    private static Change change(String table, long key, long cl) {
        return new Change(table, List.of(Value.of(key)), Change.ROW, Value.NULL, cl, 1, A, cl, 0);
    }

    @Test
    void ofATableWithTooManyNoneAreKept() {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            replica.run(
                            "CREATE TABLE few (id INTEGER PRIMARY KEY NOT NULL)",
                            "CREATE TABLE fit (id INTEGER PRIMARY KEY NOT NULL)",
                            "CREATE TABLE many (id INTEGER PRIMARY KEY NOT NULL)")
                    .install("few", "fit", "many");
            List<Change> changes = new ArrayList<>(List.of(change("few", 1, 1)));
            for (int key = 0; key < MergeTally.MAX_KEYS; key++) {
                changes.add(change("many", key, 1));
            }
            changes.add(change("fit", 1, 2)); // a deletion of what was never here
            CrrEngine.Merge merge = replica.merge(new Changeset(A, null, 0, 0, null, null, false, changes));
            assertThat(merge.rows()).containsOnlyKeys("few", "fit", "many");
            assertThat(merge.rows().get("few"))
                    .isEqualTo(new MergedRows(List.of("id"), List.of(List.of(Value.of(1))), true, false));
            assertThat(merge.rows().get("fit"))
                    .isEqualTo(new MergedRows(List.of("id"), List.of(List.of(Value.of(1))), true, false));
            assertThat(merge.rows().get("many")).isEqualTo(new MergedRows(List.of("id"), List.of(), false, false));
            assertThat(replica.query("SELECT count(*) FROM many")).containsExactly("" + MergeTally.MAX_KEYS);
            assertThat(replica.merge(new Changeset(A, null, 0, 0, null, null, false, changes))
                            .rows())
                    .isEmpty();
        }
    }

    @Test
    void aRowWrittenCellByCellIsNamedOnce() {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            replica.run(
                            "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, a, b, c CHECK (c <> 'bad'))",
                            "CREATE TRIGGER own AFTER INSERT ON t BEGIN SELECT 1; END")
                    .install("t")
                    .run("INSERT INTO t VALUES (1, 1, 1, 1)");
            CrrEngine.Merge merge = replica.merge(A, cell("a", "2"), cell("b", "2"), cell("c", "bad"));
            assertThat(merge.rows().get("t"))
                    .isEqualTo(new MergedRows(List.of("id"), List.of(List.of(Value.of(1))), true, true));
            assertThat(merge.report().quarantined()).isEqualTo(1);
        }
    }

    private static Change cell(String column, String value) {
        return new Change("t", List.of(Value.of(1)), column, Value.of(value), 2, 1, A, 1, 0);
    }

    @Test
    void identifiersComeFromKeysOfOneColumnOnly() {
        MergedKeys keys = new MergedKeys(List.of("a", "b"), List.of(List.of(1L, "x")), true);
        assertThatThrownBy(() -> keys.ids(Long.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[a, b]");
    }
}
