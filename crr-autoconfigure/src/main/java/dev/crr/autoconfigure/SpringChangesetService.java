package dev.crr.autoconfigure;

import dev.crr.ChangePolicy;
import dev.crr.ChangeQuery;
import dev.crr.ChangesMergedEvent;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.MergeReport;
import dev.crr.MergedKeys;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.QuarantinedChange;
import dev.crr.ReplicatedTable;
import dev.crr.RestlessTriggers;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.MergedRows;
import dev.crr.jpa.CacheInvalidation;
import dev.crr.jpa.EntityCaches;
import dev.crr.jpa.EntityKeys;
import dev.crr.sync.ExchangeObserver;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The service over Spring's transactions. Reads what is committed, over connections of its own, even inside a transaction. Database
 * failures are Spring's {@link org.springframework.dao.DataAccessException}, as they are from repositories.
 *
 * <p>Entities loaded before {@link #apply} in the same transaction keep their old state until refreshed.
 */
final class SpringChangesetService implements ChangesetService {

    /** Merges something, and adds what there is to tell of it. */
    @FunctionalInterface
    private interface Merging<T> {
        T run(Connection connection, List<ChangesMergedEvent> merged) throws SQLException;
    }

    private final CrrEngine engine;
    private final CrrDatabase database;
    private final EntityManagerFactory entityManagerFactory;
    private final TransactionTemplate transaction;
    private final TransactionTemplate publication = new TransactionTemplate(new EmptyTransactions());
    private final ApplicationEventPublisher events;
    private final @Nullable ChangePolicy policy;
    private final ExchangeObserver observer;
    private final EntityKeys keys;
    private final boolean cleansTombstones;

    /** Empty if there are no caches to care for. */
    private final List<EntityCaches> caches;

    SpringChangesetService(
            CrrEngine engine,
            CrrDatabase database,
            EntityManagerFactory entityManagerFactory,
            List<EntityManagerFactory> onTheSameData,
            PlatformTransactionManager transactionManager,
            ApplicationEventPublisher events,
            @Nullable ChangePolicy policy,
            ExchangeObserver observer,
            boolean cleansTombstones) {
        this.engine = engine;
        this.database = database;
        this.entityManagerFactory = entityManagerFactory;
        this.transaction = new TransactionTemplate(transactionManager);
        this.events = events;
        this.policy = policy;
        this.observer = observer;
        this.keys = EntityKeys.of(entityManagerFactory);
        this.cleansTombstones = cleansTombstones;
        this.caches = onTheSameData.stream()
                .map(EntityCaches::of)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public SiteId siteId() {
        return identity().siteId();
    }

    @Override
    public Epoch epoch() {
        return identity().epoch();
    }

    @Override
    public long version() {
        return identity().version();
    }

    private CrrEngine.Identity identity() {
        return database.call("Read the site id", engine::identity);
    }

    @Override
    public @Nullable PeerRules rules(PeerIdentity peer) {
        return policy == null
                ? null
                : PeerRules.of(
                        policy,
                        peer,
                        tables().stream().map(ReplicatedTable::name).toList());
    }

    @Override
    public Changeset changes(ChangeQuery query) {
        return changes(query, null);
    }

    @Override
    public Changeset changes(ChangeQuery query, @Nullable PeerRules rules) {
        return database.call("Read changes", connection -> {
            engine.takeBackAbandoned(connection);
            return engine.read(connection, query, rules);
        });
    }

    @Override
    public Stream<Changeset> stream(ChangeQuery query) {
        return StreamSupport.stream(new Pieces(query), false);
    }

    @Override
    public MergeReport apply(Changeset changeset) {
        return apply(changeset, null);
    }

    @Override
    public MergeReport apply(Changeset changeset, @Nullable PeerRules rules) {
        return observer.apply(
                changeset,
                () -> transact(
                        "Apply a changeset",
                        (connection, merged) -> merged(
                                changeset, engine.merge(connection, inOwnScope(changeset, rules), rules), merged)));
    }

    @Override
    public MergeReport applyTolerantly(Changeset changeset) {
        return applyTolerantly(changeset, null);
    }

    @Override
    public MergeReport applyTolerantly(Changeset changeset, @Nullable PeerRules rules) {
        return observer.apply(
                changeset,
                () -> transact(
                        "Apply a changeset",
                        (connection, merged) -> merged(
                                changeset,
                                engine.mergeTolerantly(connection, inOwnScope(changeset, rules), rules),
                                merged)));
    }

    private MergeReport merged(Changeset changeset, CrrEngine.Merge merge, List<ChangesMergedEvent> merged) {
        if (!changeset.changes().isEmpty()) {
            merged.add(event(changeset.siteId(), changeset, merge));
        }
        return merge.report();
    }

    private static Changeset inOwnScope(Changeset changeset, @Nullable PeerRules rules) {
        return rules == null ? changeset : changeset.in(rules.own(changeset.scope()));
    }

    @Override
    public Map<SiteId, MergeReport> retryQuarantine() {
        return transact("Retry quarantined changes", (connection, merged) -> {
            Map<SiteId, MergeReport> reports = new LinkedHashMap<>();
            engine.retryQuarantine(connection).forEach((sender, merge) -> note(reports, sender, merge, merged));
            engine.retryRefused(connection, this::rules)
                    .forEach(retried -> note(reports, retried.sender(), retried.merge(), merged));
            return reports;
        });
    }

    @Override
    public Map<SiteId, MergeReport> retryChanged() {
        if (!database.call("Look at the quarantine", engine::isRetryDue)) {
            return Map.of();
        }
        return transact("Retry quarantined changes of rows that changed", (connection, merged) -> {
            Map<SiteId, MergeReport> reports = new LinkedHashMap<>();
            engine.retryChanged(connection).forEach((sender, merge) -> note(reports, sender, merge, merged));
            return reports;
        });
    }

    private void note(
            Map<SiteId, MergeReport> reports, SiteId sender, CrrEngine.Merge merge, List<ChangesMergedEvent> merged) {
        if (!merge.rows().isEmpty()) {
            merged.add(event(sender, null, merge));
        }
        reports.merge(sender, merge.report(), MergeReport::plus);
    }

    private ChangesMergedEvent event(SiteId sender, @Nullable Changeset changeset, CrrEngine.Merge merge) {
        Map<String, MergedKeys> changed = new HashMap<>();
        if (!merge.rows().isEmpty()) {
            invalidate(merge.rows());
            merge.rows().forEach((table, rows) -> changed.put(table, keys.read(table, rows)));
        }
        return new ChangesMergedEvent(sender, changeset, merge.report(), changed);
    }

    private void invalidate(Map<String, MergedRows> rows) {
        if (!caches.isEmpty()) {
            List<CacheInvalidation> begun = new ArrayList<>();
            TransactionSynchronizationManager.registerSynchronization(new CachesUntilCompletion(begun));
            caches.forEach(each -> begun.add(each.begin(rows)));
        }
    }

    /** Works inside the caller's transaction, or else in one of its own. */
    private <T> T transact(String task, Merging<T> work) {
        List<ChangesMergedEvent> merged = new ArrayList<>();
        T result = Objects.requireNonNull(transaction.execute(status -> {
            T done = merge(task, work, merged);
            if (!status.isNewTransaction()) {
                publishAfterCommit(merged);
                merged.clear();
            }
            return done;
        }));
        if (!merged.isEmpty()) {
            // The connection is back in the pool by now, where a listener may need it.
            publication.executeWithoutResult(status -> publishAfterCommit(merged));
        }
        return result;
    }

    private <T> T merge(String task, Merging<T> work, List<ChangesMergedEvent> merged) {
        flush();
        Connection connection = DataSourceUtils.getConnection(database.dataSource());
        try {
            requireTransaction(connection);
            database.requireSameFile(connection);
            CrrEngine.lock(connection);
            return work.run(connection, merged);
        } catch (SQLException ex) {
            throw SqliteExceptions.translate(task, ex);
        } finally {
            DataSourceUtils.releaseConnection(connection, database.dataSource());
        }
    }

    private void publishAfterCommit(List<ChangesMergedEvent> merged) {
        merged.forEach(event ->
                TransactionSynchronizationManager.registerSynchronization(new PublicationAfterCommit(events, event)));
    }

    private static void requireTransaction(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new CrrException("The transaction manager does not manage the DataSource of the replicated tables,"
                    + " so a changeset could be applied in part. Use a JpaTransactionManager or a"
                    + " DataSourceTransactionManager for that DataSource, and mark it @Primary if there are others.");
        }
    }

    @Override
    public List<QuarantinedChange> quarantine(int limit) {
        return database.call("List quarantined changes", connection -> engine.quarantine(connection, limit));
    }

    @Override
    public long quarantined() {
        return database.call("Count quarantined changes", engine::quarantined);
    }

    @Override
    public @Nullable RestlessTriggers restless() {
        return engine.restless();
    }

    @Override
    public int clearQuarantine(@Nullable String table) {
        return database.call("Clear the quarantine", connection -> engine.clearQuarantine(connection, table));
    }

    /** What the caller has changed so far is older than the merge, and must not be written over it afterwards. */
    private void flush() {
        if (TransactionSynchronizationManager.getResource(entityManagerFactory) instanceof EntityManagerHolder holder
                && holder.getEntityManager().isJoinedToTransaction()) {
            holder.getEntityManager().flush();
        }
    }

    @Override
    public List<TrackedPeer> trackedPeers() {
        return database.call("Read the tracked peers", engine::trackedPeers);
    }

    @Override
    public TombstoneReport cleanTombstones(Set<SiteId> members, boolean dryRun) {
        if (!dryRun && !cleansTombstones) {
            throw new CrrException(
                    "the clean-up of tombstones is switched off: set crr.tombstones.cleanup-enabled=true");
        }
        return database.call("Clean up tombstones", connection -> engine.cleanTombstones(connection, members, dryRun));
    }

    @Override
    public List<Horizon> horizons() {
        return database.call("Read the horizons", engine::horizons);
    }

    @Override
    public List<ReplicatedTable> tables() {
        return database.call("Read the replicated tables", engine::tables);
    }

    @Override
    public Map<String, RowCounts> rowCounts() {
        return database.call("Count rows", engine::rowCounts);
    }

    /** Reads piece after piece, each when it is asked for. */
    private final class Pieces extends Spliterators.AbstractSpliterator<Changeset> {

        private @Nullable ChangeQuery next;

        Pieces(ChangeQuery first) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.next = first;
        }

        @Override
        public boolean tryAdvance(Consumer<? super Changeset> action) {
            ChangeQuery query = next;
            if (query == null) {
                return false;
            }
            Changeset piece = changes(query);
            next = piece.more() ? query.after(piece.version(), piece.epoch()) : null;
            action.accept(piece);
            return true;
        }
    }
}
