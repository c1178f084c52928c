package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.shapes.Note;
import dev.crr.shapes.Setting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.hibernate.engine.jdbc.connections.spi.AbstractDataSourceBasedMultiTenantConnectionProviderImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A DataSource that leads to one file now and to another then, and what looks like one. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class RoutingDataSourceTests {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    @TempDir
    Path directory;

    private final List<HikariDataSource> pools = new ArrayList<>();

    @BeforeEach
    @AfterEach
    void nobody() {
        TENANT.remove();
    }

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
    }

    private HikariDataSource pool(String name) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:sqlite:" + directory.resolve(name));
        pool.addDataSourceProperty("journal_mode", "WAL");
        pool.addDataSourceProperty("busy_timeout", "10000");
        pools.add(pool);
        return pool;
    }

    private DataSource router(String standard, String other) {
        AbstractRoutingDataSource router = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return TENANT.get();
            }
        };
        router.setTargetDataSources(Map.of("b", pool(other)));
        router.setDefaultTargetDataSource(pool(standard));
        router.afterPropertiesSet();
        return router;
    }

    private ApplicationContextRunner runner(DataSource dataSource, Class<?>... entities) {
        return Entities.runner("unused", entities)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .withBean(DataSource.class, () -> dataSource);
    }

    @SuppressWarnings("ImmutableEnumChecker") // The functions keep nothing.
    enum Wrapping {
        NOTHING(dataSource -> dataSource),
        LAZY(LazyConnectionDataSourceProxy::new),
        TRANSACTION_AWARE(TransactionAwareDataSourceProxy::new),
        DELEGATING(DelegatingDataSource::new),
        ALL(dataSource -> new DelegatingDataSource(
                new LazyConnectionDataSourceProxy(new TransactionAwareDataSourceProxy(dataSource)))),
        AN_ASPECT(dataSource -> (DataSource) new ProxyFactory(dataSource).getProxy()),
        A_POOL(dataSource -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSource(dataSource);
            return pool;
        }),
        /** As libraries that log statements do. */
        A_WRAPPER(Logging::new);

        private final UnaryOperator<DataSource> wrap;

        Wrapping(UnaryOperator<DataSource> wrap) {
            this.wrap = wrap;
        }
    }

    private static final class Logging extends AbstractDataSource {

        private final DataSource target;

        Logging(DataSource target) {
            this.target = target;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return target.getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return target.getConnection(username, password);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) throws SQLException {
            return type.isInstance(this) || type.isInstance(target) || target.isWrapperFor(type);
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            return type.isInstance(target) ? type.cast(target) : target.unwrap(type);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFilePerTenantIsRefused(Wrapping wrapping) {
        runner(wrapping.wrap.apply(router("a.db", "b.db")), Note.class).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = Objects.requireNonNull(
                    new SeveralFilesFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));
            assertThat(analysis.getDescription()).contains("a.db", "b.db");
            assertThat(analysis.getAction()).contains("leads to one file", "crr.enabled=false");
        });
        runner(wrapping.wrap.apply(router("a.db", "b.db")), Note.class)
                .withPropertyValues("crr.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void oneFileIsTrackedThroughWhateverIsAround(Wrapping wrapping) {
        runner(wrapping.wrap.apply(pool("one.db")), Note.class).run(this::assertTracks);
        runner(wrapping.wrap.apply(router("same.db", "same.db")), Note.class).run(this::assertTracks);
    }

    /** As a library does that wraps every DataSource. */
    @Test
    void oneFileIsTrackedThroughAPostProcessor() {
        BeanPostProcessor wrapper = new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                return bean instanceof DataSource dataSource ? new Logging(dataSource) : bean;
            }
        };
        Entities.runner(directory.resolve("wrapped.db").toString(), Note.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .withBean(BeanPostProcessor.class, () -> wrapper)
                .run(this::assertTracks);
    }

    private void assertTracks(org.springframework.context.ApplicationContext context) {
        ChangesetService service = context.getBean(ChangesetService.class);
        TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        long before = service.version();
        transaction.executeWithoutResult(status -> {
            insert(context.getBean(DataSource.class));
            // Joins the transaction, as it must: the file has one writer.
            service.apply(service.changes(ChangeQuery.ALL));
        });
        assertThat(service.version()).isEqualTo(before + 1);
        assertThat(service.changes(ChangeQuery.ALL).changes()).isNotEmpty();
    }

    private static void insert(DataSource dataSource) {
        new JdbcTemplate(dataSource)
                .update(
                        "INSERT INTO note (id, text) VALUES (?, 'mine')",
                        UUID.randomUUID().toString());
    }

    @Test
    void aUnitWithoutReplicatedTablesMayHaveAFilePerTenant() {
        runner(router("a.db", "b.db"), Setting.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                            .queryForList("SELECT name FROM sqlite_schema WHERE name LIKE 'crr%'", String.class))
                    .isEmpty();
        });
    }

    @Test
    void hibernatesDatabasePerTenantIsRefused() {
        HikariDataSource a = pool("a.db");
        Map<String, DataSource> tenants = new LinkedHashMap<>(Map.of("a", a, "b", pool("b.db")));
        HibernatePropertiesCustomizer customizer = properties -> {
            properties.put("hibernate.multi_tenant_connection_provider", new Tenants(tenants));
            properties.put("hibernate.tenant_identifier_resolver", new CurrentTenant());
        };
        runner(a, Note.class)
                .withBean(HibernatePropertiesCustomizer.class, () -> customizer)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=none")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(SeveralFilesException.class)
                        .hasMessageContaining("multi-tenancy"));
    }

    private static final class Tenants extends AbstractDataSourceBasedMultiTenantConnectionProviderImpl<String> {

        private static final long serialVersionUID = 1L;

        private final transient Map<String, DataSource> tenants;

        Tenants(Map<String, DataSource> tenants) {
            this.tenants = tenants;
        }

        @Override
        protected DataSource selectAnyDataSource() {
            return Objects.requireNonNull(tenants.get("a"));
        }

        @Override
        protected DataSource selectDataSource(String tenant) {
            return Objects.requireNonNull(tenants.get(tenant));
        }
    }

    private static final class CurrentTenant
            implements org.hibernate.context.spi.CurrentTenantIdentifierResolver<String> {

        @Override
        public String resolveCurrentTenantIdentifier() {
            return "a";
        }

        @Override
        public boolean validateExistingCurrentSessions() {
            return false;
        }
    }

    /** Chooses where nobody can see it. */
    private static final class Hidden extends AbstractDataSource {

        private final DataSource standard;
        private final DataSource other;

        Hidden(DataSource standard, DataSource other) {
            this.standard = standard;
            this.other = other;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return (TENANT.get() == null ? standard : other).getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    @Test
    void anotherFileThatShowsUpLaterIsNotTakenForTheFirst(CapturedOutput output) {
        runner(new Hidden(pool("a.db"), pool("b.db")), Note.class).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            DataSource dataSource = context.getBean(DataSource.class);
            insert(dataSource);
            TENANT.set("b");
            assertThatThrownBy(service::version)
                    .isInstanceOf(SeveralFilesException.class)
                    .hasMessageContainingAll("leads to", "a.db", "b.db");
            new JdbcTemplate(dataSource).execute("CREATE TABLE note (id PRIMARY KEY, text)");
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            assertThat(output).doesNotContain("does not replicate what it writes");
            for (int i = 0; i < 2; i++) {
                transaction.executeWithoutResult(status -> insert(dataSource));
            }
            assertThat(output.getAll().split("does not replicate what it writes", -1))
                    .hasSize(2);
            assertThatThrownBy(() ->
                            transaction.executeWithoutResult(status -> service.apply(service.changes(ChangeQuery.ALL))))
                    .isInstanceOf(SeveralFilesException.class);
            TENANT.remove();
            assertThat(service.changes(ChangeQuery.ALL).changes()).hasSize(1);
        });
    }
}
