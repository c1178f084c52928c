package dev.crr;

/**
 * Decides what each peer may read and write here. Define one as a bean to have it asked; without one every peer that gets past
 * the access control in front of the endpoint may do everything, and nothing is asked.
 *
 * <p>It is about who hands changes over, and not about who wrote them: peers pass on what others wrote, and
 * {@link Change#siteId()} tells the author as the peer claims it. What is read is filtered before it leaves, in an answer as in a
 * push; what is written is judged when it arrives, in a request as in what was fetched. A change that may not be written is set
 * aside, all others go on. It is judged again, as of the same peer, when {@link ChangesetService#retryQuarantine()} is called,
 * and never before. Local SQL and {@link ChangesetService#apply(Changeset)} are not asked about.
 *
 * <p>Tables are asked about once per exchange, single changes only where {@link TableAccess#only} says so. The answers for a
 * peer must not depend on the time or on what is in the tables, or {@link #revision} has to tell: a row that becomes readable is
 * not sent by itself, but only when it changes.
 *
 * <p>An implementation must be thread-safe. If it throws, nothing is exchanged.
 */
public interface ChangePolicy {

    /**
     * Decides whether to exchange anything with a peer, under the site id that it goes by. This is where to bind site ids to
     * principals.
     *
     * @param peer the peer
     * @return false to refuse it altogether
     */
    default boolean admits(PeerIdentity peer) {
        return true;
    }

    /**
     * Decides what a peer gets to see of a table.
     *
     * @param peer the peer
     * @param table a table that replicates
     * @return what it may read
     */
    default TableAccess reading(PeerIdentity peer, String table) {
        return TableAccess.ALL;
    }

    /**
     * Decides what is taken from a peer for a table. The change that {@link TableAccess#only} is asked about has names, key and
     * value as this database stores them. A deletion comes as a row record, whatever column it arrived with; and a change that
     * makes, deletes or revives a row is taken only if the row record ({@link Change#ROW}) may be written, too.
     *
     * @param peer the peer
     * @param table a table, which need not exist here
     * @return what it may write
     */
    default TableAccess writing(PeerIdentity peer, String table) {
        return TableAccess.ALL;
    }

    /**
     * Names the rules that apply to a peer's reading. Whenever the name changes the peer reads everything anew, and gets what
     * it could not see before. Tables that become visible as such need no other name.
     *
     * @param peer the peer
     * @return any text; the peer is told a hash of it
     */
    default String revision(PeerIdentity peer) {
        return "";
    }
}
