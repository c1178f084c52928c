package dev.crr.sync;

import dev.crr.SiteId;
import org.jspecify.annotations.Nullable;

/** Keeps the cursors of the peers in the database. Thread-safe; every call is a transaction of its own. */
public interface CursorStore {

    /**
     * Where to pull from next. Moved by {@link dev.crr.ChangesetService#apply}, in the transaction that applies the data.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @return the peer's version up to which its changes were applied here
     */
    Cursor received(SiteId peer, @Nullable String scope);

    /**
     * Goes back, because the peer says it never gave out the version we hold.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version the peer's version to pull from next
     */
    void rewindReceived(SiteId peer, @Nullable String scope, long version);

    /**
     * Where to push from next.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @return our version up to which the peer has our changes
     */
    long sent(SiteId peer, @Nullable String scope);

    /**
     * Records what the peer says it has of us, as the answer to a push: forward or backward.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version our version
     */
    void recordSent(SiteId peer, @Nullable String scope, long version);

    /**
     * Records what the peer implies to have by asking for what comes after: forward only.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version our version
     */
    void acknowledgeSent(SiteId peer, @Nullable String scope, long version);
}
