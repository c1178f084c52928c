package dev.crr.autoconfigure;

import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.engine.CrrEngine;
import dev.crr.sync.ReplicaIdentity;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The identity that is in the file. Must not be changed from inside a transaction: SQLite has one writer. */
final class SpringReplicaIdentity implements ReplicaIdentity {

    private static final Logger log = LoggerFactory.getLogger(SpringReplicaIdentity.class);

    private final CrrEngine engine;
    private final CrrDatabase database;

    SpringReplicaIdentity(CrrEngine engine, CrrDatabase database) {
        this.engine = engine;
        this.database = database;
    }

    @Override
    public SiteId siteId() {
        return database.call("Read the site id", engine::identity).siteId();
    }

    @Override
    public boolean knows(Epoch epoch) {
        return database.call("Look an epoch up", connection -> engine.knows(connection, epoch));
    }

    @Override
    public void takeNewSiteId(SiteId shared, Epoch other) {
        database.write("Take a new site id", connection -> {
            if (engine.identity(connection).siteId().equals(shared)) {
                SiteId fresh = engine.takeNewSiteId(connection);
                log.warn(
                        "A copy of this database is in use beside it, or the one this is a copy of: it has the same site id {}"
                                + " and is in epoch {}. This one is {} from now on, and exchanges everything with its peers"
                                + " once more.",
                        shared,
                        other,
                        fresh);
            }
        });
    }

    @Override
    public Map<SiteId, SiteId> clones() {
        return database.call("List copies of databases", engine::clones);
    }

    @Override
    public void learn(SiteId copy, SiteId former) {
        database.write("Note a copy of a database", connection -> {
            if (engine.learnClone(connection, copy, former)) {
                log.info("The database {} was a copy of {}, or the other way round", copy, former);
            }
        });
    }

    @Override
    public @Nullable String lastTaken() {
        return database.call(
                        "Read when the site id was taken",
                        connection -> Optional.ofNullable(engine.lastNewSiteId(connection)))
                .orElse(null);
    }
}
