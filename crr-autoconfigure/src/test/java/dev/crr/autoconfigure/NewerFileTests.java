package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.NewerFormatException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** Applications whose file a later release of crr has used. */
class NewerFileTests {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("a.db");
    }

    private ApplicationContextRunner application(Class<?>... entities) {
        return Entities.runner(file().toString(), entities).withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
    }

    private List<String> schema() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name, sql FROM sqlite_master ORDER BY 1")) {
            List<String> schema = new ArrayList<>();
            while (row.next()) {
                schema.add(row.getString(1) + " " + row.getString(2));
            }
            return schema;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "update", "create"})
    void theStartFailsWithTheCureBeforeAnythingIsChanged(String ddlAuto) throws SQLException {
        application(Upgraded.ONE)
                .run(context -> context.getBean(JdbcTemplate.class).execute("UPDATE crr_state SET format = 99"));
        List<String> before = schema();
        Entities.runner(file().toString(), Upgraded.TWO)
                .withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=" + ddlAuto,
                        "spring.flyway.enabled=" + ddlAuto.equals("none"),
                        "spring.flyway.baseline-on-migrate=true",
                        "spring.flyway.locations=classpath:db/upgrade")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = Objects.requireNonNull(new NewerFormatFailureAnalyzer()
                            .analyze(Objects.requireNonNull(context.getStartupFailure())));
                    assertThat(analysis.getDescription()).contains("a.db has format 99", "Nothing was changed");
                    assertThat(analysis.getAction()).contains("a later one", "restore a backup");
                });
        assertThat(schema()).isEqualTo(before);
    }

    @Test
    void anApplicationAtWorkSaysWhyItExchangesNoMore() {
        application(Upgraded.ONE).run(context -> {
            ChangesetService service = context.getBean(ChangesetService.class);
            service.changes(ChangeQuery.ALL);
            context.getBean(JdbcTemplate.class).execute("UPDATE crr_state SET format = 99");
            assertThatThrownBy(() -> service.changes(ChangeQuery.ALL))
                    .isInstanceOf(NewerFormatException.class)
                    .hasMessageContaining("A later release has used the file");
        });
    }
}
