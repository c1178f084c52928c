package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PessimisticLockException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions inside others, with the starter's defaults. Waiting for a lock takes an hour, so whoever waits for itself fails the test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocksTests {

    private static final UUID ID = new UUID(1, 1);

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(String busyTimeout) {
        return Entities.runner(
                        directory.resolve("test.db").toString(),
                        Stream.concat(Stream.of(Note.class), Arrays.stream(GeneratedKeys.CLASSES))
                                .toArray(Class<?>[]::new))
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=" + busyTimeout);
    }

    private void run(Consumer<App> work) {
        run("3600000", work);
    }

    private void run(String busyTimeout, Consumer<App> work) {
        runner(busyTimeout).run(context -> {
            App app = new App(context);
            app.outer(() -> app.notes.persist(note(ID, "0")));
            app.jdbc.execute("CREATE TABLE audit (what TEXT)");
            work.accept(app);
        });
    }

    private static Note note(UUID id, String text) {
        Note note = new Note();
        note.setId(id);
        note.setText(text);
        return note;
    }

    @Test
    void entitiesWithGeneratedNumbersCanBeStoredFirstThing() {
        run(app -> {
            for (Supplier<Object> entity : GeneratedKeys.ALL) {
                for (int i = 0; i < 12; i++) {
                    app.outer(() -> app.notes.persist(entity.get()));
                }
            }
            assertThat(app.count("AutoKey") + app.count("TableKey") + app.count("SequenceKey") + app.count("PooledKey"))
                    .isEqualTo(48);
        });
    }

    @Test
    void entitiesWithGeneratedNumbersCanBeStoredAfterARead() {
        run(app -> {
            for (Supplier<Object> entity : GeneratedKeys.ALL) {
                for (int i = 0; i < 12; i++) {
                    app.outer(() -> {
                        Note read = app.notes.find(Note.class, ID);
                        app.count("AutoKey");
                        app.notes.persist(entity.get());
                        app.notes.persist(entity.get());
                        read.setText(String.valueOf(1 + Integer.parseInt(String.valueOf(read.getText()))));
                    });
                }
            }
            assertThat(app.text()).isEqualTo("48");
            assertThat(app.count("PooledKey")).isEqualTo(24);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInnerTransactionWritesAfterTheOuterOneHasRead(boolean readOnly) {
        run(app -> {
            TransactionTemplate outer = app.transaction(TransactionDefinition.PROPAGATION_REQUIRED);
            outer.setReadOnly(readOnly);
            outer.executeWithoutResult(status -> {
                assertThat(app.notes.find(Note.class, ID).getText()).isEqualTo("0");
                for (int i = 1; i <= 3; i++) {
                    int number = i;
                    app.inner(() -> app.notes.find(Note.class, ID).setText(String.valueOf(number)));
                }
                // The snapshot stays what it was.
                assertThat(app.text()).isEqualTo("0");
            });
            assertThat(app.text()).isEqualTo("3");
        });
    }

    @Test
    void theInnerOneMayRollBackAndTheOuterOneGoesOn() {
        run(app -> app.outer(() -> {
            Note read = app.notes.find(Note.class, ID);
            app.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult(status -> {
                app.jdbc.update("UPDATE note SET text = 'never'");
                status.setRollbackOnly();
            });
            assertThat(app.isLockedForOthers()).isTrue();
            read.setText("1");
            app.notes.flush();
        }));
        assertThat(readBack()).isEqualTo("1");
    }

    @Test
    void anInnerOneWritesWhereTheOuterOneHasNotReadAndBothAreKept() {
        run(app -> {
            app.outer(() -> {
                Note read = app.notes.find(Note.class, ID);
                app.inner(() -> {
                    app.jdbc.queryForList("SELECT what FROM audit");
                    app.notes.persist(GeneratedKeys.ALL.get(1).get());
                    app.jdbc.update("INSERT INTO audit VALUES ('looked')");
                });
                assertThat(app.isLockedForOthers()).isTrue();
                read.setText("1");
            });
            assertThat(app.text()).isEqualTo("1");
            assertThat(app.jdbc.queryForList("SELECT what FROM audit", String.class))
                    .containsExactly("looked");
        });
    }

    @Test
    void theOuterOneCannotWriteOverWhatAnInnerOneHasChangedSince() {
        run(app -> {
            assertThatExceptionOfType(CannotAcquireLockException.class)
                    .isThrownBy(() -> app.outer(() -> {
                        Note read = app.notes.find(Note.class, ID);
                        app.inner(() -> app.jdbc.update("UPDATE note SET text = 'inner'"));
                        read.setText("outer");
                    }))
                    .withMessageContaining("cannot write")
                    .withMessageContaining("table note")
                    .withMessageContaining("REQUIRES_NEW");
            assertThat(app.text()).isEqualTo("inner");
            app.outer(() -> app.notes.find(Note.class, ID).setText("again"));
            assertThat(app.text()).isEqualTo("again");
        });
    }

    @Test
    void triggersAndVirtualTablesCountAsReadAndWritten() {
        run(app -> {
            app.jdbc.execute("CREATE VIRTUAL TABLE found USING fts5(text, content='note')");
            app.jdbc.execute(
                    "CREATE TRIGGER sidelong AFTER INSERT ON audit BEGIN UPDATE note SET text = new.what; END");
            for (String read : List.of("SELECT count(*) FROM found", "SELECT text FROM note")) {
                assertThatExceptionOfType(CannotAcquireLockException.class)
                        .isThrownBy(() -> app.outer(() -> {
                            app.jdbc.queryForList(read);
                            app.inner(() -> app.jdbc.update("INSERT INTO audit VALUES ('x')"));
                            app.jdbc.update("UPDATE note SET text = 'outer'");
                        }));
            }
            app.outer(() -> {
                app.jdbc.queryForList("SELECT count(*) FROM found");
                app.inner(() -> app.notes.persist(GeneratedKeys.ALL.get(0).get()));
                app.jdbc.update("UPDATE note SET text = 'outer'");
            });
            assertThat(app.text()).isEqualTo("outer");
        });
    }

    @Test
    void aResultThatIsStillOpenIsReadToItsEnd() {
        run(app -> {
            app.outer(() -> app.notes.persist(note(new UUID(2, 2), "second")));
            List<String> texts = new ArrayList<>();
            app.outer(() -> app.jdbc.query("SELECT text FROM note ORDER BY id", row -> {
                texts.add(row.getString(1));
                app.inner(() -> app.jdbc.update("INSERT INTO note (id, text) VALUES (randomblob(16), 'more')"));
            }));
            assertThat(texts).containsExactlyInAnyOrder("0", "second");
            assertThatExceptionOfType(CannotAcquireLockException.class)
                    .isThrownBy(() -> app.outer(() -> app.jdbc.query("SELECT text FROM note", row -> {
                        app.inner(() -> app.jdbc.update("INSERT INTO audit VALUES ('x')"));
                        app.jdbc.update("UPDATE note SET text = 'outer'");
                    })));
        });
    }

    @Test
    void anInnerOneThatWritesAfterTheOuterOneHasWrittenFailsAtOnceWithWords() {
        run(app -> {
            app.outer(() -> {
                app.notes.find(Note.class, ID).setText("outer");
                app.notes.flush();
                assertThatExceptionOfType(CannotAcquireLockException.class)
                        .isThrownBy(() -> app.inner(() -> app.jdbc.update("INSERT INTO audit VALUES ('x')")))
                        .withMessageContaining("\"placing an order\"")
                        .withMessageContaining(Thread.currentThread().getName())
                        .withMessageContaining("Propagation.REQUIRED");
                // By whatever way: a statement by itself, and our own stores.
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> app.onAnotherConnection("INSERT INTO audit VALUES ('x')"));
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> app.onAnotherConnection("BEGIN IMMEDIATE"));
                assertThatExceptionOfType(CannotAcquireLockException.class)
                        .isThrownBy(() -> app.service.clearQuarantine(null));
                // Reading is always possible.
                app.inner(() -> assertThat(app.text()).isEqualTo("0"));
            });
            assertThat(app.text()).isEqualTo("outer");
        });
    }

    @Test
    void aNumberThatIsDrawnAfterAWriteFailsAtOnceWithTheCure() {
        run(app -> {
            assertThatExceptionOfType(PessimisticLockException.class)
                    .isThrownBy(() -> app.outer(() -> {
                        app.notes.find(Note.class, ID).setText("outer");
                        app.notes.flush();
                        app.notes.persist(GeneratedKeys.ALL.get(1).get());
                    }))
                    .withMessageContaining("IDENTITY");
            assertThat(app.text()).isEqualTo("0");
        });
    }

    @Test
    void anotherEntityManagerOrConnectionReadsAndWritesInsideATransactionThatOnlyReads() {
        run(app -> {
            app.outer(() -> {
                app.notes.find(Note.class, ID);
                try (EntityManager second = app.factory.createEntityManager()) {
                    second.getTransaction().begin();
                    assertThat(second.find(Note.class, ID).getText()).isEqualTo("0");
                    second.getTransaction().commit();
                }
                app.onAnotherConnection("INSERT INTO audit VALUES ('by itself')");
                assertThat(app.service.clearQuarantine(null)).isZero();
                try (EntityManager third = app.factory.createEntityManager()) {
                    third.getTransaction().begin();
                    third.find(Note.class, ID).setText("third");
                    third.getTransaction().commit();
                }
            });
            assertThat(app.text()).isEqualTo("third");
            assertThat(app.jdbc.queryForObject("SELECT count(*) FROM audit", Integer.class))
                    .isEqualTo(1);
        });
    }

    @Test
    void entityManagersEndInAnyOrder() {
        run(app -> {
            try (EntityManager first = app.factory.createEntityManager();
                    EntityManager second = app.factory.createEntityManager()) {
                first.getTransaction().begin();
                second.getTransaction().begin();
                first.find(Note.class, ID);
                second.find(Note.class, ID);
                first.getTransaction().commit();
                second.find(Note.class, ID).setText("second");
                second.getTransaction().commit();
            }
            assertThat(app.text()).isEqualTo("second");
            assertThat(app.isLockedForOthers()).isFalse();
        });
    }

    @Test
    void listenersWriteInTransactionsOfTheirOwn() {
        runner("3600000").withBean(Listener.class).withBean(MergeListener.class).run(context -> {
            App app = new App(context);
            app.jdbc.execute("CREATE TABLE audit (what TEXT)");
            Runnable write = () -> app.inner(() -> {
                app.jdbc.queryForList("SELECT what FROM audit");
                app.notes.persist(GeneratedKeys.ALL.get(0).get());
                app.jdbc.update("INSERT INTO audit VALUES ('heard')");
            });
            context.getBean(Listener.class).reaction = write;
            context.getBean(MergeListener.class).reaction = write;
            app.outer(() -> {
                app.notes.persist(note(ID, "0"));
                ((ApplicationEventPublisher) context).publishEvent("written");
            });
            app.outer(() -> {
                app.notes.find(Note.class, ID);
                app.inner(() -> app.notes.persist(GeneratedKeys.ALL.get(0).get()));
                assertThat(app.service.apply(changeset()).applied()).isPositive();
                app.count("AutoKey");
            });
            assertThat(app.jdbc.queryForObject("SELECT count(*) FROM audit", Integer.class))
                    .isEqualTo(3);
        });
    }

    private static Changeset changeset() {
        SiteId sender = SiteId.random();
        Change change = new Change(
                "note", List.of(Value.of(new byte[] {1, 2})), "text", Value.of("theirs"), 1, 1, sender, 1, 1);
        return new Changeset(sender, null, 0, 1, null, null, false, List.of(change));
    }

    static class Listener {

        Runnable reaction = () -> {};

        @TransactionalEventListener
        void hear(String event) {
            reaction.run();
        }
    }

    @Test
    void threadsThatReadDrawNumbersAndCountLoseNothing() throws Exception {
        int threads = 4;
        int times = 15;
        run(app -> {
            inParallel(threads, () -> {
                for (int i = 0; i < times; i++) {
                    app.outer(() -> {
                        Note read = app.notes.find(Note.class, ID);
                        app.notes.persist(GeneratedKeys.ALL.get(1).get());
                        app.inner(() -> app.jdbc.update("INSERT INTO audit VALUES ('x')"));
                        read.setText(String.valueOf(1 + Integer.parseInt(String.valueOf(read.getText()))));
                    });
                }
                return true;
            });
            assertThat(app.text()).isEqualTo(String.valueOf(threads * times));
            assertThat(app.count("TableKey")).isEqualTo((long) threads * times);
        });
    }

    @Test
    void anotherProcessNeitherLosesAnythingNorIsTurnedAway() throws Exception {
        int times = 40;
        String url = "jdbc:sqlite:" + directory.resolve("test.db");
        SeparateDriver other = new SeparateDriver();
        run("120000", app -> {
            inParallel(6, new Callable<Boolean>() {
                private int number;

                private synchronized int next() {
                    return number++;
                }

                @Override
                public Boolean call() throws SQLException {
                    boolean here = next() % 2 == 0;
                    for (int i = 0; i < times; i++) {
                        if (here) {
                            app.outer(() -> {
                                Note read = app.notes.find(Note.class, ID);
                                read.setText(String.valueOf(1 + Integer.parseInt(String.valueOf(read.getText()))));
                            });
                        } else {
                            countUp(other, url);
                        }
                    }
                    return true;
                }
            });
            assertThat(app.text()).isEqualTo(String.valueOf(6 * times));
        });
    }

    private static void countUp(SeparateDriver driver, String url) throws SQLException {
        try (Connection connection = driver.connect(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            int read = statement.executeQuery("SELECT text FROM note").getInt(1);
            statement.executeUpdate("UPDATE note SET text = '" + (read + 1) + "'");
            connection.commit();
        }
    }

    private static void inParallel(int threads, Callable<Boolean> work) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(work));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aTransactionTakesNoLockBeforeItsFirstStatementAndAReadOnlyOneNone() {
        run(app -> {
            app.outer(() -> assertThat(app.isLockedForOthers()).isFalse());
            app.readOnly(() -> {
                app.text();
                assertThat(app.isLockedForOthers()).isFalse();
            });
            app.outer(() -> {
                app.text();
                assertThat(app.isLockedForOthers()).isTrue();
            });
            assertThat(app.isLockedForOthers()).isFalse();
        });
    }

    @Test
    void whoWaitsInVainIsToldForWhom() {
        run(
                "50",
                app -> whileAnotherThreadWrites(app, () -> {
                    assertThatExceptionOfType(CannotAcquireLockException.class)
                            .isThrownBy(() -> app.outer(() -> app.notes.persist(note(new UUID(3, 3), "x"))))
                            .withMessageContaining("\"placing an order\"")
                            .withMessageContaining("\"the other thread\"")
                            .withMessageContaining("50 ms");
                    app.readOnly(() -> assertThat(app.text()).isEqualTo("0"));
                }));
    }

    @Test
    void whoIsInterruptedWhileItWaitsGivesUpAndStaysInterrupted() {
        run(app -> whileAnotherThreadWrites(app, () -> {
            assertThatExceptionOfType(CannotAcquireLockException.class)
                    .isThrownBy(() -> app.outer(() -> {
                        // Not before, or else the pool may give up at once.
                        Thread.currentThread().interrupt();
                        app.jdbc.update("DELETE FROM note");
                    }))
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }));
    }

    @Test
    void aConnectionThatAnotherThreadClosesGivesTheLockBack() {
        run(app -> {
            Connection[] left = new Connection[1];
            inParallel(1, () -> {
                Connection connection = app.dataSource.getConnection().unwrap(SqliteConnection.class);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("INSERT INTO audit VALUES ('lost')");
                }
                left[0] = connection;
                return true;
            });
            assertThat(app.isLockedForOthers()).isTrue();
            try {
                left[0].close();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            app.outer(() -> app.jdbc.update("INSERT INTO audit VALUES ('kept')"));
            assertThat(app.jdbc.queryForList("SELECT what FROM audit", String.class))
                    .containsExactly("kept");
        });
    }

    @Test
    void aTransactionGoesOnInAnotherThread() {
        run(app -> {
            try (Connection connection = app.dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                assertThat(statement.executeQuery("SELECT count(*) FROM audit").getInt(1))
                        .isZero();
                inParallel(1, () -> {
                    statement.executeUpdate("INSERT INTO audit VALUES ('elsewhere')");
                    connection.commit();
                    return true;
                });
                app.outer(() -> app.jdbc.update("INSERT INTO audit VALUES ('here')"));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            assertThat(app.jdbc.queryForObject("SELECT count(*) FROM audit", Integer.class))
                    .isEqualTo(2);
        });
    }

    @Test
    void aTransactionModeOfTheUsersOwnCounts() {
        runner("20")
                .withPropertyValues("spring.datasource.hikari.data-source-properties.transaction_mode=IMMEDIATE")
                .run(context -> {
                    App app = new App(context);
                    app.outer(() -> assertThat(app.isLockedForOthers()).isTrue());
                });
    }

    private static void whileAnotherThreadWrites(App app, Runnable work) {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread other = new Thread(
                () -> {
                    app.outer(() -> {
                        app.jdbc.update("INSERT INTO audit VALUES ('other')");
                        written.countDown();
                        await(done);
                    });
                    ended.countDown();
                },
                "the other thread");
        other.start();
        await(written);
        try {
            work.run();
        } finally {
            done.countDown();
        }
        await(ended);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String readBack() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
                Statement statement = connection.createStatement()) {
            return statement.executeQuery("SELECT text FROM note").getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** An application, as far as these tests use one. */
    private final class App {

        final ApplicationContext context;
        final JdbcTemplate jdbc;
        final EntityManagerFactory factory;
        final EntityManager notes;
        final DataSource dataSource;
        final ChangesetService service;

        App(ApplicationContext context) {
            this.context = context;
            jdbc = context.getBean(JdbcTemplate.class);
            factory = context.getBean(EntityManagerFactory.class);
            notes = SharedEntityManagerCreator.createSharedEntityManager(factory);
            dataSource = context.getBean(DataSource.class);
            service = context.getBean(ChangesetService.class);
        }

        TransactionTemplate transaction(int propagation) {
            TransactionTemplate template = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            template.setPropagationBehavior(propagation);
            template.setName("placing an order");
            return template;
        }

        void outer(Runnable work) {
            transaction(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult(status -> work.run());
        }

        void inner(Runnable work) {
            transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult(status -> work.run());
        }

        void readOnly(Runnable work) {
            TransactionTemplate template = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
            template.setReadOnly(true);
            template.executeWithoutResult(status -> work.run());
        }

        long count(String entity) {
            return notes.createQuery("select count(e) from " + entity + " e", Long.class)
                    .getSingleResult();
        }

        String text() {
            return String.valueOf(
                    jdbc.queryForObject("SELECT text FROM note WHERE id = ?", String.class, (Object) bytes(ID)));
        }

        private byte[] bytes(UUID id) {
            return java.nio.ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }

        void onAnotherConnection(String sql) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                LocksTests.<RuntimeException>throwAsIs(e);
            }
        }

        /** Asked with a driver that knows nothing of the application's. */
        boolean isLockedForOthers() {
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:sqlite:" + directory.resolve("test.db") + "?busy_timeout=0");
                    Statement statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("ROLLBACK");
                return false;
            } catch (SQLException e) {
                assertThat(SqliteExceptions.isLock(e)).isTrue();
                return true;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwAsIs(Exception e) throws E {
        throw (E) e;
    }
}
