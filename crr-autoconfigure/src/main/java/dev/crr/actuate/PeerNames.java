package dev.crr.actuate;

import dev.crr.SiteId;
import dev.crr.sync.PeerState;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells which configured peer a database is. All others share one name, so that nobody from outside can make up more. */
final class PeerNames {

    static final String OTHER = "other";

    private final Supplier<List<PeerState>> peers;

    PeerNames(Supplier<List<PeerState>> peers) {
        this.peers = peers;
    }

    String of(@Nullable SiteId site) {
        for (PeerState peer : peers.get()) {
            if (site != null && site.equals(peer.siteId())) {
                return peer.name();
            }
        }
        return OTHER;
    }
}
