package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.Value;
import dev.crr.shapes.Note;
import jakarta.annotation.PostConstruct;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Migrations, Hibernate's DDL, installation, first writers: in this order, at the first start and at later ones. */
class StartupOrderTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void useAFile() {
        runner = Entities.runner(directory.resolve("test.db").toString(), Note.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=none");
    }

    /** Writes before the context is complete. */
    static class EarlyWriter {

        private final EntityManagerFactory factory;

        EarlyWriter(EntityManagerFactory factory) {
            this.factory = factory;
        }

        @PostConstruct
        void write() {
            factory.runInTransaction(entityManager -> {
                Note note = new Note();
                note.setId(UUID.randomUUID());
                note.setText("early");
                entityManager.persist(note);
            });
        }
    }

    private static List<Value> texts(ApplicationContext context) {
        return context.getBean(ChangesetService.class).changes(ChangeQuery.ALL).changes().stream()
                .filter(change -> change.cid().equals("text"))
                .map(Change::val)
                .toList();
    }

    private static void assertNothingIsPending(ApplicationContext context) {
        assertThat(context.getBean(ChangesetService.class).tables()).hasSize(1);
    }

    @Test
    void hibernateCreatesBeforeTheFirstWriter() {
        ApplicationContextRunner update = runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .withBean(EarlyWriter.class);
        update.run(context -> assertThat(texts(context)).containsExactly(Value.of("early")));
        update.run(context -> assertThat(texts(context)).hasSize(2));
    }

    @Test
    void validationIsNotDisturbedByOurTablesAndViews() {
        runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=validate")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void createBeginsAnewAndDeletesNothingElsewhere() {
        ApplicationContextRunner create = runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=create")
                .withBean(EarlyWriter.class);
        create.run(context -> assertThat(texts(context)).hasSize(1));
        create.run(context -> {
            assertThat(texts(context)).hasSize(1);
            assertThat(context.getBean(ChangesetService.class)
                            .changes(ChangeQuery.ALL)
                            .changes())
                    .noneMatch(Change::isRow);
        });
    }

    @Test
    void flywayMigratesFirstAndAgainAtALaterStart() {
        ApplicationContextRunner flyway = runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                .withBean(EarlyWriter.class);
        flyway.withPropertyValues("spring.flyway.locations=classpath:db/flyway/one")
                .run(context -> assertThat(texts(context))
                        .containsExactlyInAnyOrder(Value.of("from a migration"), Value.of("early")));
        flyway.withPropertyValues("spring.flyway.locations=classpath:db/flyway/two")
                .run(context -> {
                    assertThat(texts(context)).hasSize(3);
                    assertNothingIsPending(context);
                });
        flyway.withPropertyValues("spring.flyway.locations=classpath:db/flyway/two")
                .run(context -> assertThat(texts(context)).hasSize(4));
    }

    @Test
    void liquibaseUpdatesFirstAndAgainAtALaterStart() {
        ApplicationContextRunner liquibase = runner.withConfiguration(
                        AutoConfigurations.of(LiquibaseAutoConfiguration.class))
                .withBean(EarlyWriter.class);
        liquibase
                .withPropertyValues("spring.liquibase.change-log=classpath:db/liquibase/one.sql")
                .run(context -> assertThat(texts(context)).containsExactly(Value.of("early")));
        liquibase
                .withPropertyValues("spring.liquibase.change-log=classpath:db/liquibase/two.sql")
                .run(context -> {
                    assertThat(texts(context)).hasSize(2);
                    assertNothingIsPending(context);
                });
        liquibase
                .withPropertyValues("spring.liquibase.change-log=classpath:db/liquibase/two.sql")
                .run(context -> assertThat(texts(context)).hasSize(3));
    }
}
