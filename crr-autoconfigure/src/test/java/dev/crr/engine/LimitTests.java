package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.ChangeQuery;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas beyond the usual size, which meet SQLite's limits on a statement. */
class LimitTests {

    @TempDir
    Path folder;

    Replica a;
    Replica b;

    @BeforeEach
    void open() {
        a = new Replica(folder.resolve("a.db"));
        b = new Replica(folder.resolve("b.db"));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static String list(int count, String prefix, String suffix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i + suffix).collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @ValueSource(ints = {499, 501, 1001, 1899})
    void aWideTableIsTrackedAndMerged(int columns) {
        String sql = "CREATE TABLE wide (k TEXT PRIMARY KEY NOT NULL, " + list(columns, "c", "") + ")";
        a.run(sql).install("wide");
        b.run(sql).install("wide");
        String last = "c" + (columns - 1);
        a.run("INSERT INTO wide (k, c0) VALUES (1, 2)", "UPDATE wide SET c1 = 3, " + last + " = 4");
        assertThat(a.query("SELECT cid, val FROM crsql_changes WHERE col_version = 2"))
                .containsExactly("'c1'|3", "'" + last + "'|4");
        b.merge(a.changes(ChangeQuery.ALL));
        b.run("UPDATE wide SET " + last + " = 5");
        a.merge(b.changes(ChangeQuery.ALL));
        assertThat(a.query("SELECT c0, c1, " + last + " FROM wide")).containsExactly("2|3|5");
    }

    @Test
    void aTableTooWideIsRefused() {
        a.run("CREATE TABLE wide (k TEXT PRIMARY KEY NOT NULL, " + list(1900, "c", "") + ")");
        assertThatThrownBy(() -> a.install("wide"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("1901 columns");
    }

    @Test
    void aKeyOfManyColumnsIsMergedInGroupsOfRows() {
        String sql =
                "CREATE TABLE keys (" + list(64, "k", " NOT NULL") + ", v, PRIMARY KEY (" + list(64, "k", "") + "))";
        a.run(sql).install("keys");
        b.run(sql).install("keys");
        a.run("WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 600) INSERT INTO keys SELECT "
                + list(64, "i + ", "") + ", 5 FROM s");
        b.merge(a.changes(ChangeQuery.ALL));
        assertThat(b.query("SELECT count(*) FROM keys")).containsExactly("600");
        assertThat(b.query("SELECT count(DISTINCT pk) FROM crsql_changes")).containsExactly("600");
    }

    @Test
    void aKeyOfTooManyColumnsIsRefused() {
        a.run("CREATE TABLE keys (" + list(65, "k", " NOT NULL") + ", PRIMARY KEY (" + list(65, "k", "") + "))");
        assertThatThrownBy(() -> a.install("keys"))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("65 columns");
    }

    @ParameterizedTest
    @CsvSource({"170, 'k BLOB PRIMARY KEY NOT NULL, v', 010B0131", "410, k INTEGER PRIMARY KEY NOT NULL, 010901"})
    void manyTablesFitIntoTheView(int count, String columns, String key) {
        String[] tables = tables(count, columns);
        a.install(tables);
        a.run("INSERT INTO t1 (k) VALUES ('1')", "INSERT INTO t" + (count - 1) + " (k) VALUES ('1')");
        assertThat(a.query("SELECT \"table\", hex(pk) FROM crsql_changes WHERE db_version > 1"))
                .containsExactly("'t" + (count - 1) + "'|'" + key + "'");
        assertThat(a.query("EXPLAIN QUERY PLAN SELECT * FROM crsql_changes WHERE db_version > 1"))
                .as("no clocks are scanned from end to end")
                .noneMatch(step -> step.contains("SCAN r") || step.contains("SCAN x") || step.contains("SCAN t"));
        assertThat(a.changes(ChangeQuery.ALL).changes()).hasSize(2);
    }

    @Test
    void moreTablesThanTheViewCanHoldAreRefused() {
        String[] tables = tables(250, "x BLOB NOT NULL, y BLOB NOT NULL, v, PRIMARY KEY (x, y)");
        assertThatThrownBy(() -> a.install(tables))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("250 tables")
                .hasMessageContaining("limit_sql_length");
    }

    private String[] tables(int count, String columns) {
        String[] tables = IntStream.range(0, count).mapToObj(i -> "t" + i).toArray(String[]::new);
        a.run("BEGIN");
        for (String table : tables) {
            a.run("CREATE TABLE " + table + " (" + columns + ")");
        }
        a.run("COMMIT");
        return tables;
    }
}
