package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.sqlite.JDBC;

/**
 * Auto-configuration of what SQLite needs in a Spring application: connection settings, an optional pool for reading, and
 * exceptions that callers know. What the user sets or defines stays.
 */
@AutoConfiguration(before = {DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class})
@ConditionalOnClass({JDBC.class, SQLExceptionTranslator.class})
@ConditionalOnBooleanProperty(name = "crr.enabled", matchIfMissing = true)
public final class CrrDataSourceAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HikariDataSource.class)
    static class Pools {

        @Bean
        static SqliteConnectionDefaults crrSqliteConnectionDefaults() {
            return new SqliteConnectionDefaults();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HikariDataSource.class)
    @ConditionalOnBooleanProperty("crr.sqlite.read-only-pool.enabled")
    @EnableConfigurationProperties(CrrProperties.class)
    static class Reading {

        @Bean
        static ReadOnlyPools crrReadOnlyPools(ObjectProvider<CrrProperties> properties) {
            return new ReadOnlyPools(properties);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Exceptions {

        /** Boot hands it to the JdbcTemplate, to Hibernate's dialect and to the transaction manager. */
        @Bean
        @ConditionalOnMissingBean(SQLExceptionTranslator.class)
        @Conditional(OnSqliteCondition.class)
        SqliteExceptions crrSqliteExceptions() {
            return new SqliteExceptions();
        }

        @Bean
        static LockedAtBegin crrLockedAtBegin() {
            return new LockedAtBegin();
        }
    }
}
