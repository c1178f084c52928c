package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The identity of a {@link RecordingChangesetService}. */
public final class RecordingReplicaIdentity implements ReplicaIdentity {

    public final Set<Epoch> known = ConcurrentHashMap.newKeySet();
    public final Map<SiteId, SiteId> clones = new ConcurrentHashMap<>();
    private final RecordingChangesetService service;

    public RecordingReplicaIdentity(RecordingChangesetService service) {
        this.service = service;
        known.add(service.epoch);
    }

    @Override
    public SiteId siteId() {
        return service.siteId;
    }

    @Override
    public boolean knows(Epoch epoch) {
        return known.contains(epoch);
    }

    @Override
    public void takeNewSiteId(SiteId shared, Epoch other) {
        if (service.siteId.equals(shared)) {
            service.siteId = SiteId.random();
            clones.put(service.siteId, shared);
        }
    }

    @Override
    public Map<SiteId, SiteId> clones() {
        return Map.copyOf(clones);
    }

    @Override
    public void learn(SiteId copy, SiteId former) {
        clones.put(copy, former);
    }

    @Override
    public @Nullable String lastTaken() {
        return null;
    }
}
