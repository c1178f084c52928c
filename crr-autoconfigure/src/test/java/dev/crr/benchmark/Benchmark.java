package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.engine.CrrEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The figures of docs/performance.md. Not among the tests, as its name says nothing to the build; {@code ./benchmark} runs it.
 *
 * <p>System properties: {@code crr.benchmark.rows} (100000), {@code crr.benchmark.rounds} (5), {@code crr.benchmark.largest}
 * (1000000), {@code crr.benchmark.cr-sqlite} (path of the native library; none).
 */
class Benchmark {

    @TempDir
    Path folder;

    @Test
    void run() throws Exception {
        int rows = Integer.getInteger("crr.benchmark.rows", 100_000);
        int rounds = Integer.getInteger("crr.benchmark.rounds", 5);
        int largest = Integer.getInteger("crr.benchmark.largest", 1_000_000);
        String library = System.getProperty("crr.benchmark.cr-sqlite", "");

        Contender.Crr crr = new Contender.Crr(new CrrEngine(Contender.PIECE, 1));
        List<Contender> contenders = new ArrayList<>(List.of(new Contender.Plain(), crr));
        if (!library.isEmpty()) {
            contenders.add(new Contender.CrSqlite(Path.of(library)));
        }
        Results results = new Results();
        new TableBenchmark(folder, rows, results).run(contenders, rounds);
        new GrowthBenchmark(folder, results, crr).run(List.of(largest / 100, largest / 10, largest));
        new ScalingBenchmark(folder, results).run(2 * rows);
        new ApplicationBenchmark(folder, results).run(rounds, rows);
        assertThat(results.table()).doesNotContain("NaN");
        System.out.println("\n" + results.table() + "\n");
    }
}
