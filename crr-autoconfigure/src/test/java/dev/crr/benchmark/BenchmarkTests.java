package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.engine.CrrEngine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmark works and compares what it should. It says nothing of speed. */
class BenchmarkTests {

    @TempDir
    Path folder;

    @Test
    void everyMeasureIsTakenAndEveryResultRight() throws Exception {
        Results results = new Results();
        Contender.Crr crr = new Contender.Crr(new CrrEngine(Contender.PIECE, 1));
        new TableBenchmark(folder, 200, results).run(List.of(new Contender.Plain(), crr), 1);
        new ScalingBenchmark(folder, results).run(2_000);
        assertThat(results.table().lines().skip(2)).hasSizeGreaterThan(10).allMatch(line -> line.matches(".*\\d.*"));
        assertThat(results.table()).doesNotContain("NaN");
    }
}
