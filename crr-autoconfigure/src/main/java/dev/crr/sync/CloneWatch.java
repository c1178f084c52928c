package dev.crr.sync;

import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.SiteId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a database and a copy of it are in use at the same time, and sees to it that one of the two takes a new site id:
 * this one, if it is one of them, or one of two others that were met here. Thread-safe.
 */
public final class CloneWatch {

    /** Who may write here may not make us begin anew with everybody as often as it likes. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final int REMEMBERED = 100;

    private final ReplicaIdentity identity;
    private final EpochWatch epochs = new EpochWatch();
    private @Nullable Long obeyed;

    /** Copies that are known to have another site id now, so that what was noticed before says nothing of who is left. */
    private final Set<SiteId> settled = ConcurrentHashMap.newKeySet();

    /** Epochs in which somebody was told to take a new site id and did not. */
    private final Set<Epoch> declined = ConcurrentHashMap.newKeySet();

    /**
     * @param identity who this database is
     */
    public CloneWatch(ReplicaIdentity identity) {
        this.identity = identity;
    }

    /**
     * Notes who asks for changes. Who may only read is believed nothing of us.
     *
     * @param site who it says it is
     * @param epoch its present epoch
     * @throws SharedSiteIdException if it has to take a new site id first
     */
    public void askedBy(SiteId site, Epoch epoch) {
        if (site.equals(identity.siteId())) {
            return;
        }
        Epoch other = clash(site, epoch);
        if (other != null && other.compareTo(epoch) < 0) {
            throw SharedSiteIdException.of(site, other);
        }
    }

    /**
     * Notes who sends changes, and takes a new site id if the sender is another database with ours.
     *
     * @param changeset what it sends
     * @param epoch its present epoch, null if it does not tell
     * @param unknown the epoch of ours that it never was in, if it says so
     * @param clones copies it knows of, by their new ids
     * @throws SharedSiteIdException if somebody has to take a new site id first
     */
    public void sentBy(
            Changeset changeset, @Nullable Epoch epoch, @Nullable Epoch unknown, Map<SiteId, SiteId> clones) {
        learn(clones);
        SiteId own = identity.siteId();
        if (changeset.siteId().equals(own)) {
            Epoch theirs = epoch == null ? changeset.epoch() : epoch;
            if (theirs != null && !isOurFile(theirs, unknown) && !obey(own, theirs)) {
                throw SharedSiteIdException.of(own, theirs);
            }
        } else if (epoch != null) {
            askedBy(changeset.siteId(), epoch);
        }
    }

    /** All who work on one file know each other's epochs, whoever of them began the present one. */
    private boolean isOurFile(Epoch theirs, @Nullable Epoch unknownToThem) {
        return identity.knows(theirs) && (unknownToThem == null || !identity.knows(unknownToThem));
    }

    void learn(Map<SiteId, SiteId> clones) {
        if (!clones.isEmpty()) {
            Map<SiteId, SiteId> known = identity.clones();
            clones.forEach((copy, former) -> {
                if (!known.containsKey(copy)) {
                    identity.learn(copy, former);
                }
            });
        }
    }

    /** Takes a new site id because somebody says so; false if that was done shortly before. */
    boolean obey(SiteId own, Epoch other) {
        synchronized (this) {
            long now = System.nanoTime();
            if (obeyed != null && now - obeyed < PATIENCE.toNanos()) {
                return false;
            }
            obeyed = now;
        }
        identity.takeNewSiteId(own, other);
        return true;
    }

    void decline(Epoch epoch) {
        if (declined.size() >= REMEMBERED) {
            declined.clear();
        }
        declined.add(epoch);
    }

    boolean declined(Epoch epoch) {
        return declined.contains(epoch);
    }

    ReplicaIdentity identity() {
        return identity;
    }

    /**
     * Notes that another database was met in an epoch.
     *
     * @return the least epoch in which somebody else was met under its site id; null if nobody was, or they have parted since
     */
    @Nullable Epoch clash(SiteId site, Epoch epoch) {
        Epoch other = epochs.clash(site, epoch);
        if (other == null || !haveParted(site)) {
            return other;
        }
        epochs.forget(site);
        return epochs.clash(site, epoch);
    }

    /** Whether it has become known that a copy of this database has another site id now. Another process may have heard of it. */
    private boolean haveParted(SiteId site) {
        boolean news = false;
        for (Map.Entry<SiteId, SiteId> clone : identity.clones().entrySet()) {
            news |= clone.getValue().equals(site) && settled.add(clone.getKey());
        }
        return news;
    }
}
