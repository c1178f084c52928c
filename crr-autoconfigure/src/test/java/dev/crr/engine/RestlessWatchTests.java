package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.RestlessTriggers;
import dev.crr.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges that make edits again and again, and those that do so with good reason. */
class RestlessWatchTests {

    private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, m1, m2)";

    /** Each row makes the next one change, and the last the first. */
    private static final String RING =
            "CREATE TRIGGER ring AFTER UPDATE ON t BEGIN UPDATE t SET m1 = hex(randomblob(8))"
                    + " WHERE id = CASE NEW.id WHEN 'a' THEN 'b' WHEN 'b' THEN 'c' ELSE 'a' END; END";

    @TempDir
    Path folder;

    private Replica one;
    private Replica other;
    private long toOne;
    private long toOther;

    @BeforeEach
    void open() {
        one = new Replica(folder.resolve("one.db"));
        other = new Replica(folder.resolve("other.db"));
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    private void start(String triggerHere, String triggerThere) {
        one.run(TABLE, triggerHere).install("t");
        other.run(TABLE, triggerThere).install("t");
        one.run("INSERT INTO t (id) VALUES ('a'), ('b'), ('c')");
        exchange(3);
    }

    private long exchange(int rounds) {
        long last = 0;
        for (int round = 0; round < rounds; round++) {
            Changeset there = one.changes(ChangeQuery.since(toOther).excluding(other.siteId()));
            last = other.merge(there).report().applied();
            toOther = there.version();
            Changeset back = other.changes(ChangeQuery.since(toOne).excluding(one.siteId()));
            last += one.merge(back).report().applied();
            toOne = back.version();
        }
        return last;
    }

    @Test
    void triggersThatAnswerEachOtherForEver() {
        start(RING, RING);
        one.run("UPDATE t SET v = 1 WHERE id = 'a'");
        exchange(50);
        assertThat(one.engine.restless()).isNull();
        assertThat(exchange(60)).isPositive();
        RestlessTriggers restless = Objects.requireNonNull(one.engine.restless());
        assertThat(restless.tables()).containsExactly("t");
        assertThat(restless.triggers()).containsExactly("ring");
        assertThat(restless.merges()).isGreaterThanOrEqualTo(100);
        assertThat(other.engine.restless()).isNotNull();

        one.run("DROP TRIGGER ring");
        other.run("DROP TRIGGER ring");
        exchange(2);
        one.run("UPDATE t SET v = 2 WHERE id = 'a'");
        assertThat(exchange(3)).isZero();
        assertThat(one.engine.restless()).isNull();
        assertThat(other.engine.restless()).isNull();
    }

    @Test
    void differentTriggersOnEachSide() {
        start(
                "CREATE TRIGGER u1 AFTER UPDATE ON t BEGIN UPDATE t SET m1 = hex(randomblob(8)) WHERE id = NEW.id; END",
                "CREATE TRIGGER u2 AFTER UPDATE ON t BEGIN UPDATE t SET m2 = hex(randomblob(8)) WHERE id = NEW.id; END");
        one.run("UPDATE t SET v = 1 WHERE id = 'a'");
        assertThat(exchange(110)).isPositive();
        assertThat(one.engine.restless()).isNull();
    }

    @Test
    void theSameRowAgainAndAgain() {
        RestlessWatch watch = new RestlessWatch();
        RestlessWatch.Row row = new RestlessWatch.Row("t", List.of(Value.of("a")));
        RestlessWatch.Row once = new RestlessWatch.Row("t", List.of(Value.of("b")));
        SortedMap<String, List<String>> triggers = new TreeMap<>(Map.of("t", List.of("u1")));
        for (int i = 0; i < 999; i++) {
            Set<RestlessWatch.Row> rows = i == 500 ? Set.of(row, once) : Set.of(row);
            watch.note(new RestlessWatch.Trace(i, i + 1, true, true, rows, triggers));
        }
        assertThat(watch.current()).isNull();
        watch.note(new RestlessWatch.Trace(999, 1000, true, true, Set.of(row), triggers));
        assertThat(watch.current()).isEqualTo(new RestlessTriggers(List.of("t"), List.of("u1"), 1000));
        watch.note(new RestlessWatch.Trace(1000, 1001, true, true, Set.of(once), triggers));
        assertThat(watch.current()).isNull();
    }

    @Test
    void writersElsewhereAreNoReason() {
        start(
                "CREATE TRIGGER u1 AFTER UPDATE OF v ON t BEGIN UPDATE t SET m1 = NEW.v WHERE id = NEW.id; END",
                "CREATE TRIGGER none AFTER DELETE ON t BEGIN SELECT 1; END");
        for (int i = 0; i < 300; i++) {
            other.run("UPDATE t SET v = " + i + " WHERE id = " + (i % 2 == 0 ? "'a'" : "'b'"));
            exchange(1);
        }
        exchange(2);
        assertThat(one.query("SELECT m1 FROM t WHERE id = 'b'")).containsExactly("299");
        assertThat(one.engine.restless()).isNull();
        assertThat(other.engine.restless()).isNull();
    }

    @Test
    void writersHereAreNoReason() {
        start(RING, RING);
        for (int i = 0; i < 120; i++) {
            one.run("UPDATE t SET v = " + i + " WHERE id = 'a'");
            exchange(1);
        }
        assertThat(one.engine.restless()).isNull();
        assertThat(other.engine.restless()).isNull();
    }
}
