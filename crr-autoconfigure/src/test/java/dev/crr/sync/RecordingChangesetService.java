package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.ChangesetService;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.MergeReport;
import dev.crr.QuarantinedChange;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stands in for a database in tests of what goes on around it: answers as it is told, and notes what it was asked. */
public final class RecordingChangesetService implements ChangesetService {

    public volatile SiteId siteId;
    public final Epoch epoch = Epoch.parse("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    public final List<ChangeQuery> queries = new CopyOnWriteArrayList<>();
    public final List<Changeset> applied = new CopyOnWriteArrayList<>();
    public final InMemoryCursorStore cursors = new InMemoryCursorStore();
    public final RecordingReplicaIdentity identity = new RecordingReplicaIdentity(this);
    public volatile long version;
    public volatile List<ReplicatedTable> tables =
            List.of(new ReplicatedTable("deck", "Deck", List.of("id"), List.of("name")));
    public volatile Function<ChangeQuery, Changeset> reading = this::nothing;
    public volatile Function<Changeset, MergeReport> merging = this::merged;

    public RecordingChangesetService() {
        this(SiteId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    }

    public RecordingChangesetService(SiteId siteId) {
        this.siteId = siteId;
    }

    public Changeset nothing(ChangeQuery query) {
        return new Changeset(
                siteId,
                epoch,
                query.since(),
                Math.max(version, query.since()),
                query.exclude(),
                query.scope(),
                false,
                List.of());
    }

    public MergeReport merged(Changeset changeset) {
        ChangesetBounds.check(changeset);
        cursors.moveReceived(changeset.siteId(), changeset.scope(), new Cursor(changeset.version(), changeset.epoch()));
        return new MergeReport(
                siteId,
                epoch,
                changeset.version(),
                changeset.epoch(),
                changeset.changes().size(),
                0,
                0,
                version);
    }

    @Override
    public SiteId siteId() {
        return siteId;
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public Changeset changes(ChangeQuery query) {
        queries.add(query);
        return reading.apply(query);
    }

    @Override
    public Stream<Changeset> stream(ChangeQuery query) {
        return Stream.of(changes(query));
    }

    @Override
    public MergeReport apply(Changeset changeset) {
        applied.add(changeset);
        return merging.apply(changeset);
    }

    @Override
    public MergeReport applyTolerantly(Changeset changeset) {
        return apply(changeset);
    }

    @Override
    public List<QuarantinedChange> quarantine(int limit) {
        return List.of();
    }

    @Override
    public long quarantined() {
        return 0;
    }

    @Override
    public Map<SiteId, MergeReport> retryQuarantine() {
        return Map.of();
    }

    @Override
    public int clearQuarantine(@Nullable String table) {
        return 0;
    }

    @Override
    public List<TrackedPeer> trackedPeers() {
        return List.of();
    }

    @Override
    public TombstoneReport cleanTombstones(Set<SiteId> members, boolean dryRun) {
        if (!members.contains(siteId)) {
            throw new CrrException("this one is not among the members");
        }
        return new TombstoneReport(
                dryRun,
                version,
                Map.of("deck", new TombstoneReport.Table(1, 0)),
                List.of(new TombstoneReport.Behind(SiteId.parse("b".repeat(32)), 1, 2)));
    }

    @Override
    public List<Horizon> horizons() {
        return List.of(new Horizon(siteId, 3, 7, Map.of(siteId, 7L)));
    }

    @Override
    public List<ReplicatedTable> tables() {
        return tables;
    }

    @Override
    public Map<String, RowCounts> rowCounts() {
        return Map.of("deck", new RowCounts(3, 1));
    }
}
