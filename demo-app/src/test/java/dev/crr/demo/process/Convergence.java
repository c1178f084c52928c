package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Waits until instances hold the same: the same presentations for their users, the same changes for their peers. */
final class Convergence {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int SHOWN = 5;

    private Convergence() {}

    static void of(DemoProcess first, DemoProcess... others) {
        for (DemoProcess other : others) {
            await(first.name() + " and " + other.name() + " hold the same")
                    .atMost(TIMEOUT)
                    .untilAsserted(() -> compare(first, other));
        }
    }

    private static void compare(DemoProcess one, DemoProcess other) {
        same(one, Editor.of(one).everything(), other, Editor.of(other).everything());
        same(one, Cell.allOf(one), other, Cell.allOf(other));
    }

    private static <T> void same(DemoProcess one, Set<T> ones, DemoProcess other, Set<T> others) {
        assertThat(onlyIn(ones, others, one.name() + " only: ")).isEmpty();
        assertThat(onlyIn(others, ones, other.name() + " only: ")).isEmpty();
    }

    /** A few of the differences: a message with all of them would be no help. */
    private static <T> List<String> onlyIn(Set<T> these, Set<T> those, String prefix) {
        Stream<String> differences =
                these.stream().filter(each -> !those.contains(each)).map(each -> prefix + each);
        return differences.limit(SHOWN).toList();
    }
}
