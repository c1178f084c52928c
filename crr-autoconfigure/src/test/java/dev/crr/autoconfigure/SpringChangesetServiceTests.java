package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.CrrException;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.MergedKeys;
import dev.crr.QuarantineFullException;
import dev.crr.RowCounts;
import dev.crr.SiteId;
import dev.crr.TombstoneReport;
import dev.crr.Value;
import dev.crr.shapes.Note;
import dev.crr.sync.Cursor;
import dev.crr.sync.CursorStore;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionTemplate;

class SpringChangesetServiceTests {

    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    @TempDir
    Path directory;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void useAFile() {
        runner = at("here");
    }

    private ApplicationContextRunner at(String name) {
        return Entities.runner(directory.resolve(name + ".db").toString(), Note.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .withBean(MergeListener.class);
    }

    /** What another instance with these notes says. */
    private Changeset from(String name, String... texts) {
        Changeset[] changeset = new Changeset[1];
        at(name).run(context -> {
            for (int index = 0; index < texts.length; index++) {
                persist(
                        context,
                        new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() + index),
                        texts[index]);
            }
            changeset[0] = service(context).changes(ChangeQuery.ALL);
        });
        return Objects.requireNonNull(changeset[0]);
    }

    private static ChangesetService service(ApplicationContext context) {
        return context.getBean(ChangesetService.class);
    }

    private static TransactionTemplate transaction(ApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    private static void persist(ApplicationContext context, UUID id, String text) {
        inTransaction(context, entityManager -> entityManager.persist(note(id, text)));
    }

    private static Note note(UUID id, String text) {
        Note note = new Note();
        note.setId(id);
        note.setText(text);
        return note;
    }

    private static void inTransaction(ApplicationContext context, Consumer<EntityManager> work) {
        transaction(context)
                .executeWithoutResult(status -> work.accept(SharedEntityManagerCreator.createSharedEntityManager(
                        context.getBean(EntityManagerFactory.class))));
    }

    private static List<String> texts(ApplicationContext context) {
        return context.getBean(JdbcTemplate.class).queryForList("SELECT text FROM note ORDER BY id", String.class);
    }

    @Test
    void appliesInATransactionOfItsOwnAndTellsBothKindsOfListeners() {
        Changeset changeset = from("there", "one", "two");
        runner.run(context -> {
            MergeReport report = service(context).apply(changeset);

            assertThat(report.applied()).isPositive();
            assertThat(texts(context)).containsExactly("one", "two");
            MergeListener listener = context.getBean(MergeListener.class);
            assertThat(listener.plain).singleElement().satisfies(event -> {
                assertThat(event.from()).isEqualTo(changeset.siteId());
                assertThat(event.changeset()).isEqualTo(changeset);
                assertThat(event.tables()).containsExactly("note");
                assertThat(event.report()).isEqualTo(report);
            });
            assertThat(listener.transactional).isEqualTo(listener.plain);
            assertThat(listener.completed).isEqualTo(listener.plain);
            assertThat(listener.neverHeard).isEmpty();
        });
    }

    @Test
    void tellsListenersOfAChangesetThatLostButNotOfAnEmptyOne() {
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            MergeListener listener = context.getBean(MergeListener.class);
            service(context).apply(changeset);
            listener.plain.clear();

            MergeReport again = service(context).applyTolerantly(changeset);
            assertThat(again.applied()).isZero();
            assertThat(listener.plain).singleElement().satisfies(event -> {
                assertThat(event.changeset()).isEqualTo(changeset);
                assertThat(event.report()).isEqualTo(again);
                assertThat(event.keys()).isEmpty();
                assertThat(event.tables()).isEmpty();
            });

            Changeset empty = new Changeset(changeset.siteId(), null, 0, 1, null, null, false, List.of());
            service(context).apply(empty);
            service(context).applyTolerantly(empty);
            assertThat(listener.plain).hasSize(1);
        });
    }

    @Test
    void tellsListenersOfWhatCameOutOfTheQuarantine() {
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            MergeListener listener = context.getBean(MergeListener.class);
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            jdbc.execute("CREATE TRIGGER refuse BEFORE INSERT ON note BEGIN SELECT raise(ABORT, 'not now'); END");
            assertThat(service(context).apply(changeset).quarantined()).isPositive();
            service(context).retryQuarantine();
            assertThat(listener.plain)
                    .as("the arrival is told, a retry in vain is not")
                    .singleElement()
                    .satisfies(event -> assertThat(event.keys()).isEmpty());

            jdbc.execute("DROP TRIGGER refuse");
            service(context).retryQuarantine();
            assertThat(texts(context)).containsExactly("one");
            assertThat(listener.plain).hasSize(2).last().satisfies(event -> {
                assertThat(event.from()).isEqualTo(changeset.siteId());
                assertThat(event.changeset()).isNull();
                assertThat(event.tables()).containsExactly("note");
            });
        });
    }

    @Test
    void tellsListenersWhichRowsChanged() {
        Changeset changeset = from("there", "one", "two");
        runner.run(context -> {
            MergeListener listener = context.getBean(MergeListener.class);
            service(context).apply(changeset);
            assertThat(listener.transactional).singleElement().satisfies(event -> {
                assertThat(event.keys()).containsOnlyKeys("note");
                MergedKeys keys = Objects.requireNonNull(event.keys().get("note"));
                assertThat(keys.columns()).containsExactly("id");
                assertThat(keys.complete()).isTrue();
                assertThat(keys.ids(UUID.class)).containsExactlyInAnyOrder(ID, second());
                assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> keys.ids(String.class));
            });

            // One wins, one loses, and one is known.
            List<Change> changes = new ArrayList<>();
            for (Change change : changeset.changes()) {
                if (change.cid().equals("text")) {
                    boolean wins = change.val().equals(Value.of("two"));
                    changes.add(new Change(
                            change.table(),
                            change.key(),
                            change.cid(),
                            Value.of("another"),
                            wins ? 2 : 0,
                            9,
                            change.siteId(),
                            1,
                            0));
                }
            }
            changes.add(changeset.changes().get(0));
            assertThat(changes).hasSize(3);
            service(context)
                    .apply(new Changeset(changeset.siteId(), null, 0, 0, null, null, false, List.copyOf(changes)));
            assertThat(listener.transactional.get(1).keys().values())
                    .singleElement()
                    .satisfies(keys -> assertThat(keys.ids(UUID.class)).containsExactly(second()));
            assertThat(listener.plain).isEqualTo(listener.transactional);
        });
    }

    private static UUID second() {
        return new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() + 1);
    }

    @Test
    void aFailingListenerDoesNotUndoTheMerge() {
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            context.getBean(MergeListener.class).failing = true;
            assertThat(service(context).apply(changeset).applied()).isPositive();
            assertThat(texts(context)).containsExactly("one");
        });
    }

    @Test
    void listenersMayWriteInATransactionOfTheirOwn() {
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            TransactionTemplate own = transaction(context);
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            MergeListener listener = context.getBean(MergeListener.class);
            listener.reaction = () -> own.executeWithoutResult(status -> context.getBean(JdbcTemplate.class)
                    .update("INSERT INTO note (id, text) VALUES (randomblob(16), 'reaction')"));
            service(context).apply(changeset);
            assertThat(texts(context)).containsExactlyInAnyOrder("one", "reaction", "reaction");
        });
    }

    @Test
    void refusesWhatIsOutOfBoundsAsAWhole() {
        Changeset good = from("there", "one");
        Change change = good.changes().get(0);
        Change bad = new Change(
                change.table(),
                change.key(),
                change.cid(),
                change.val(),
                change.colVersion(),
                change.dbVersion(),
                change.siteId(),
                0,
                change.seq());
        Changeset changeset =
                new Changeset(good.siteId(), good.epoch(), 0, good.version(), null, null, false, List.of(change, bad));
        runner.run(context -> {
            assertThatExceptionOfType(MalformedChangesetException.class)
                    .isThrownBy(() -> service(context).apply(changeset));
            assertThat(texts(context)).isEmpty();
        });
    }

    @Test
    void joinsTheCallersTransactionAndFlushesItFirst() {
        Changeset changeset = from("there", "theirs");
        runner.run(context -> {
            MergeListener listener = context.getBean(MergeListener.class);
            UUID other = UUID.randomUUID();
            transaction(context).executeWithoutResult(status -> {
                EntityManager entityManager = SharedEntityManagerCreator.createSharedEntityManager(
                        context.getBean(EntityManagerFactory.class));
                entityManager.persist(note(other, "ours"));
                service(context).apply(changeset);
                assertThat(context.getBean(JdbcTemplate.class)
                                .queryForObject("SELECT count(*) FROM note", Integer.class))
                        .isEqualTo(2);
                assertThat(listener.plain).isEmpty();
                // Another connection sees neither.
                assertThat(service(context).changes(ChangeQuery.ALL).changes()).isEmpty();
                status.setRollbackOnly();
            });
            assertThat(texts(context)).isEmpty();
            assertThat(listener.plain).isEmpty();
            assertThat(listener.transactional).isEmpty();
            assertThat(listener.completed).isEmpty();
            assertThat(listener.neverHeard).isEmpty();
            assertThat(context.getBean(CursorStore.class).received(changeset.siteId(), null))
                    .isEqualTo(Cursor.START);
        });
    }

    @Test
    void nothingStaysOfAMergeThatFailsInsideACallersTransaction() {
        Changeset changeset = from("there", "one", "two");
        Change last = changeset.changes().get(changeset.changes().size() - 1);
        List<Change> changes = new ArrayList<>(changeset.changes());
        changes.add(new Change("nothing", last.key(), "c", Value.of("v"), 1, last.dbVersion(), last.siteId(), 1, 0));
        Changeset failing = new Changeset(
                changeset.siteId(), changeset.epoch(), 0, changeset.version(), null, null, false, changes);
        runner.withPropertyValues("crr.sync.max-quarantined=0").run(context -> {
            assertThatExceptionOfType(UnexpectedRollbackException.class)
                    .isThrownBy(() -> transaction(context).executeWithoutResult(status -> {
                        assertThatExceptionOfType(QuarantineFullException.class)
                                .isThrownBy(() -> service(context).apply(failing));
                        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                        assertThat(jdbc.queryForObject("SELECT merging FROM crr_state", String.class))
                                .isNull();
                        assertThat(texts(context)).isEmpty();
                    }));
            assertThat(context.getBean(MergeListener.class).plain).isEmpty();
            assertThat(service(context).version()).isZero();
            persist(context, ID, "tracked");
            assertThat(service(context).changes(ChangeQuery.ALL).changes()).isNotEmpty();
        });
    }

    @Test
    void aPendingEditIsWrittenBeforeTheMergeNotOverIt() {
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            service(context).apply(changeset);
            inTransaction(context, entityManager -> {
                entityManager.find(Note.class, ID).setText("edited here");
                service(context).apply(changeset);
            });
            assertThat(texts(context)).containsExactly("edited here");
        });
    }

    @Test
    void streamsPiecesWithoutHoldingAConnection() {
        runner.run(context -> {
            for (int index = 0; index < 5; index++) {
                persist(context, UUID.randomUUID(), "note " + index);
            }
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            List<Changeset> pieces = service(context).stream(ChangeQuery.ALL.limitedTo(1))
                    .peek(piece -> assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero())
                    .toList();
            assertThat(pieces).hasSize(5);
            assertThat(pieces.get(4).more()).isFalse();
            assertThat(pieces.stream()
                            .flatMap(piece -> piece.changes().stream())
                            .toList())
                    .isEqualTo(service(context).changes(ChangeQuery.ALL).changes());
            assertThat(service(context).stream(
                            ChangeQuery.since(service(context).version())))
                    .singleElement()
                    .satisfies(piece -> assertThat(piece.changes()).isEmpty());
        });
    }

    @Test
    void concurrentWritersLoseNothingWhateverTheDriversTransactionModeIs() {
        Changeset changeset = from("there", "one", "two", "three");
        for (String mode : List.of("IMMEDIATE", "DEFERRED")) {
            at(mode).withPropertyValues("spring.datasource.hikari.data-source-properties.transaction_mode=" + mode)
                    .run(context -> applyFromSeveralThreads(context, changeset));
        }
    }

    private static void applyFromSeveralThreads(AssertableApplicationContext context, Changeset changeset)
            throws Exception {
        int threads = 4;
        int rounds = 20;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> results = IntStream.range(0, threads)
                    .mapToObj(thread -> executor.submit(() -> {
                        start.await();
                        long applied = 0;
                        for (int round = 0; round < rounds; round++) {
                            applied += service(context).apply(changeset).applied();
                            context.getBean(JdbcTemplate.class)
                                    .update(
                                            "INSERT INTO note (id, text) VALUES (randomblob(16), ?)",
                                            thread + "/" + round);
                        }
                        return applied;
                    }))
                    .toList();
            long applied = 0;
            for (Future<Long> result : results) {
                applied += result.get();
            }
            assertThat(applied).isEqualTo(changeset.changes().size());
            assertThat(texts(context)).hasSize(threads * rounds + 3);
            assertThat(context.getBean(MergeListener.class).plain)
                    .hasSize(threads * rounds)
                    .filteredOn(event -> !event.keys().isEmpty())
                    .hasSize(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void reportsALockAsSuch() {
        Changeset changeset = from("there", "one");
        runner.withPropertyValues("spring.datasource.hikari.data-source-properties.busy_timeout=50")
                .run(context -> inTransaction(context, entityManager -> {
                    entityManager.persist(note(UUID.randomUUID(), "holds the lock"));
                    entityManager.flush();
                    assertThatExceptionOfType(CannotAcquireLockException.class)
                            .isThrownBy(() -> context.getBean(CursorStore.class)
                                    .recordSent(changeset.siteId(), null, new Cursor(1, null)));
                }));
    }

    @Test
    void refusesATransactionManagerOfAnotherDataSource() {
        Changeset changeset = from("there", "one");
        try (HikariDataSource other = new HikariDataSource()) {
            other.setJdbcUrl("jdbc:sqlite:" + directory.resolve("other.db"));
            runner.withBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(other))
                    .run(context -> {
                        assertThatExceptionOfType(CrrException.class)
                                .isThrownBy(() -> service(context).apply(changeset))
                                .withMessageContaining("transaction manager");
                        assertThat(texts(context)).isEmpty();
                    });
        }
    }

    @Test
    void worksWithAJdbcTransactionManager() {
        Changeset changeset = from("there", "one");
        runner.withUserConfiguration(JdbcTransactions.class).run(context -> {
            assertThat(service(context).apply(changeset).applied()).isPositive();
            assertThat(texts(context)).containsExactly("one");
        });
    }

    @Test
    void cleansUpTombstonesOnlyWhereThatIsSwitchedOn() {
        runner.run(context -> {
            persist(context, ID, "gone");
            inTransaction(context, entityManager -> entityManager.remove(entityManager.find(Note.class, ID)));
            ChangesetService service = service(context);
            Set<SiteId> alone = Set.of(service.siteId());
            assertThat(service.cleanTombstones(alone, true).tables())
                    .containsEntry("note", new TombstoneReport.Table(1, 0));
            assertThatThrownBy(() -> service.cleanTombstones(alone, false))
                    .isInstanceOf(CrrException.class)
                    .hasMessageContaining("crr.tombstones.cleanup-enabled=true");
        });
        runner.withPropertyValues("crr.tombstones.cleanup-enabled=true").run(context -> {
            ChangesetService service = service(context);
            assertThat(service.rowCounts()).containsEntry("note", new RowCounts(0, 1));
            service.cleanTombstones(Set.of(service.siteId()), false);
            assertThat(service.rowCounts()).containsEntry("note", new RowCounts(0, 0));
            // Later entities are tracked under the new triggers.
            persist(context, ID, "again");
            assertThat(service.changes(ChangeQuery.ALL).changes())
                    .extracting(Change::cl)
                    .containsOnly(3L);
        });
    }

    @Test
    void keepsCursors() {
        SiteId peer = SiteId.random();
        Changeset changeset = from("there", "one");
        runner.run(context -> {
            CursorStore cursors = context.getBean(CursorStore.class);
            assertThat(cursors.received(peer, null)).isEqualTo(Cursor.START);
            assertThat(cursors.sent(peer, null)).isEqualTo(Cursor.START);
            cursors.recordSent(peer, null, new Cursor(5, null));
            cursors.acknowledgeSent(peer, null, new Cursor(3, null));
            assertThat(cursors.sent(peer, null).version()).isEqualTo(5);
            cursors.recordSent(peer, null, new Cursor(2, null));
            assertThat(cursors.sent(peer, null).version()).isEqualTo(2);
            assertThat(cursors.sent(peer, "scope")).isEqualTo(Cursor.START);

            service(context).apply(changeset);
            assertThat(cursors.received(changeset.siteId(), null))
                    .isEqualTo(new Cursor(changeset.version(), changeset.epoch()));
            cursors.rewindReceived(changeset.siteId(), null, 0, null);
            assertThat(cursors.received(changeset.siteId(), null).version()).isZero();
            assertThat(service(context).trackedPeers()).hasSize(2);
        });
    }

    @Test
    void answersWhatThereIs() {
        runner.run(context -> {
            persist(context, ID, "one");
            ChangesetService service = service(context);
            assertThat(service.version()).isEqualTo(1);
            assertThat(service.epoch()).isNotNull();
            assertThat(service.rowCounts()).containsOnlyKeys("note");
            assertThat(service.changes(ChangeQuery.ALL).changes())
                    .anySatisfy(change -> assertThat(change.val()).isEqualTo(Value.of("one")))
                    .noneMatch(change -> change.cid().equals("draft"));
        });
    }
}
