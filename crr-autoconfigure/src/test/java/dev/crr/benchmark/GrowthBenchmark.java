package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Changeset;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** What must not grow with the database: the newest changes, the view, the heap. */
final class GrowthBenchmark {

    private static final int NEWEST = 100;
    private static final int REPEATS = 51;

    private final Path folder;
    private final Results results;
    private final Contender.Crr crr;

    GrowthBenchmark(Path folder, Results results, Contender.Crr crr) {
        this.folder = folder;
        this.results = results;
        this.crr = crr;
    }

    void run(List<Integer> sizes) throws Exception {
        Path largest = folder;
        for (int size : sizes) {
            largest = folder.resolve("grown-" + size + ".db");
            try (Connection connection = Contender.open(largest, false)) {
                Contender.run(connection, Rows.TABLE);
                crr.install(connection);
                new Rows(size).insert(connection);
                newest(connection, size);
                if (size == sizes.get(0)) {
                    wire(connection);
                }
            }
        }
        view(largest, sizes.get(sizes.size() - 1));
        heap(largest, sizes.get(sizes.size() - 1));
    }

    /** The rows after this version hold 100 changes. */
    private long since(Connection connection) throws Exception {
        return crr.version(connection) - (NEWEST + Rows.COLUMNS - 1) / Rows.COLUMNS;
    }

    private void newest(Connection connection, int size) throws Exception {
        long since = since(connection);
        String measure = "newest" + size;
        for (int i = 0; i < REPEATS; i++) {
            results.time(
                    measure,
                    crr,
                    () -> assertThat(crr.read(connection, since).changes()).hasSizeGreaterThanOrEqualTo(NEWEST));
        }
        results.line(
                "newest " + NEWEST + " changes of " + size + " rows",
                "< 1 ms, whatever the size",
                "",
                String.format(Locale.ROOT, "%.2f ms", results.median(measure, crr.name())),
                "");
    }

    private void wire(Connection connection) throws Exception {
        for (WireFormat format : WireFormat.values()) {
            wire(connection, format);
        }
    }

    private void wire(Connection connection, WireFormat format) throws Exception {
        ByteArrayOutputStream changes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(changes)) {
            ChangesetCodec codec = new ChangesetCodec(Integer.MAX_VALUE);
            for (Changeset piece = crr.read(connection, 0); ; piece = crr.read(connection, piece.version())) {
                codec.write(piece, gzip, format, NumberStyle.PLAIN);
                if (!piece.more()) {
                    break;
                }
            }
        }
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        try (PrintStream lines = new PrintStream(new GZIPOutputStream(csv), false, StandardCharsets.UTF_8);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM t")) {
            while (row.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= Rows.COLUMNS + 1; i++) {
                    line.append(row.getString(i)).append(i <= Rows.COLUMNS ? ',' : '\n');
                }
                lines.print(line);
            }
        }
        results.line(
                "all rows as " + format + ", gzip, against CSV, gzip",
                "≤ 1.5×",
                String.format(Locale.ROOT, "%d KB", csv.size() / 1024),
                String.format(
                        Locale.ROOT, "%.2f× (%d KB)", (double) changes.size() / csv.size(), changes.size() / 1024),
                "");
    }

    /** By the sqlite3 shell, as somebody would who has only the file. */
    private void view(Path file, int size) throws Exception {
        long since;
        try (Connection connection = Contender.open(file, false)) {
            since = since(connection);
        }
        String sql = "SELECT count(*) FROM crsql_changes WHERE db_version > " + since + ";";
        String output;
        try {
            Process shell = new ProcessBuilder("sqlite3", file.toString())
                    .redirectErrorStream(true)
                    .start();
            try (PrintStream commands = new PrintStream(shell.getOutputStream(), false, StandardCharsets.UTF_8)) {
                commands.printf("%s%n.timer on%n%s%n", sql, sql);
            }
            output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } catch (IOException notInstalled) {
            results.line("crsql_changes in the sqlite3 shell", "< 10 ms", "", "no sqlite3 here", "");
            return;
        }
        Matcher time = Pattern.compile("real ([0-9.]+)").matcher(output);
        assertThat(time.find()).as(output).isTrue();
        results.line(
                "crsql_changes, newest " + NEWEST + " of " + size + " rows, in the sqlite3 shell",
                "< 10 ms",
                "",
                String.format(Locale.ROOT, "%.1f ms", Double.parseDouble(time.group(1)) * 1000),
                "");
    }

    private void heap(Path file, int size) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        file.toString(),
                        folder.resolve("small-heap.db").toString())
                .inheritIO()
                .start();
        boolean done = process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0;
        process.destroyForcibly();
        results.line(
                "export and merge of " + size + " rows in one JVM",
                "-Xmx128m",
                "",
                done ? "done in -Xmx128m" : "FAILED in -Xmx128m",
                "");
        assertThat(done).isTrue();
    }
}
