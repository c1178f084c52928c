package dev.crr.actuate;

import dev.crr.sync.PeerState;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers since when peers have been failing, whatever the reason was in between. Thread-safe. */
final class FailingSince {

    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    void note(PeerState peer, Instant now) {
        if (peer.condition() == PeerState.Condition.FAILING) {
            since.putIfAbsent(peer.name(), now);
        } else {
            since.remove(peer.name());
        }
    }

    @Nullable Instant of(String peer) {
        return since.get(peer);
    }
}
