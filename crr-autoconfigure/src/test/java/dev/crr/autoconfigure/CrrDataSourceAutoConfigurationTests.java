package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.JDBC;

@ExtendWith(OutputCaptureExtension.class)
class CrrDataSourceAutoConfigurationTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(String parameters) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        CrrDataSourceAutoConfiguration.class))
                .withPropertyValues("spring.datasource.url=jdbc:sqlite:" + directory.resolve("test.db") + parameters);
    }

    private static Object pragma(ApplicationContext context, String name) {
        Object value = context.getBean(JdbcTemplate.class).queryForObject("PRAGMA " + name, Object.class);
        return value == null ? "null" : value;
    }

    @Test
    void setsWhatSeveralWritersNeed() {
        runner("").run(context -> {
            assertThat(pragma(context, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(context, "busy_timeout")).isEqualTo(10000);
            assertThat(pragma(context, "synchronous")).isEqualTo(2);
            assertThat(pragma(context, "temp_store")).isEqualTo(2);
            assertThat(pragma(context, "cache_size")).isEqualTo(-16384);
            assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties())
                    .containsAllEntriesOf(Map.of("transaction_mode", "IMMEDIATE", "date_class", "TEXT"));
        });
    }

    @Test
    void thePoolFindsItsDriverAndEverybodyElseThePlainOne(CapturedOutput output) throws SQLException {
        runner("").run(context -> {
            try (Connection connection = context.getBean(HikariDataSource.class).getConnection()) {
                assertThat(connection.unwrap(SqliteConnection.class)).isNotNull();
            }
        });
        assertThat(output).doesNotContain("WARN").doesNotContain("was not found");
        assertThat(DriverManager.getDriver("jdbc:sqlite:x.db")).isExactlyInstanceOf(JDBC.class);
    }

    @Test
    void propertiesOfTheUserWin() {
        runner("")
                .withPropertyValues(
                        "spring.datasource.hikari.data-source-properties.journal_mode=DELETE",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=77",
                        "spring.datasource.hikari.data-source-properties.transaction_mode=DEFERRED")
                .run(context -> {
                    assertThat(pragma(context, "journal_mode")).isEqualTo("delete");
                    assertThat(pragma(context, "busy_timeout")).isEqualTo(77);
                    assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties())
                            .containsEntry("transaction_mode", "DEFERRED");
                });
    }

    @Test
    void parametersOfTheUrlWin() {
        runner("?journal_mode=TRUNCATE&cache_size=-4000").run(context -> {
            assertThat(pragma(context, "journal_mode")).isEqualTo("truncate");
            assertThat(pragma(context, "cache_size")).isEqualTo(-4000);
            assertThat(pragma(context, "busy_timeout")).isEqualTo(10000);
        });
    }

    @Test
    void idleConnectionsOfAPoolWithoutAutoCommitHoldNoLock(CapturedOutput output) {
        runner("")
                .withPropertyValues(
                        "spring.datasource.hikari.auto-commit=false",
                        "spring.datasource.hikari.data-source-properties.busy_timeout=50")
                .run(context -> {
                    HikariDataSource pool = context.getBean(HikariDataSource.class);
                    try (Connection first = pool.getConnection();
                            Connection second = pool.getConnection();
                            Statement statement = second.createStatement()) {
                        assertThat(first.getAutoCommit()).isFalse();
                        statement.executeUpdate("CREATE TABLE t (x INTEGER)");
                        second.commit();
                    }
                    assertThat(output).contains("has auto-commit=false");
                });
    }

    @Test
    void doesNothingWhenDisabled() {
        runner("")
                .withPropertyValues("crr.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(SqliteConnectionDefaults.class)
                        .getBean(HikariDataSource.class)
                        .satisfies(pool ->
                                assertThat(pool.getDataSourceProperties()).isEmpty()));
    }

    @Test
    void doesNothingWithoutTheDriverOrThePool() {
        for (Class<?> missing : new Class<?>[] {JDBC.class, HikariDataSource.class}) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(CrrDataSourceAutoConfiguration.class))
                    .withClassLoader(new FilteredClassLoader(missing))
                    .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SqliteConnectionDefaults.class));
        }
    }

    @Test
    void leavesOtherDatabasesAlone() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://localhost/test");
        new SqliteConnectionDefaults().postProcessBeforeInitialization(pool, "pool");
        assertThat(pool.getDataSourceProperties()).isEmpty();
    }

    @Test
    void warnsOfADatabaseInMemory(CapturedOutput output) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:sqlite::memory:");
        new SqliteConnectionDefaults().postProcessBeforeInitialization(pool, "pool");
        assertThat(output).contains("in-memory database");
    }
}
