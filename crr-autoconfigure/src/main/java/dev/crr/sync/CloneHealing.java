package dev.crr.sync;

import dev.crr.ChangesetService;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to be found out about a peer before anything is exchanged with it. Of one peer; not thread-safe. */
final class CloneHealing {

    /** The rest follows in later requests. */
    private static final int TOLD_AT_ONCE = 20;

    private final CloneWatch watch;
    private final ReplicaIdentity identity;
    private final ChangesetService service;
    private final PeerClient client;

    private volatile Map<SiteId, SiteId> toldByPeer = Map.of();

    CloneHealing(CloneWatch watch, ChangesetService service, PeerClient client) {
        this.watch = watch;
        this.identity = watch.identity();
        this.service = service;
        this.client = client;
    }

    /**
     * Makes sure that the peer is another database than this one and than all others.
     *
     * @throws IdentityChangedException if somebody took a new site id
     * @throws PeerException if it is this database itself, or shares its site id with yet another one
     */
    void meet(PeerStatus status) {
        toldByPeer = status.clones();
        watch.learn(status.clones());
        SiteId own = service.siteId();
        if (status.siteId().equals(own)) {
            meetOurselves(own, service.epoch(), status.epoch());
        } else {
            meetTwoOthers(status.siteId(), status.epoch());
        }
    }

    /** Takes a new site id because the peer says so. */
    void obey(SiteId own, SharedSiteIdException failure) {
        if (watch.obey(own, failure.other())) {
            throw new IdentityChangedException();
        }
        throw new PeerException(Fault.CLONE, String.valueOf(failure.getMessage()), failure);
    }

    /** What to tell with a request for changes: our present epoch, read each time, because another process may begin one. */
    String whenAsking() {
        return "peerEpoch=" + service.epoch();
    }

    /** What to tell when sending changes: the same, and which copies the peer has not heard of. */
    String whenSending() {
        StringBuilder text = new StringBuilder(whenAsking());
        Map<SiteId, SiteId> known = toldByPeer;
        identity.clones().entrySet().stream()
                .filter(clone -> !known.containsKey(clone.getKey()))
                .limit(TOLD_AT_ONCE)
                .forEach(clone -> text.append("&clone=")
                        .append(clone.getKey())
                        .append(':')
                        .append(clone.getValue()));
        return text.toString();
    }

    /**
     * One file begins an epoch at every start, and whoever works on it knows them all. Of two files, the one that knows the epoch
     * the other is in was copied from it and gives way; if neither does, both were started since, and it is the one in the larger.
     */
    private void meetOurselves(SiteId own, Epoch ours, Epoch theirs) {
        boolean weKnow = identity.knows(theirs);
        boolean theyKnow = ours.equals(theirs) || client.knows(ours);
        if (weKnow && theyKnow) {
            throw new PeerException(Fault.ITSELF, "it is this application itself, and is skipped");
        }
        boolean weGiveWay = weKnow == theyKnow ? ours.compareTo(theirs) > 0 : weKnow;
        if (weGiveWay || !takesNewSiteId(own, ours, theirs)) {
            identity.takeNewSiteId(own, theirs);
        }
        throw new IdentityChangedException();
    }

    private boolean takesNewSiteId(SiteId shared, Epoch other, @Nullable Epoch theirs) {
        try {
            return !client.tell(shared, other, theirs).equals(shared);
        } catch (CrrException e) {
            if (Faults.of(e) == Fault.AWAY) {
                throw e; // It may have done so, and the answer been lost. The next round sees.
            }
            return false; // It takes no changes, or was told so shortly before.
        }
    }

    private void meetTwoOthers(SiteId site, Epoch epoch) {
        Epoch other = watch.clash(site, epoch);
        if (other == null) {
            return;
        }
        boolean itsTurn = other.compareTo(epoch) < 0 || watch.declined(other);
        if (itsTurn && !watch.declined(epoch)) {
            if (takesNewSiteId(site, other, null)) {
                throw new IdentityChangedException();
            }
            // It knows the other's epoch, and cannot tell it from its own file. The other one can then.
            watch.decline(epoch);
        }
        throw new PeerException(
                Fault.CLONE,
                "its site id " + site + " is also that of a database in epoch " + other
                        + ": one is a copy of the other, and nothing is exchanged until one of them has taken a new site id");
    }
}
