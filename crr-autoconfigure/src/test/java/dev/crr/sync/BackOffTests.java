package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackOffTests {

    private final BackOff backOff = new BackOff(Duration.ofSeconds(5), Duration.ofSeconds(60));

    @RepeatedTest(20)
    void doublesUpToTheLimit() {
        assertThat(backOff.after(1)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
        assertThat(backOff.after(2)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(backOff.after(4)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(backOff.after(5)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        assertThat(backOff.after(Integer.MAX_VALUE)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    @Test
    void isNotTheSameForAll() {
        assertThat(IntStream.range(0, 50).mapToObj(i -> backOff.after(3)).distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void aLongIntervalIsTheLimit() {
        assertThat(new BackOff(Duration.ofHours(1), Duration.ofMinutes(1)).after(9))
                .isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
    }
}
