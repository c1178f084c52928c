package dev.crr.autoconfigure;

import dev.crr.ChangePolicy;
import dev.crr.ChangesetService;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.CursorStore;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.ReplicaIdentity;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.sqlite.JDBC;

/**
 * Auto-configuration of the CRR engine: makes the tables of {@link dev.crr.Crr @Crr} entities replicate as soon as the
 * {@link EntityManagerFactory} exists, and offers a {@link ChangesetService} over them.
 */
@AutoConfiguration(after = HibernateJpaAutoConfiguration.class)
@ConditionalOnClass({
    DataSourceUtils.class,
    EntityManagerFactory.class,
    JDBC.class,
    JpaTransactionManager.class,
    SessionFactoryImplementor.class
})
@ConditionalOnBooleanProperty(name = "crr.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CrrProperties.class)
public final class CrrAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CrrInstaller crrInstaller(CrrProperties properties) {
        return new CrrInstaller(
                properties.sync().maxQuarantined(),
                properties.sync().maxQuarantinedBytes().toBytes());
    }

    @Bean
    static InstallationAtStartup crrInstallationAtStartup(
            ObjectProvider<CrrInstaller> installer,
            ObjectProvider<DataSource> dataSource,
            ListableBeanFactory beanFactory) {
        return new InstallationAtStartup(installer, dataSource, beanFactory);
    }

    /** Made at startup even if nothing uses it, so that a wrong peer is found out then. */
    @Bean
    @ConditionalOnMissingBean
    ConfiguredPeers crrConfiguredPeers(CrrProperties properties) {
        return ConfiguredPeers.of(properties);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(EntityManagerFactory.class)
    @Conditional(OnReplicatedUnitCondition.class)
    static class Services {

        @Bean
        @ConditionalOnMissingBean
        CrrEngine crrEngine(CrrProperties properties) {
            return new CrrEngine(
                    properties.sync().maxChanges(),
                    properties.sync().maxQuarantined(),
                    properties.sync().maxQuarantinedBytes().toBytes(),
                    properties.tombstones().cleanupEnabled());
        }

        @Bean
        ReplicatedUnit crrReplicatedUnit(ListableBeanFactory beanFactory, ObjectProvider<DataSource> dataSource) {
            return ReplicatedUnit.among(beanFactory, dataSource);
        }

        @Bean
        @ConditionalOnMissingBean
        CrrDatabase crrDatabase(ReplicatedUnit unit, ObjectProvider<ConfigurableTransactionManager> transactions) {
            if (!WrappedDataSource.mayLeadElsewhere(unit.dataSource())) {
                return CrrDatabase.beside(unit.dataSource());
            }
            CrrDatabase database = CrrDatabase.of(unit.dataSource());
            // Now, when no tenant is chosen.
            database.call("Find the database file", connection -> true);
            OtherFilesWatch watch = new OtherFilesWatch(database);
            transactions.forEach(each -> each.addListener(watch));
            return database;
        }

        @Bean
        @ConditionalOnMissingBean(ChangesetService.class)
        SpringChangesetService changesetService(
                CrrEngine engine,
                CrrDatabase database,
                CrrProperties properties,
                ReplicatedUnit unit,
                ListableBeanFactory beanFactory,
                ObjectProvider<DataSource> dataSource,
                ObjectProvider<PlatformTransactionManager> transactionManager,
                ApplicationEventPublisher events,
                ObjectProvider<ChangePolicy> policy,
                ObjectProvider<ExchangeObserver> observer) {
            return new SpringChangesetService(
                    engine,
                    database,
                    unit.factory(),
                    unit.onTheSameData(beanFactory, dataSource),
                    unit.transactionManager(transactionManager),
                    events,
                    policy.getIfAvailable(),
                    observer.getIfAvailable(() -> ExchangeObserver.NONE),
                    properties.tombstones().cleanupEnabled());
        }

        @Bean
        @ConditionalOnMissingBean(CommitWatch.class)
        WatchedDatabase crrCommitWatch(CrrDatabase database) {
            return new WatchedDatabase(database);
        }

        @Bean
        @ConditionalOnMissingBean(CursorStore.class)
        SpringCursorStore crrCursorStore(CrrEngine engine, CrrDatabase database) {
            return new SpringCursorStore(engine, database);
        }

        @Bean
        @ConditionalOnMissingBean(ReplicaIdentity.class)
        SpringReplicaIdentity crrReplicaIdentity(CrrEngine engine, CrrDatabase database) {
            return new SpringReplicaIdentity(engine, database);
        }
    }
}
