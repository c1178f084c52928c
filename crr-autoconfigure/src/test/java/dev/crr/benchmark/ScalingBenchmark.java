package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.engine.CrrEngine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What must not make a change dearer: what was edited later, which columns were edited, what is held, and how many authors there are. */
final class ScalingBenchmark {

    private static final int REPEATS = 15;
    private static final int WIDTH = 100;
    private static final int EDITED = 5;
    private static final SiteId PEER = SiteId.parse("b".repeat(32));

    private final Path folder;
    private final Results results;
    private final CrrEngine engine = new CrrEngine(1_000_000, 1_000_000);
    private final Contender.Crr crr = new Contender.Crr(engine);

    ScalingBenchmark(Path folder, Results results) {
        this.folder = folder;
        this.results = results;
    }

    /**
     * @param rows how many rows are edited, held or come from an author of their own
     */
    void run(int rows) throws Exception {
        edited(rows);
        columns(rows / 50);
        held(rows / 4);
        authors(rows / 5);
        prepare();
    }

    private Connection open(String name, String ddl) throws Exception {
        Connection connection = Contender.open(folder.resolve(name + ".db"), false);
        Contender.run(connection, "PRAGMA synchronous = OFF");
        Contender.run(connection, ddl);
        crr.install(connection);
        return connection;
    }

    private double millis(String measure, Results.Work work) throws Exception {
        results.time(measure, crr, work);
        return results.median(measure, crr.name());
    }

    private Changeset read(Connection connection, long since, int limit) throws Exception {
        return engine.read(connection, ChangeQuery.since(since).limitedTo(limit));
    }

    /** A hub that has edited rows, asked by somebody new. */
    private void edited(int rows) throws Exception {
        try (Connection origin = open("edited", Rows.TABLE);
                Connection hub = open("hub", Rows.TABLE)) {
            new Rows(rows).insert(origin);
            Contender.run(
                    origin,
                    "UPDATE t SET a = a || '!', b = b || '!', c = c || '!', d = d + 1, e = e + 1, f = f + 1,"
                            + " g = g + 1, h = h + 1");
            crr.merge(origin, hub, 0, true);
            StringBuilder figures = new StringBuilder();
            double least = Double.MAX_VALUE;
            double most = 0;
            for (int limit : List.of(300, 2_000, 20_000)) {
                for (boolean late : new boolean[] {false, true}) {
                    double perChange = perChange(hub, limit, late ? crr.version(hub) * 8 / 10 : 0);
                    least = Math.min(least, perChange);
                    most = Math.max(most, perChange);
                    figures.append(String.format(
                            Locale.ROOT,
                            "%s%d %s %.2f us",
                            figures.length() == 0 ? "" : ", ",
                            limit,
                            late ? "late" : "early",
                            perChange));
                }
            }
            results.line(
                    "a change of " + rows + " edited rows, in pieces",
                    "≤ 2× between any two",
                    "",
                    String.format(Locale.ROOT, "%.2f× (%s)", most / least, figures),
                    "");
        }
    }

    private double perChange(Connection hub, int limit, long from) throws Exception {
        String measure = "pieces" + limit + "-" + from;
        int pieces = Math.max(1, Math.min(20_000, limit * REPEATS) / limit);
        for (int i = 0; i < REPEATS; i++) {
            long since = from;
            long begin = System.nanoTime();
            long changes = 0;
            for (int piece = 0; piece < pieces; piece++) {
                Changeset changeset = read(hub, since, limit);
                changes += changeset.changes().size();
                since = changeset.version();
            }
            results.add(measure, crr, (System.nanoTime() - begin) / 1e3 / Math.max(1, changes));
        }
        return results.median(measure, crr.name());
    }

    /** Edits of the same five columns of a wide table, and of any five. */
    private void columns(int rows) throws Exception {
        String ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, "
                + IntStream.range(0, WIDTH).mapToObj(i -> "c" + i).collect(Collectors.joining(", ")) + ")";
        double same = 0;
        double any = 0;
        for (boolean random : new boolean[] {false, true}) {
            Random seeded = new Random(1);
            try (Connection there = open("columns" + random, ddl)) {
                there.setAutoCommit(false);
                engine.merge(there, changeset(rows, id -> List.of(cell(id, "c0", 1, PEER))));
                there.commit();
                for (int round = 1; round <= 3; round++) {
                    long version = round + 1;
                    Changeset edits = changeset(rows, id -> {
                        int first = random ? seeded.nextInt(20) : 0;
                        return IntStream.range(0, EDITED)
                                .mapToObj(i -> cell(
                                        id,
                                        "c" + (random ? (first + i * 20 + seeded.nextInt(20)) % WIDTH : i),
                                        version,
                                        PEER))
                                .toList();
                    });
                    double millis = millis("columns" + random, () -> {
                        engine.merge(there, edits);
                        there.commit();
                    });
                    same = random ? same : millis;
                    any = random ? millis : any;
                }
            }
        }
        results.line(
                rows * EDITED + " changes of any columns of " + WIDTH + ", against the same columns",
                "≤ 2×",
                "",
                String.format(Locale.ROOT, "%.2f× (%.0f ms)", any / same, any),
                "");
    }

    private interface Cells {
        List<Change> of(int id);
    }

    private static Changeset changeset(int rows, Cells cells) {
        List<Change> changes = new ArrayList<>();
        for (int id = 1; id <= rows; id++) {
            changes.addAll(cells.of(id));
        }
        return new Changeset(PEER, null, 0, 0, null, null, false, changes);
    }

    private static Change cell(int id, String column, long colVersion, SiteId author) {
        return new Change("t", List.of(Value.of(id)), column, Value.of("v" + colVersion), colVersion, 1, author, 1, 0);
    }

    /** A merge of one cell, with nothing in quarantine and with much. */
    private void held(int count) throws Exception {
        String ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, v)";
        try (Connection none = open("none", ddl);
                Connection many = open("many", ddl)) {
            many.setAutoCommit(false);
            engine.merge(many, changeset(count, id -> List.of(cell(id, "later", 1, PEER))));
            many.commit();
            none.setAutoCommit(false);
            for (int i = 0; i < 20 * REPEATS; i++) {
                Changeset one = changeset(1, id -> List.of(cell(id, "v", 1, PEER)));
                Changeset next = one.with(List.of(cell(1, "v", i + 1, PEER)));
                for (Connection connection : List.of(none, many)) {
                    results.time(connection == none ? "held-none" : "held-many", crr, () -> {
                        engine.merge(connection, next);
                        connection.commit();
                    });
                }
            }
            assertThat(engine.quarantined(many)).isEqualTo(count);
        }
        double without = results.median("held-none", crr.name());
        double with = results.median("held-many", crr.name());
        results.line(
                "merge of a cell, " + count + " changes held, against none",
                "1×",
                "",
                String.format(Locale.ROOT, "%.2f× (%.2f ms)", with / without, with),
                "");
    }

    /** Rows each from an author of its own, and four times as many. */
    private void authors(int count) throws Exception {
        double few = authorsOnce(count / 4) / (count / 4);
        double many = authorsOnce(count) / count;
        results.line(
                "a change of " + count + " authors, against one of " + count / 4,
                "1×",
                "",
                String.format(Locale.ROOT, "%.2f× (%.1f us)", many / few, many * 1000),
                "");
    }

    private double authorsOnce(int count) throws Exception {
        try (Connection connection = open("authors" + count, "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, v)")) {
            connection.setAutoCommit(false);
            Changeset changes = changeset(count, id -> List.of(cell(id, "v", 1, SiteId.parse("%032x".formatted(id)))));
            return millis("authors" + count, () -> {
                engine.merge(connection, changes);
                connection.commit();
            });
        }
    }

    /** What a local writer pays for an UPDATE that is prepared anew each time. */
    private void prepare() throws Exception {
        for (int width : List.of(8, 50, WIDTH)) {
            String columns = IntStream.range(0, width).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
            try (Connection connection =
                    open("prepare" + width, "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, " + columns + ")")) {
                Contender.run(connection, "CREATE TABLE plain (id INTEGER PRIMARY KEY NOT NULL, " + columns + ")");
                Contender.run(connection, "INSERT INTO t (id) VALUES (1)");
                Contender.run(connection, "INSERT INTO plain (id) VALUES (1)");
                connection.setAutoCommit(false);
                for (int i = 0; i < 20 * REPEATS; i++) {
                    int value = i;
                    for (String table : List.of("plain", "t")) {
                        results.time("prepare-" + table + width, crr, () -> {
                            try (PreparedStatement update =
                                    connection.prepareStatement("UPDATE " + table + " SET c1 = ? WHERE id = 1")) {
                                update.setInt(1, value);
                                update.executeUpdate();
                            }
                        });
                    }
                }
                connection.commit();
            }
            double plain = results.median("prepare-plain" + width, crr.name()) * 1000;
            double tracked = results.median("prepare-t" + width, crr.name()) * 1000;
            results.line(
                    "prepare and run an UPDATE of one of " + width + " columns",
                    "",
                    String.format(Locale.ROOT, "%.0f us", plain),
                    String.format(Locale.ROOT, "%.0f us", tracked),
                    "");
        }
    }
}
