package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Epoch;
import dev.crr.SiteId;
import org.junit.jupiter.api.Test;

class EpochWatchTests {

    private static final SiteId SITE = SiteId.random();
    private static final Epoch A = epoch(1);
    private static final Epoch B = epoch(2);
    private static final Epoch C = epoch(3);

    private final EpochWatch watch = new EpochWatch();

    private static Epoch epoch(long number) {
        return new Epoch(0, number);
    }

    private void assertUnsuspicious(Epoch... epochs) {
        for (Epoch epoch : epochs) {
            assertThat(watch.clash(SITE, epoch)).isNull();
        }
    }

    @Test
    void aDatabaseThatIsRestartedAgainAndAgainIsOne() {
        for (int start = 0; start < 1000; start++) {
            assertUnsuspicious(epoch(start), epoch(start));
        }
    }

    /** At each start a request of the process before may come late. */
    @Test
    void oneLateRequestAtEveryStartIsHonest() {
        for (int start = 0; start < 1000; start++) {
            assertUnsuspicious(epoch(start), epoch(start + 1), epoch(start), epoch(start + 1));
        }
    }

    @Test
    void epochsThatTakeTurnsAreTwoDatabases() {
        assertUnsuspicious(A, B, A, A, B);
        assertThat(watch.clash(SITE, A)).isEqualTo(B);
        assertThat(watch.clash(SITE, B)).isEqualTo(A);
    }

    @Test
    void theLeastOfSeveralIsNamed() {
        assertUnsuspicious(C, B, A, C, B, A);
        assertThat(watch.clash(SITE, C)).isEqualTo(A);
        assertThat(watch.clash(SITE, B)).isEqualTo(A);
        assertThat(watch.clash(SITE, A)).isEqualTo(B);
    }

    @Test
    void whoIsForgottenMustTakeTurnsAnew() {
        assertUnsuspicious(A, B, A, B);
        watch.forget(SITE);
        assertUnsuspicious(A, B, A, B);
        assertThat(watch.clash(SITE, A)).isEqualTo(B);
    }

    @Test
    void othersDoNotCount() {
        for (int i = 0; i < 10; i++) {
            assertUnsuspicious(A);
            assertThat(watch.clash(SiteId.random(), B)).isNull();
        }
    }
}
