package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Locale;

/** What tracking and merging cost on one table. The contenders take turns; what each leaves behind is compared after it. */
final class TableBenchmark {

    private final Path folder;
    private final int count;
    private final Rows rows;
    private final Results results;

    TableBenchmark(Path folder, int count, Results results) {
        this.folder = folder;
        this.count = count;
        this.rows = new Rows(count);
        this.results = results;
    }

    void run(List<Contender> contenders, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            long[] expected = null;
            for (Contender contender : contenders) {
                long[] contents = round(contender, round);
                expected = expected == null ? contents : expected;
                assertThat(contents).as(contender.name()).isEqualTo(expected);
            }
        }
        report();
    }

    private Connection open(Contender contender, String name) throws Exception {
        Connection connection = Contender.open(folder.resolve(name + ".db"), contender instanceof Contender.CrSqlite);
        Contender.run(connection, Rows.TABLE);
        contender.install(connection);
        return connection;
    }

    /** Does everything once and returns checksums of the table on the way. */
    private long[] round(Contender contender, int round) throws Exception {
        String name = contender.name().replace(' ', '-') + round;
        boolean tracks = !(contender instanceof Contender.Plain);
        try (Connection single = open(contender, name + "-single")) {
            int few = Math.max(1, count / 50);
            results.time("single", contender, () -> rows.insertOneByOne(single, few));
            assertThat(Contender.number(single, "SELECT count(*) FROM t")).isEqualTo(few);
            contender.close(single);
        }
        Connection here = open(contender, name);
        Connection there = open(contender, name + "-replica");
        try {
            results.time("insert", contender, () -> rows.insert(here));
            long inserted = Rows.contents(here);
            checkpoint(here);
            results.add("size", contender, size(here));
            results.time("read", contender, () -> rows.read(here));
            long version = contender.version(here);
            if (tracks) {
                results.time(
                        "changes",
                        contender,
                        () -> assertThat(contender.readAll(here, 0)).isEqualTo((long) count * Rows.COLUMNS));
                merge("merge", contender, here, there, 0, false);
                merge("again", contender, here, there, 0, false);
                mergeInPieces(contender, here, name);
            } else {
                insertInPieces(contender, name);
                writeClocksByHand(contender, name);
            }
            deleteUnedited(contender, name);
            results.time("update", contender, () -> rows.updateOneColumn(here));
            long updated = Rows.contents(here);
            checkpoint(here);
            if (tracks) {
                results.time(
                        "edits",
                        contender,
                        () -> assertThat(contender.readAll(here, version)).isEqualTo(count));
                merge("mergeUpdates", contender, here, there, version, false);
            }
            results.time("updateAll", contender, () -> rows.updateAllColumns(here));
            long updatedAll = Rows.contents(here);
            checkpoint(here);
            results.time("set", contender, () -> Contender.run(here, "UPDATE t SET c = c || '!'"));
            checkpoint(here);
            delete("deleteEdited", contender, here);
            return new long[] {inserted, updated, updatedAll};
        } finally {
            contender.close(here);
            contender.close(there);
        }
    }

    private void merge(
            String measure, Contender contender, Connection here, Connection there, long since, boolean pieces)
            throws Exception {
        results.add(measure, contender, contender.merge(here, there, since, pieces));
        assertThat(Rows.contents(there)).isEqualTo(Rows.contents(here));
        checkpoint(there);
    }

    private void mergeInPieces(Contender contender, Connection here, String name) throws Exception {
        Connection there = open(contender, name + "-pieces");
        merge("mergePieces", contender, here, there, 0, true);
        contender.close(there);
    }

    /** In transactions as large as a piece. */
    private void insertInPieces(Contender contender, String name) throws Exception {
        try (Connection connection = open(contender, name + "-pieces")) {
            results.time("mergePieces", contender, () -> rows.insert(connection, Contender.PIECE / Rows.COLUMNS));
        }
    }

    /** What tracking costs at the least: no trigger, no version given out, only the rows and their clocks. */
    private void writeClocksByHand(Contender contender, String name) throws Exception {
        try (Connection connection = open(contender, name + "-by-hand")) {
            for (String table : Rows.CLOCKS) {
                Contender.run(connection, table);
            }
            byHand("insert", contender, connection, () -> rows.insert(connection), () -> rows.insertClocks(connection));
            byHand(
                    "update",
                    contender,
                    connection,
                    () -> rows.updateOneColumn(connection),
                    () -> rows.editClocks(connection));
            Contender.run(connection, "DELETE FROM cell_clock");
            byHand("delete", contender, connection, () -> rows.delete(connection), () -> rows.moveClocks(connection));
            assertThat(Contender.number(connection, "SELECT count(*) FROM row_clock WHERE cl = 2"))
                    .isEqualTo(count);
        }
    }

    private void byHand(
            String measure, Contender contender, Connection connection, Results.Work write, Results.Work track)
            throws Exception {
        results.time(measure + "ByHand", contender, () -> {
            write.run();
            track.run();
        });
        checkpoint(connection);
    }

    private void deleteUnedited(Contender contender, String name) throws Exception {
        Connection connection = open(contender, name + "-delete");
        rows.insert(connection);
        checkpoint(connection);
        delete("delete", contender, connection);
        contender.close(connection);
    }

    private void delete(String measure, Contender contender, Connection connection) throws Exception {
        results.time(measure, contender, () -> rows.delete(connection));
        assertThat(Contender.number(connection, "SELECT count(*) FROM t")).isZero();
    }

    private static void checkpoint(Connection connection) throws Exception {
        Contender.run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static double size(Connection connection) throws Exception {
        return Contender.number(connection, "PRAGMA page_count")
                * (double) Contender.number(connection, "PRAGMA page_size");
    }

    private void report() {
        double cells = (double) count * Rows.COLUMNS;
        results.ratio(count + " inserts in one transaction", "≤ 3×", "insert", "insert");
        results.byHand("the same and a clock each, by hand", "insertByHand", "insert");
        results.ratio("a transaction per row", "≤ 1.3×", "single", "single");
        results.ratio("update one column of every row, by key", "≤ 2.5×", "update", "update");
        results.byHand("the same and a clock each, by hand", "updateByHand", "update");
        results.ratio("update all columns, one changed, by key", "≤ 3×", "updateAll", "updateAll");
        results.ratio("update one column of all rows in one statement", "", "set", "set");
        results.ratio("delete every row, by key", "≤ 3×", "delete", "delete");
        results.byHand("the same and a clock each, by hand", "deleteByHand", "delete");
        results.ratio("delete every row, each edited in three columns before", "", "deleteEdited", "deleteEdited");
        results.ratio("reads, by key and in a scan", "1×", "read", "read");
        results.speed("read all changes (cells)", "≥ 1.2 M/s", "changes", cells);
        results.speed("read one edited cell of every row", "", "edits", count);
        results.ratio("merge all rows into an empty replica, against the inserts", "≤ 4×", "merge", "insert");
        results.ratio("the same in transactions of " + Contender.PIECE + " cells", "", "mergePieces", "mergePieces");
        results.speed("merge the same again (cells)", "≥ 1.2 M/s", "again", cells);
        results.ratio("merge one edited cell of every row, against the updates", "≤ 3×", "mergeUpdates", "update");
        double plain = results.median("size", "plain SQLite");
        results.line(
                "file size after the inserts",
                "≤ 1.6×",
                String.format(Locale.ROOT, "%.0f bytes a row", plain / count),
                size("crr", plain),
                size("cr-sqlite", plain));
    }

    private String size(String contender, double plain) {
        double size = results.median("size", contender);
        return Double.isNaN(size)
                ? ""
                : String.format(Locale.ROOT, "%.2f× (%.0f bytes a row)", size / plain, size / count);
    }
}
