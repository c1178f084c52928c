package dev.crr.sync;

import dev.crr.Epoch;
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
     * Goes back, because the peer says it never gave out the version we hold: it was restored. Notes that it is to be given what it
     * lost, as {@link #owe} does, from where we are with it.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param version the peer's version to pull from next
     * @param epoch the peer's epoch that the version belongs to, if known: without it a second restoration could go unnoticed
     */
    void rewindReceived(SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch);

    /**
     * Where to push from next.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @return our version up to which the peer has our changes, with our epoch that the peer has for it, if it told
     */
    Cursor sent(SiteId peer, @Nullable String scope);

    /**
     * How much of this database somebody has who came to a version of it in one of its epochs: less if our file was restored from
     * an older copy since.
     *
     * @param cursor the version and the epoch, as somebody else has them
     * @return our version up to which that is the same
     */
    long reached(Cursor cursor);

    /**
     * Records what the peer says it has of us, as the answer to a push: forward or backward.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param sent our version, with our epoch that the peer has for it
     */
    void recordSent(SiteId peer, @Nullable String scope, Cursor sent);

    /**
     * Records what the peer implies to have by asking for what comes after: forward only.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param sent our version, with our epoch that the peer has for it
     */
    void acknowledgeSent(SiteId peer, @Nullable String scope, Cursor sent);

    /**
     * From where on a peer is to be given all we have, even what it wrote itself, because it was restored or was taken for another.
     * Kept until {@link #settle}, whatever happens to us meanwhile.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @return our version; null if it lacks nothing of its own
     */
    @Nullable Long owed(SiteId peer, @Nullable String scope);

    /**
     * Goes back with what was sent, and notes that the peer is to be given all we have from there on, even what it wrote itself.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     * @param sent our version, with our epoch that the peer has for it
     */
    void owe(SiteId peer, @Nullable String scope, Cursor sent);

    /**
     * Notes that the peer has been given all that.
     *
     * @param peer the peer
     * @param scope the narrowing, null for everything
     */
    void settle(SiteId peer, @Nullable String scope);
}
