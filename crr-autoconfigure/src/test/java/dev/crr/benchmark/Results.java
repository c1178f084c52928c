package dev.crr.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Samples by measure and contender, and the table of their medians. */
final class Results {

    private static final double MILLIS = 1e6;

    /** Work whose time is taken. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    /** Takes the time, in milliseconds. */
    void time(String measure, Contender contender, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        add(measure, contender, (System.nanoTime() - start) / MILLIS);
    }

    void add(String measure, Contender contender, double sample) {
        samples.computeIfAbsent(measure, m -> new LinkedHashMap<>())
                .computeIfAbsent(contender.name(), c -> new ArrayList<>())
                .add(sample);
    }

    double median(String measure, String contender) {
        double[] sorted = samples.getOrDefault(measure, Map.of()).getOrDefault(contender, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /** A line that compares times with plain SQLite's for the same or another measure. */
    void ratio(String work, String goal, String measure, String plainMeasure) {
        double plain = median(plainMeasure, "plain SQLite");
        line(
                work,
                goal,
                String.format(Locale.ROOT, "%.0f ms", plain),
                times(measure, "crr", plain),
                times(measure, "cr-sqlite", plain));
    }

    /** A line on what plain SQLite can do if it must write clocks as well. */
    void byHand(String work, String measure, String plainMeasure) {
        line(work, "", times(measure, "plain SQLite", median(plainMeasure, "plain SQLite")), "", "");
    }

    /** A line of speeds. */
    void speed(String work, String goal, String measure, double cells) {
        line(work, goal, "", cellsPerSecond(measure, "crr", cells), cellsPerSecond(measure, "cr-sqlite", cells));
    }

    void line(String work, String goal, String plain, String crr, String crSqlite) {
        lines.add("| " + String.join(" | ", work, goal, plain, crr, crSqlite) + " |");
    }

    /** The table, in Markdown. */
    String table() {
        List<String> all = new ArrayList<>(
                Arrays.asList("| work | goal | plain SQLite | crr | native cr-sqlite |", "|---|---|---|---|---|"));
        all.addAll(lines);
        return String.join("\n", all);
    }

    private String times(String measure, String contender, double plain) {
        double median = median(measure, contender);
        return Double.isNaN(median) ? "" : String.format(Locale.ROOT, "%.2f× (%.0f ms)", median / plain, median);
    }

    private String cellsPerSecond(String measure, String contender, double cells) {
        double median = median(measure, contender);
        return Double.isNaN(median) ? "" : String.format(Locale.ROOT, "%.2f M/s", cells / median / 1000);
    }
}
