package dev.crr.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A schedule is all there is to a history, and what fails comes down to the steps that matter. */
class SchedulerTests {

    @Test
    void aSeedMakesTheSameScheduleAgain() {
        assertThat(Scheduler.of(7)).hasToString(Scheduler.of(7).toString());
        assertThat(Scheduler.of(7).steps())
                .isEqualTo(Scheduler.of(7).steps())
                .isNotEqualTo(Scheduler.of(8).steps());
    }

    @Test
    void ofAFailingScheduleOnlyTheStepsThatMatterAreLeft() {
        Schedule schedule = Scheduler.of(1);
        Step early = schedule.steps().get(3);
        Step late = schedule.steps().get(schedule.steps().size() - 2);
        Schedule shrunk = new Shrinker(smaller ->
                        smaller.steps().contains(early) && smaller.steps().contains(late))
                .shrink(schedule);
        assertThat(shrunk.steps()).isEqualTo(List.of(early, late));
    }
}
