package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.crr.ChangesetService;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import dev.crr.shapes.Note;
import dev.crr.shapes.Setting;
import dev.crr.sync.CursorStore;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.sqlite.JDBC;

@ExtendWith(OutputCaptureExtension.class)
class CrrAutoConfigurationTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(Class<?>... entities) {
        return Entities.runner(directory.resolve("test.db").toString(), entities)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
    }

    @Test
    void offersTheServiceOverInstalledTables() {
        runner(Note.class, Setting.class).run(context -> {
            assertThat(context).hasSingleBean(ChangesetService.class).hasSingleBean(CursorStore.class);
            assertThat(context.getBean(ChangesetService.class).tables())
                    .singleElement()
                    .satisfies(table -> {
                        assertThat(table.name()).isEqualTo("note");
                        assertThat(table.entity()).isEqualTo(Note.class.getName());
                    });
        });
    }

    @Test
    void hasAnIdentityEvenWithoutEntities() {
        runner(Setting.class).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            assertThat(service.tables()).isEmpty();
            assertThat(service.siteId()).isNotNull();
        });
    }

    @Test
    void keepsTheIdentityOverRestarts() {
        String[] siteIds = new String[2];
        for (int start = 0; start < 2; start++) {
            int index = start;
            runner(Note.class)
                    .run(context -> siteIds[index] =
                            context.getBean(ChangesetService.class).siteId().toString());
        }
        assertThat(siteIds[1]).isEqualTo(siteIds[0]);
    }

    @Test
    void installsOncePerStartHoweverOftenTheFactoryIsLookedUp() {
        runner(Note.class).run(context -> {
            Object epoch = context.getBean(ChangesetService.class).epoch();
            context.getBean(EntityManagerFactory.class);
            context.getBeanProvider(EntityManagerFactory.class).getObject();
            assertThat(context.getBean(ChangesetService.class).epoch()).isEqualTo(epoch);
        });
    }

    @Test
    void worksWithPoolsThatDoNotCommitByThemselves() {
        runner(Note.class)
                .withPropertyValues("spring.datasource.hikari.auto-commit=false")
                .run(context -> assertThat(
                                context.getBean(ChangesetService.class).tables())
                        .hasSize(1));
    }

    @Test
    void lazyInitializationInstallsWithTheFactory() {
        runner(Note.class)
                .withPropertyValues("spring.main.lazy-initialization=true")
                .run(context -> assertThat(
                                context.getBean(ChangesetService.class).tables())
                        .hasSize(1));
    }

    @Test
    void doesNothingWhenDisabled() {
        runner(Note.class)
                .withPropertyValues("crr.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ChangesetService.class)
                        .doesNotHaveBean(CrrInstaller.class)
                        .doesNotHaveBean(HibernateSchemaHook.class)
                        .doesNotHaveBean(CrrProperties.class));
    }

    @Test
    void doesNothingWithoutDriverOrHibernate() {
        for (Class<?> missing :
                new Class<?>[] {JDBC.class, SessionFactoryImplementor.class, JpaTransactionManager.class}) {
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(CrrAutoConfiguration.class, CrrSchemaAutoConfiguration.class))
                    .withClassLoader(new FilteredClassLoader(missing))
                    .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(InstallationAtStartup.class));
        }
    }

    @Test
    void schemaHooksNeedTheirTools() {
        runner(Note.class)
                .withClassLoader(new FilteredClassLoader("org.flywaydb", "liquibase"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(HibernateSchemaHook.class)
                        .doesNotHaveBean(FlywayHook.class)
                        .doesNotHaveBean(LiquibaseHook.class));
    }

    @Test
    void aServiceOfTheUsersOwnWins() {
        ChangesetService own = mock(ChangesetService.class);
        CrrEngine engine = new CrrEngine(7, 1);
        runner(Note.class)
                .withBean(ChangesetService.class, () -> own)
                .withBean(CrrEngine.class, () -> engine)
                .run(context -> {
                    assertThat(context.getBean(ChangesetService.class)).isSameAs(own);
                    assertThat(context.getBean(CrrEngine.class)).isSameAs(engine);
                });
    }

    @Test
    void backsOffFromAnotherDatabase(CapturedOutput output) {
        other(Setting.class).run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ChangesetService.class));
        assertThat(output).doesNotContain("do not replicate");
    }

    @Test
    void warnsIfReplicatedEntitiesAreOnAnotherDatabase(CapturedOutput output) {
        other(Note.class).run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ChangesetService.class));
        assertThat(output).containsOnlyOnce("do not replicate");
    }

    /** There is no such database; Hibernate is told all it would ask. */
    private static ApplicationContextRunner other(Class<?> entity) {
        return Entities.runner("ignored", entity)
                .withPropertyValues(
                        "spring.datasource.url=jdbc:postgresql://localhost/none",
                        "spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false",
                        "spring.jpa.database-platform=org.hibernate.dialect.PostgreSQLDialect",
                        "spring.jpa.hibernate.ddl-auto=none")
                .withBean(DataSource.class, CrrAutoConfigurationTests::postgres);
    }

    private static DataSource postgres() {
        try {
            DatabaseMetaData metaData = mock(DatabaseMetaData.class);
            when(metaData.getDatabaseProductName()).thenReturn("PostgreSQL");
            Connection connection = mock(Connection.class);
            when(connection.getMetaData()).thenReturn(metaData);
            DataSource dataSource = mock(DataSource.class);
            when(dataSource.getConnection()).thenReturn(connection);
            when(dataSource.isWrapperFor(any())).thenReturn(false);
            return dataSource;
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
