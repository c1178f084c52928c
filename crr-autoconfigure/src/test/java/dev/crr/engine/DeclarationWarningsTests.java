package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table declares that cells which are merged one by one cannot keep. */
class DeclarationWarningsTests {

    @TempDir
    Path folder;

    private static CrrTable install(Replica replica, String ddl) throws Exception {
        replica.run(ddl).install("foo");
        return Catalogue.load(replica.connection).values().iterator().next();
    }

    private List<String> constraints(String columns) throws Exception {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            CrrTable table = install(replica, "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, " + columns + "\n)");
            return MultiCellConstraints.of(TableShape.read(replica.connection, "foo"), table);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "lo, hi, CHECK (lo <= hi)",
                "lo, hi CHECK (hi >= \"LO\")",
                "lo, hi, CONSTRAINT c CHECK (abs([lo]) /* (x */ <= `hi`)",
                "lo, hi, CHECK (lo IS NULL OR (hi) IS NULL) -- a comment, with a ) in it",
                "lo, hi, gap AS (hi - lo) CHECK (gap > 0)",
                "lo, hi, gap GENERATED ALWAYS AS (hi - lo) STORED NOT NULL"
            })
    void aConstraintOnTwoCellsIsTold(String columns) throws Exception {
        assertThat(constraints(columns)).singleElement().asString().endsWith(" on hi and lo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "lo, hi CHECK (hi > 0), CHECK (lo IN (1, 2))",
                "lo CHECK (lo <> id)",
                "lo, hi, CHECK (lo <> 'hi')",
                "lo, hi DEFAULT 'CHECK (lo = hi)'",
                "length, hi, CHECK (length(hi) < 5)",
                "nocase, hi, CHECK (hi COLLATE nocase <> 'a' AND CAST(hi AS nocase) <> 1)",
                "lo, hi, gap AS (hi - lo)",
                "lo, hi, twice AS (2 * lo) CHECK (twice > 0)"
            })
    void oneOnASingleCellIsNot(String columns) throws Exception {
        assertThat(constraints(columns)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(random())",
                "CURRENT_TIMESTAMP",
                "current_date",
                "(randomblob(16))",
                "(lower(hex(randomblob(16))))",
                "(datetime('now'))",
                "(strftime('%s', 'now') * 1000)",
                "(unixepoch())",
                "(julianday())",
                "(date('2020-01-01', 'localtime'))",
                "(changes())",
                "(coalesce(NULL, abs(random())))"
            })
    void aDefaultThatIsAnotherOneEveryTimeIsTold(String expression) throws Exception {
        assertThat(volatileDefaults(expression)).containsExactly("v");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "'now'",
                "(1 + 2)",
                "('a' || 'b')",
                "(datetime('2020-01-01', '+1 day'))",
                "(lower('RANDOM()'))",
                "(abs(-9223372036854775808))",
                "NULL",
                "x'00'"
            })
    void aConstantOneIsNot(String expression) throws Exception {
        assertThat(volatileDefaults(expression)).isEmpty();
    }

    private List<String> volatileDefaults(String expression) throws Exception {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            CrrTable table = install(
                    replica,
                    "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL DEFAULT (hex(randomblob(16))), v DEFAULT "
                            + expression + ")");
            return VolatileDefaults.of(replica.connection, table).stream()
                    .map(CrrTable.Column::name)
                    .toList();
        }
    }

    @Test
    void nothingIsLeftOfTheLook() throws Exception {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            install(replica, "CREATE TABLE foo (id TEXT PRIMARY KEY NOT NULL, v DEFAULT (random()))");
            assertThat(replica.query("SELECT name FROM temp.sqlite_master")).isEmpty();
        }
    }
}
