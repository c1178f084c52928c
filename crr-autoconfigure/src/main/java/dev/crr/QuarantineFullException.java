package dev.crr;

/**
 * A sender has more changes in quarantine here than it may have. Nothing of its changeset was applied and its cursor did not move,
 * so nothing is lost; it can go on when the quarantine has room again.
 */
public class QuarantineFullException extends CrrException {

    private static final long serialVersionUID = 1L;

    /**
     * @param origin the sender
     * @param limit how many it may have
     * @param change the change for which there was no room
     * @param reason why that cannot be applied
     */
    public QuarantineFullException(SiteId origin, int limit, Change change, String reason) {
        this(origin, limit + " changes", "crr.sync.max-quarantined", change, reason);
    }

    /**
     * @param origin the sender
     * @param held how much there is of it, in words
     * @param property the property that limits it
     * @param change the change for which there was no room
     * @param reason why that cannot be applied
     */
    public QuarantineFullException(SiteId origin, String held, String property, Change change, String reason) {
        super("the quarantine holds " + held + " from " + origin
                + " already, and has no room for that of table \""
                + change.table() + "\", key " + change.key() + ", column \"" + change.cid() + "\": " + reason
                + ". Bring this instance to the schema of the sender, clear the quarantine, or raise " + property
                + ".");
    }
}
