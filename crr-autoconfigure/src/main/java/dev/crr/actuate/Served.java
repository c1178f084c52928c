package dev.crr.actuate;

import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.sync.Direction;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.PeerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What those get and bring who call us, and whether we had to refuse it. Thread-safe. */
public final class Served {

    private final ExchangeObserver observer;
    private final PeerNames names;
    private final Clock clock;
    private volatile @Nullable Refusal refusal;

    private record Refusal(SiteId sender, String message, Instant when) {}

    /**
     * @param observer measures it
     * @param peers how things stand with the configured peers
     */
    public Served(ExchangeObserver observer, Supplier<List<PeerState>> peers) {
        this.observer = observer;
        this.names = new PeerNames(peers);
        this.clock = Clock.systemUTC();
    }

    void sent(@Nullable SiteId peer, int changes, long bytes) {
        observer.pushed(names.of(peer), changes);
        observer.bytes(names.of(peer), Direction.OUT, bytes);
    }

    void received(SiteId peer, long bytes) {
        observer.bytes(names.of(peer), Direction.IN, bytes);
        Refusal last = refusal;
        if (last != null && last.sender().equals(peer)) {
            refusal = null;
        }
    }

    /** Nothing of it was applied, and its sender will come again with it. */
    void refused(SiteId sender, QuarantineFullException reason) {
        refusal = new Refusal(sender, String.valueOf(reason.getMessage()), clock.instant());
    }

    /** Why the last changeset that was too much for the quarantine was refused; null if there was none for so long. */
    @Nullable String refusedWithin(Duration time) {
        Refusal last = refusal;
        return last == null || last.when().isBefore(clock.instant().minus(time)) ? null : last.message();
    }
}
