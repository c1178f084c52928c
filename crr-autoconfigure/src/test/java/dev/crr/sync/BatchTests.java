package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchTests {

    private final Batch batch = new Batch(20_000, Duration.ofMillis(100));

    @Test
    void beginsWithAllThatIsAllowed() {
        assertThat(batch.size()).isEqualTo(20_000);
        batch.applied(20_000, Duration.ofMillis(20));
        assertThat(batch.size()).isEqualTo(20_000);
    }

    @Test
    void whatIsGoingToBeCutAnywayBeginsSmall() {
        SyncSettings settings = SyncSettings.DEFAULTS;
        assertThat(Batch.of(settings.batchSize(), settings).size()).isEqualTo(settings.batchSize());
        assertThat(Batch.of(settings.batchSize() + 1, settings).size()).isEqualTo(1_000);
    }

    @Test
    void shrinksAtOnceToWhatFitsAndGrowsSlowly() {
        batch.applied(20_000, Duration.ofSeconds(1));
        assertThat(batch.size()).isEqualTo(1_500);
        batch.applied(1_500, Duration.ofMillis(75));
        assertThat(batch.size()).as("about right").isEqualTo(1_500);
        batch.applied(1_500, Duration.ofMillis(10));
        assertThat(batch.size()).isEqualTo(1_876);
        for (int i = 0; i < 20; i++) {
            batch.applied(batch.size(), Duration.ofMillis(10));
        }
        assertThat(batch.size()).isEqualTo(20_000);
    }

    @Test
    void slownessAloneDoesNotCutItToPieces() {
        batch.applied(20_000, Duration.ofHours(1));
        assertThat(batch.size()).isEqualTo(300);
        batch.applied(300, Duration.ofHours(1));
        assertThat(batch.size()).isEqualTo(300);
    }

    @Test
    void whatIsTooLargeIsHalvedDownToARow() {
        for (int i = 0; i < 20; i++) {
            batch.halve();
        }
        assertThat(batch.isSmallest()).isTrue();
        batch.applied(1, Duration.ofSeconds(1));
        assertThat(batch.size()).isEqualTo(1);
        batch.applied(1, Duration.ofMillis(1));
        assertThat(batch.size()).isEqualTo(2);
    }
}
