package dev.crr;

/** The {@link ChangePolicy} does not admit a peer under the site id it goes by. */
public class PeerRefusedException extends CrrException {

    private static final long serialVersionUID = 1L;

    /**
     * @param peer who was refused
     */
    public PeerRefusedException(PeerIdentity peer) {
        super("the policy does not admit " + peer + (peer.siteId() == null ? "" : " as the database " + peer.siteId()));
    }
}
