package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who this database is, and what became of others that were copied. Thread-safe; every call is a transaction of its own. */
public interface ReplicaIdentity {

    /**
     * Names this database.
     *
     * @return its present site id
     */
    SiteId siteId();

    /**
     * Tells whether this file ever was in an epoch.
     *
     * @param epoch the epoch
     * @return whether it began here, or in the file this one is a copy of
     */
    boolean knows(Epoch epoch);

    /**
     * Takes a new site id and begins anew with all peers, unless that has happened already.
     *
     * @param shared the id that another database uses too
     * @param other the epoch in which that one is
     */
    void takeNewSiteId(SiteId shared, Epoch other);

    /**
     * Lists site ids that copies of databases took.
     *
     * @return by new id, the id that copy and original had in common
     */
    Map<SiteId, SiteId> clones();

    /**
     * Notes that a copy of a database took a new site id. If it is this database that keeps the id both had, it begins anew with all
     * peers, and else with that one. Does nothing if that is known, or if too many are.
     *
     * @param copy the new id
     * @param former the one it shared until then
     */
    void learn(SiteId copy, SiteId former);

    /**
     * Tells when this database last took a new site id.
     *
     * @return the time in ISO 8601, null if it never did
     */
    @Nullable String lastTaken();
}
