package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.shapes.Note;
import dev.crr.shapes.Setting;
import jakarta.persistence.EntityManagerFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with replicated tables beside others of the same application. */
class SeveralDatabasesTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(Map<String, Class<?>> units, String primary) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        CrrDataSourceAutoConfiguration.class,
                        CrrAutoConfiguration.class,
                        CrrSchemaAutoConfiguration.class))
                .withInitializer(context -> units.forEach(
                        (name, entity) -> register((GenericApplicationContext) context, name, entity, primary)));
    }

    private void register(GenericApplicationContext context, String name, Class<?> entity, String primary) {
        String url = "jdbc:sqlite:" + directory.resolve(primary + "-" + name + ".db");
        Consumer<BeanDefinition> precedence = definition -> definition.setPrimary(name.equals(primary));
        context.registerBean(
                name + "DataSource",
                DataSource.class,
                () -> DataSourceBuilder.create().url(url).build(),
                precedence::accept);
        context.registerBean(
                name + "Factory",
                LocalContainerEntityManagerFactoryBean.class,
                () -> factory(name, context.getBean(name + "DataSource", DataSource.class), entity),
                precedence::accept);
        context.registerBean(
                name + "Transactions",
                JpaTransactionManager.class,
                () -> new JpaTransactionManager(context.getBean(name + "Factory", EntityManagerFactory.class)),
                precedence::accept);
    }

    private static LocalContainerEntityManagerFactoryBean factory(String name, DataSource dataSource, Class<?> entity) {
        HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
        hibernate.setGenerateDdl(true);
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setPersistenceUnitName(name);
        factory.setDataSource(dataSource);
        factory.setManagedTypes(PersistenceManagedTypes.of(entity.getName()));
        factory.setJpaVendorAdapter(hibernate);
        factory.getJpaPropertyMap()
                .put("hibernate.physical_naming_strategy", PhysicalNamingStrategySnakeCaseImpl.class.getName());
        return factory;
    }

    private static Changeset changeset() {
        SiteId sender = SiteId.random();
        byte[] key = ByteBuffer.allocate(16).putLong(7).putLong(7).array();
        Change change = new Change("note", List.of(Value.of(key)), "text", Value.of("theirs"), 1, 1, sender, 1, 1);
        return new Changeset(sender, null, 0, 1, null, null, false, List.of(change));
    }

    private static List<String> tables(DataSource dataSource) {
        return new JdbcTemplate(dataSource)
                .queryForList("SELECT lower(name) FROM sqlite_schema WHERE type = 'table'", String.class);
    }

    @Test
    void theOneWithReplicatedTablesIsExchangedWhicheverIsPrimary() {
        for (String primary : new String[] {"local", "shared", "none"}) {
            runner(Map.of("local", Setting.class, "shared", Note.class), primary)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        ChangesetService service = context.getBean(ChangesetService.class);
                        assertThat(service.tables())
                                .singleElement()
                                .satisfies(table -> assertThat(table.name()).isEqualTo("note"));

                        DataSource shared = context.getBean("sharedDataSource", DataSource.class);
                        // Joins a transaction of the shared database, and ends with it.
                        new TransactionTemplate(context.getBean("sharedTransactions", JpaTransactionManager.class))
                                .executeWithoutResult(status -> {
                                    service.apply(changeset());
                                    status.setRollbackOnly();
                                });
                        assertThat(new JdbcTemplate(shared).queryForList("SELECT text FROM note", String.class))
                                .isEmpty();
                        service.apply(changeset());
                        assertThat(new JdbcTemplate(shared).queryForList("SELECT text FROM note", String.class))
                                .containsExactly("theirs");

                        assertThat(tables(shared)).contains("crr_state", "note__crr_row");
                        DataSource local = context.getBean("localDataSource", DataSource.class);
                        assertThat(tables(local)).contains("setting").doesNotContain("setting__crr_row", "note");
                    });
        }
    }

    @Test
    void theUrlOfAnotherDatabaseDoesNotHideIt() {
        runner(Map.of("local", Setting.class, "shared", Note.class), "local")
                .withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost/none")
                .run(context -> assertThat(
                                context.getBean(ChangesetService.class).changes(ChangeQuery.ALL))
                        .isNotNull());
    }

    @Test
    void aBootstrapNeedsAPrimary() {
        runner(Map.of("local", Setting.class, "shared", Note.class), "none")
                .withConfiguration(AutoConfigurations.of(CrrSnapshotAutoConfiguration.class))
                .withPropertyValues(
                        "crr.peers[0].name=office",
                        "crr.peers[0].url=http://localhost:1/actuator/crr",
                        "crr.bootstrap.from=office")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("There are several DataSources"));
    }

    @Test
    void twoReplicatedOnesNeedAPrimary() {
        Map<String, Class<?>> units = Map.of("one", Note.class, "two", Note.class);
        runner(units, "none").run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = Objects.requireNonNull(
                    new SeveralReplicasFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));
            assertThat(analysis.getDescription()).contains("oneFactory", "twoFactory");
            assertThat(analysis.getAction()).contains("@Primary");
        });
        runner(units, "two").run(context -> {
            DataSource primary = context.getBean("twoDataSource", DataSource.class);
            context.getBean(ChangesetService.class).apply(changeset());
            assertThat(new JdbcTemplate(primary).queryForList("SELECT text FROM note", String.class))
                    .containsExactly("theirs");
        });
    }
}
