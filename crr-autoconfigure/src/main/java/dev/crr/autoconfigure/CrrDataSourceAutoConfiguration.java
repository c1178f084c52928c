package dev.crr.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.sqlite.JDBC;

/** Auto-configuration of connection settings for SQLite databases behind a Hikari pool. What the user sets stays. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnClass({HikariDataSource.class, JDBC.class})
@ConditionalOnBooleanProperty(name = "crr.enabled", matchIfMissing = true)
public final class CrrDataSourceAutoConfiguration {

    @Bean
    static SqliteConnectionDefaults crrSqliteConnectionDefaults() {
        return new SqliteConnectionDefaults();
    }
}
