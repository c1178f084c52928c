package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What callers see when another process holds the file, at whatever point they meet it. */
class SqliteExceptionsTests {

    @TempDir
    Path directory;

    private String url() {
        return "jdbc:sqlite:" + directory.resolve("test.db");
    }

    private ApplicationContextRunner runner(String... properties) {
        return Entities.runner(directory.resolve("test.db").toString(), Note.class)
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=20")
                .withPropertyValues(properties);
    }

    private static TransactionTemplate transaction(AssertableApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    private static Note note() {
        Note note = new Note();
        note.setId(UUID.randomUUID());
        return note;
    }

    private static void insert(AssertableApplicationContext context) {
        context.getBean(JdbcTemplate.class).update("INSERT INTO note (id, text) VALUES (?, 'x')", "key");
    }

    private static void persist(AssertableApplicationContext context) {
        EntityManager notes =
                SharedEntityManagerCreator.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
        transaction(context).executeWithoutResult(status -> notes.persist(note()));
    }

    private void whileLocked(String begin, ThrowingCallable work) throws SQLException {
        try (Connection other = DriverManager.getConnection(url());
                Statement statement = other.createStatement()) {
            statement.execute(begin);
            try (ResultSet reading = statement.executeQuery("SELECT count(*) FROM note")) {
                assertThat(reading.next()).isTrue();
                assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(work);
            }
            statement.execute("ROLLBACK");
        }
        // Nothing is left behind that would disturb the next one.
        assertThatNoException().isThrownBy(work);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IMMEDIATE", "DEFERRED"})
    void aWriterIsInTheWay(String mode) {
        runner("spring.datasource.hikari.data-source-properties.transaction_mode=" + mode)
                .run(context -> {
                    whileLocked("BEGIN IMMEDIATE", () -> persist(context));
                    whileLocked("BEGIN IMMEDIATE", () -> insert(context));
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriterIsInTheWayOfATransactionOverJdbc(boolean readOnlyPool) {
        runner("crr.sqlite.read-only-pool.enabled=" + readOnlyPool)
                .withUserConfiguration(JdbcTransactions.class)
                .run(context -> whileLocked(
                        "BEGIN IMMEDIATE", () -> transaction(context).executeWithoutResult(status -> insert(context))));
    }

    @Test
    void aReaderIsInTheWayOfACommitWithoutWal() {
        runner("spring.datasource.hikari.data-source-properties.journal_mode=DELETE")
                .run(context -> whileLocked("BEGIN", () -> persist(context)));
    }

    @Test
    void aKeyThatIsThereAlreadyIsADuplicateKey() {
        runner().run(context -> {
            insert(context);
            assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> insert(context));
        });
    }

    @Test
    void aTranslatorOfTheUsersOwnWins() {
        SQLExceptionTranslator own = new SQLExceptionSubclassTranslator();
        runner().withBean(SQLExceptionTranslator.class, () -> own)
                .run(context -> assertThat(context.getBean(JdbcTemplate.class).getExceptionTranslator())
                        .isSameAs(own));
    }
}
