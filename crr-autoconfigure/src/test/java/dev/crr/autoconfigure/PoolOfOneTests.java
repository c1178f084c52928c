package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Nobody waits for a connection that he holds himself: a wait takes an hour, and fails the test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolOfOneTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(int connections) {
        return Entities.runner(directory.resolve("test.db").toString(), Note.class)
                .withBean(MergeListener.class)
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update",
                        "spring.datasource.hikari.maximum-pool-size=" + connections,
                        "spring.datasource.hikari.connection-timeout=3600000");
    }

    private static TransactionTemplate transaction(ApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    private static Note note(UUID id) {
        Note note = new Note();
        note.setId(id);
        note.setText("ours");
        return note;
    }

    private static Changeset changeset(int number) {
        SiteId sender = SiteId.random();
        Change change = new Change(
                "note",
                List.of(Value.of(new byte[] {1, (byte) number})),
                "text",
                Value.of("theirs"),
                1,
                1,
                sender,
                1,
                1);
        return new Changeset(sender, null, 0, 1, null, null, false, List.of(change));
    }

    @Test
    void theServiceReadsInsideATransactionWhatIsCommitted() {
        runner(1).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            EntityManager notes =
                    SharedEntityManagerCreator.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
            transaction(context).executeWithoutResult(status -> {
                notes.persist(note(new UUID(1, 1)));
                notes.flush();
                assertThat(service.siteId()).isNotNull();
                assertThat(service.version()).isZero();
                assertThat(service.changes(ChangeQuery.ALL).changes()).isEmpty();
                assertThat(service.stream(ChangeQuery.ALL).toList()).hasSize(1);
                assertThat(service.quarantined()).isZero();
                assertThat(service.trackedPeers()).isEmpty();
            });
            assertThat(service.version()).isPositive();
            assertThat(service.changes(ChangeQuery.ALL).changes()).isNotEmpty();
        });
    }

    @Test
    void theServiceReadsAndMergesInAViewThatHasRead() {
        runner(1).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
            EntityManager view = factory.createEntityManager();
            TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
            try {
                view.find(Note.class, new UUID(1, 1));
                assertThat(service.version()).isZero();
                assertThat(service.apply(changeset(1)).applied()).isPositive();
                assertThat(service.version()).isPositive();
            } finally {
                TransactionSynchronizationManager.unbindResource(factory);
                EntityManagerFactoryUtils.closeEntityManager(view);
            }
        });
    }

    @Test
    void listenersReadAndWriteWhileNoConnectionIsHeld() {
        runner(1).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            List<Integer> held = new CopyOnWriteArrayList<>();
            TransactionTemplate own = transaction(context);
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            context.getBean(MergeListener.class).reaction = () -> {
                held.add(pool.getHikariPoolMXBean().getActiveConnections());
                assertThat(service.version()).isPositive();
                own.executeWithoutResult(status -> context.getBean(JdbcTemplate.class)
                        .update("INSERT INTO note (id, text) VALUES (randomblob(16), 'reaction')"));
            };
            service.apply(changeset(1));
            assertThat(held).containsExactly(0, 0);
            assertThat(context.getBean(JdbcTemplate.class).queryForObject("SELECT count(*) FROM note", Integer.class))
                    .isEqualTo(3);
        });
    }

    @Test
    void listenersReadInACallersTransactionThatHasMerged() {
        runner(1).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            List<Long> versions = new CopyOnWriteArrayList<>();
            context.getBean(MergeListener.class).reaction = () -> versions.add(service.version());
            transaction(context).executeWithoutResult(status -> service.apply(changeset(1)));
            assertThat(versions).hasSize(2).allMatch(version -> version > 0);
        });
    }

    @Test
    void asManyMergesAsThereAreConnectionsReadInTheirListeners() throws Exception {
        int merges = 3;
        runner(merges).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            CountDownLatch all = new CountDownLatch(merges);
            context.getBean(MergeListener.class).reaction = () -> {
                all.countDown();
                try {
                    all.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertThat(service.changes(ChangeQuery.ALL).changes()).hasSize(merges);
            };
            ExecutorService threads = Executors.newFixedThreadPool(merges);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < merges; i++) {
                    int number = i;
                    running.add(threads.submit(() ->
                            transaction(context).executeWithoutResult(status -> service.apply(changeset(number)))));
                }
                for (Future<?> each : running) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(context.getBean(MergeListener.class).transactional).hasSize(merges);
        });
    }
}
