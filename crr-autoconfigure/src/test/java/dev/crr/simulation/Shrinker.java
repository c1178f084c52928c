package dev.crr.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Drops steps from a failing schedule as long as it still fails: large pieces first, then ever smaller ones. */
final class Shrinker {

    private static final int MAX_RUNS = 600;

    private final Predicate<Schedule> fails;
    private int runs;

    Shrinker(Predicate<Schedule> fails) {
        this.fails = fails;
    }

    Schedule shrink(Schedule failing) {
        Schedule smallest = failing;
        int piece = Math.max(1, smallest.steps().size() / 2);
        while (runs < MAX_RUNS) {
            Schedule smaller = dropPieces(smallest, piece);
            boolean same = smaller.steps().size() == smallest.steps().size();
            smallest = smaller;
            if (piece == 1 && same) {
                break;
            }
            piece = Math.max(1, piece / 2);
        }
        return smallest;
    }

    private Schedule dropPieces(Schedule schedule, int size) {
        Schedule smallest = schedule;
        int from = Math.max(0, smallest.steps().size() - size);
        while (runs < MAX_RUNS) {
            List<Step> rest = new ArrayList<>(smallest.steps());
            rest.subList(from, Math.min(from + size, rest.size())).clear();
            Schedule smaller = smallest.with(rest);
            runs++;
            if (fails.test(smaller)) {
                smallest = smaller;
            }
            if (from == 0) {
                break;
            }
            from = Math.max(0, from - size);
        }
        return smallest;
    }
}
