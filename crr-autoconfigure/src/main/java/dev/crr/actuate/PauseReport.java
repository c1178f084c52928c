package dev.crr.actuate;

import dev.crr.sync.PeerState;
import dev.crr.sync.SyncLoop;
import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * With whom nothing is exchanged.
 *
 * @param paused whether that is everybody
 * @param peers the configured peers that are paused, by name
 */
public record PauseReport(boolean paused, List<String> peers) implements OperationResponseBody {

    public PauseReport {
        peers = List.copyOf(peers);
    }

    static PauseReport of(SyncLoop loop) {
        return new PauseReport(
                loop.paused(),
                loop.peers().stream()
                        .filter(peer -> peer.condition() == PeerState.Condition.PAUSED)
                        .map(PeerState::name)
                        .toList());
    }
}
