package dev.crr.autoconfigure;

import dev.crr.engine.CrrInstaller;
import jakarta.persistence.EntityManagerFactory;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.sqlite.JDBC;

/**
 * Auto-configuration that takes change tracking out of the way while Flyway, Liquibase, Hibernate or scripts change the schema. Tracking
 * comes back when the {@link EntityManagerFactory} is there.
 */
@AutoConfiguration(after = CrrAutoConfiguration.class)
@ConditionalOnClass({DataSourceUtils.class, JDBC.class})
@ConditionalOnBooleanProperty(name = "crr.enabled", matchIfMissing = true)
public final class CrrSchemaAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(AbstractEntityManagerFactoryBean.class)
    static class Hibernate {

        @Bean
        static HibernateSchemaHook crrHibernateSchemaHook(ObjectProvider<CrrInstaller> installer) {
            return new HibernateSchemaHook(new SchemaGuard(installer));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({DataSourceInitializer.class, DataSourceScriptDatabaseInitializer.class})
    static class Scripts {

        @Bean
        static ScriptHook crrScriptHook(
                ObjectProvider<CrrInstaller> installer, ObjectProvider<InstallationAtStartup> installation) {
            return new ScriptHook(new SchemaGuard(installer), installation);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Flyway.class, FlywayMigrationInitializer.class})
    static class FlywayMigrations {

        @Bean
        static FlywayHook crrFlywayHook(
                ObjectProvider<CrrInstaller> installer,
                ObjectProvider<Flyway> flyway,
                ObjectProvider<FlywayMigrationStrategy> strategy) {
            return new FlywayHook(new SchemaGuard(installer), flyway, strategy);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SpringLiquibase.class, LiquibaseAutoConfiguration.class})
    static class LiquibaseMigrations {

        @Bean
        static LiquibaseHook crrLiquibaseHook(ObjectProvider<CrrInstaller> installer) {
            return new LiquibaseHook(new SchemaGuard(installer));
        }
    }
}
