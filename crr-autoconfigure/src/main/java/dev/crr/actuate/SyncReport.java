package dev.crr.actuate;

import dev.crr.sync.SyncOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What an exchange with the peers came to.
 *
 * @param peers one outcome per peer
 */
public record SyncReport(List<Outcome> peers) implements OperationResponseBody {

    public SyncReport {
        peers = List.copyOf(peers);
    }

    /**
     * What the exchange with one peer came to.
     *
     * @param name the peer
     * @param success whether it reached its end
     * @param pulled how many changes were fetched and applied
     * @param pushed how many changes were sent
     * @param error why it failed; null if it did not
     */
    public record Outcome(
            String name,
            boolean success,
            long pulled,
            long pushed,
            @Nullable String error) {

        static Outcome of(SyncOutcome outcome) {
            return new Outcome(outcome.peer(), outcome.success(), outcome.pulled(), outcome.pushed(), outcome.error());
        }
    }
}
