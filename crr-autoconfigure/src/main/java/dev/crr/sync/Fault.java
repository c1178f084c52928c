package dev.crr.sync;

/** Why the last round with a peer failed. The kind, for machines and runbooks; {@link PeerState#lastError()} says it in words. */
public enum Fault {

    /** It cannot be reached, does not answer in time, or says that it is busy or paused. Goes away by itself, as a rule. */
    AWAY,

    /**
     * It does not let us in, or does not take changes; or we have no token for it, or our policy does not admit it; or only one side
     * has some clean-up of tombstones behind it.
     */
    REFUSED,

    /** Whatever answers at its URL does not speak as a peer does. */
    NOT_A_PEER,

    /** No table replicates on both sides. */
    NOTHING_IN_COMMON,

    /** Its URL leads back here. */
    ITSELF,

    /** Its database file is a copy of ours or of a third's, or the other way round, and none has taken a new site id yet. */
    CLONE,

    /** A change is larger than one side accepts, and not certain to belong to a single row, which would be left out. */
    TOO_LARGE,

    /** There are too many changes that cannot be applied. */
    QUARANTINE_FULL,

    /** Our own database file is locked, full, or cannot be written. */
    DATABASE,

    /** Anything else. */
    OTHER
}
