package dev.crr.sync;

import dev.crr.SiteId;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with a peer, as of the last round.
 *
 * @param name what people call it
 * @param url its endpoint
 * @param siteId the database behind it, once known
 * @param condition whether changes are exchanged with it
 * @param fault why the last round failed; null if it succeeded or there was none
 * @param received its version up to which its changes were applied here
 * @param sent our version up to which it is known to have our changes
 * @param lag how many of its versions are still to be received; null if unknown
 * @param skipped how many rows were left out since the application started, because one side finds them too large
 * @param failures how many rounds have failed since one succeeded
 * @param lastSuccess when a round last succeeded
 * @param lastError why the last round failed, in words; null if it succeeded or there was none
 * @param nextTry when the next round is due; null if one is running or none will come
 */
public record PeerState(
        String name,
        URI url,
        @Nullable SiteId siteId,
        Condition condition,
        @Nullable Fault fault,
        @Nullable Long received,
        @Nullable Long sent,
        @Nullable Long lag,
        long skipped,
        int failures,
        @Nullable Instant lastSuccess,
        @Nullable String lastError,
        @Nullable Instant nextTry) {

    /** Whether changes are exchanged with a peer. */
    public enum Condition {

        /** No round has ended yet. */
        NEW,

        /** The last round succeeded. */
        CONNECTED,

        /** The last round failed. It is tried again. */
        FAILING,

        /** Somebody asked for a pause. */
        PAUSED
    }
}
