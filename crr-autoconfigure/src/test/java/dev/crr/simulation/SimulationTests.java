package dev.crr.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of several replicas. However they wrote and exchanged, all must end with the same rows, causal lengths and
 * column versions, and a further exchange must move nothing.
 *
 * <p>{@code -Dcrr.seeds=10000} runs that many histories, {@code -Dcrr.first=N} begins at another one, {@code -Dcrr.seed=N}
 * replays one and prints what happens in it.
 */
class SimulationTests {

    private static final int MAX_FAILURES = 5;

    @TempDir
    Path folder;

    private int worlds;

    @Test
    void allHistoriesEndAlike() {
        allEndAlike(Scheduler::of, seeds(500));
    }

    @Test
    void allHistoriesOfRestoredReplicasEndAlike() {
        allEndAlike(RestoredScheduler::of, seeds(500));
    }

    private void allEndAlike(LongFunction<Schedule> scheduler, LongStream which) {
        long[] seeds = which.toArray();
        if (seeds.length == 1) {
            System.out.println(scheduler.apply(seeds[0]));
        }
        long start = System.nanoTime();
        int histories = 0;
        List<String> failures = new ArrayList<>();
        for (long seed : seeds) {
            histories++;
            Schedule schedule = scheduler.apply(seed);
            Throwable failure = run(schedule);
            if (failure != null) {
                failures.add(report(seed, schedule, failure));
                if (failures.size() == MAX_FAILURES) {
                    break;
                }
            }
        }
        System.out.printf(
                "%d histories from seed %d on, %d failures, %.1f s%n",
                histories, seeds[0], failures.size(), (System.nanoTime() - start) / 1e9);
        assertThat(failures).isEmpty();
    }

    private static LongStream seeds(int count) {
        Long one = Long.getLong("crr.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        long first = Long.getLong("crr.first", 0);
        return LongStream.range(first, first + Long.getLong("crr.seeds", count));
    }

    private Throwable run(Schedule schedule) {
        Path own = folder.resolve("world" + worlds++);
        try {
            World.run(schedule, own);
            return null;
        } catch (SQLException | RuntimeException | Failure e) {
            return e;
        } finally {
            delete(own);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String report(long seed, Schedule schedule, Throwable failure) {
        System.out.printf(
                "seed %d fails: %s%n  replay: ./mvnw -B -ntp -pl crr-autoconfigure test -Dtest=SimulationTests -Dcrr.seed=%d%n",
                seed, failure, seed);
        Schedule shrunk = new Shrinker(smaller -> run(smaller) != null).shrink(schedule);
        Throwable left = run(shrunk);
        System.out.printf("  shrunk: %s%n%s%n", left, shrunk);
        if (left != null && !(left instanceof Failure)) {
            left.printStackTrace(System.out);
        }
        return "seed " + seed + ": " + failure;
    }
}
