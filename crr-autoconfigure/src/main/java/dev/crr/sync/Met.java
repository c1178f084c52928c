package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom a round met, and what there is to exchange with it.
 *
 * @param status what it told of itself
 * @param pull what to ask it for, null for nothing
 * @param push what to send it, null for nothing
 * @param rules what it may do here, null for everything
 */
record Met(
        PeerStatus status,
        @Nullable ChangeQuery pull,
        @Nullable ChangeQuery push,
        @Nullable PeerRules rules) {

    SiteId site() {
        return status.siteId();
    }

    /** Whether what is known of how far the exchange has come holds for another encounter, too. */
    boolean isSame(Met other) {
        return site().equals(other.site()) && Objects.equals(pull, other.pull) && Objects.equals(push, other.push);
    }
}
