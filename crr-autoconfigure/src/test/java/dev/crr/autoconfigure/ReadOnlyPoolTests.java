package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ReadOnlyPoolTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(String parameters) {
        return Entities.runner(directory.resolve("test.db") + parameters, Note.class)
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=20");
    }

    private ApplicationContextRunner withPool(String parameters) {
        return runner(parameters).withPropertyValues("crr.sqlite.read-only-pool.enabled=true");
    }

    private static TransactionTemplate transaction(AssertableApplicationContext context, boolean readOnly) {
        TransactionTemplate template = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        template.setReadOnly(readOnly);
        return template;
    }

    private static EntityManager entityManager(AssertableApplicationContext context) {
        return SharedEntityManagerCreator.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
    }

    private static UUID persist(AssertableApplicationContext context) {
        Note note = new Note();
        note.setId(UUID.randomUUID());
        note.setText("before");
        EntityManager notes = entityManager(context);
        transaction(context, false).executeWithoutResult(status -> notes.persist(note));
        return note.getId();
    }

    private static void whileAnotherWrites(AssertableApplicationContext context, Runnable work) throws SQLException {
        try (Connection connection = context.getBean(DataSource.class).getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            work.run();
            statement.executeUpdate("ROLLBACK");
        }
    }

    @Test
    void readOnlyTransactionsDoNotWaitForAWriter() {
        withPool("").run(context -> {
            UUID id = persist(context);
            EntityManager notes = entityManager(context);
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            whileAnotherWrites(
                    context,
                    () -> transaction(context, true).executeWithoutResult(status -> {
                        assertThat(notes.find(Note.class, id).getText()).isEqualTo("before");
                        assertThat(jdbc.queryForObject("SELECT count(*) FROM note", Integer.class))
                                .isEqualTo(1);
                        // Of the same snapshot and the same connection.
                        assertThat(jdbc.queryForObject("PRAGMA busy_timeout", Integer.class))
                                .isEqualTo(20);
                    }));
        });
    }

    @Test
    void withoutThePoolTheyDoNotWaitEither() {
        runner("").run(context -> {
            UUID id = persist(context);
            EntityManager notes = entityManager(context);
            whileAnotherWrites(
                    context,
                    () -> transaction(context, true)
                            .executeWithoutResult(status -> assertThat(
                                            notes.find(Note.class, id).getText())
                                    .isEqualTo("before")));
        });
    }

    @Test
    void nothingCanBeWrittenInThem() {
        for (String parameters : new String[] {"", "?transaction_mode=IMMEDIATE&journal_mode=WAL&open_mode=6"}) {
            withPool(parameters).run(context -> {
                persist(context);
                EntityManager notes = entityManager(context);
                JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
                        .isThrownBy(() -> transaction(context, true)
                                .executeWithoutResult(status -> jdbc.update("UPDATE note SET text = 'after'")));
                assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
                        .isThrownBy(() -> transaction(context, true).executeWithoutResult(status -> {
                            jdbc.execute("PRAGMA query_only = 0");
                            jdbc.update("DELETE FROM note");
                        }));
                assertThatExceptionOfType(RuntimeException.class)
                        .isThrownBy(() -> transaction(context, true)
                                .executeWithoutResult(status -> notes.createQuery("UPDATE Note SET text = 'after'")
                                        .executeUpdate()))
                        .withStackTraceContaining("SQLITE_READONLY");
                assertThat(jdbc.queryForObject("SELECT text FROM note LIMIT 1", String.class))
                        .isEqualTo("before");
            });
        }
    }

    @Test
    void writesGoOnAsBeforeAndAreTracked() {
        withPool("").run(context -> {
            UUID id = persist(context);
            EntityManager notes = entityManager(context);
            transaction(context, true).executeWithoutResult(status -> notes.find(Note.class, id));
            transaction(context, false)
                    .executeWithoutResult(status -> notes.find(Note.class, id).setText("after"));
            assertThat(context.getBean(JdbcTemplate.class).queryForObject("SELECT text FROM note", String.class))
                    .isEqualTo("after");
            assertThat(context.getBean(ChangesetService.class)
                            .changes(ChangeQuery.ALL)
                            .changes())
                    .isNotEmpty();
        });
    }

    @Test
    void leavesAClosedFile() {
        withPool("").run(context -> {
            persist(context);
            transaction(context, true)
                    .executeWithoutResult(status -> entityManager(context)
                            .createQuery("FROM Note", Note.class)
                            .getResultList());
            assertThat(directory.resolve("test.db-wal")).exists();
        });
        // The last connection to close takes the WAL with it, unless it is a read-only one.
        assertThat(directory.resolve("test.db-wal")).doesNotExist();
    }

    @Test
    void isAsLargeAsAskedForOrAsTheOther() {
        try (HikariDataSource pool = pool();
                HikariDataSource asked = ReadOnlyPool.beside(pool, "a", new CrrProperties.ReadOnlyPool(true, 3));
                HikariDataSource other = ReadOnlyPool.beside(pool, "b", new CrrProperties.ReadOnlyPool(true, null))) {
            assertThat(asked.getMaximumPoolSize()).isEqualTo(3);
            assertThat(other.getMaximumPoolSize()).isEqualTo(pool.getMaximumPoolSize());
        }
    }

    /** Metrics, health and whatever else looks for the pool. */
    @Test
    void theWritingPoolIsStillFound() {
        withPool("")
                .run(context -> assertThat(DataSourceUnwrapper.unwrap(
                                context.getBean(DataSource.class), HikariConfigMXBean.class, HikariDataSource.class))
                        .isNotNull());
    }

    @Test
    void aSizeBelowOneIsRefused() {
        withPool("")
                .withPropertyValues("crr.sqlite.read-only-pool.maximum-size=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("crr.sqlite.read-only-pool.maximum-size"));
    }

    private static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:sqlite:never-opened.db");
        pool.setMaximumPoolSize(7);
        return pool;
    }
}
