package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Instance;
import dev.crr.engine.InvalidTableException;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/** A migration that switches the checking of foreign keys on, and leaves it so for its connection of the pool. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class ForeignKeysLeftOnTests {

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS shelf (id TEXT NOT NULL PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS note (id BLOB NOT NULL PRIMARY KEY, text TEXT REFERENCES shelf);
            PRAGMA foreign_keys = ON;
            """;

    @TempDir
    Path folder;

    private Instance instance;

    @BeforeEach
    void prepare() {
        instance = new Instance(folder.resolve("app.db")).with("spring.jpa.hibernate.ddl-auto=none");
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    private void assertWorks() throws SQLException {
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Connection connection = instance.bean(DataSource.class).getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("PRAGMA foreign_keys")) {
                    assertThat(row.getInt(1)).isZero();
                }
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        instance.write("of no shelf");
        assertThat(instance.service().version()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flyway", "script"})
    void theFirstStartWorksAndSaysSo(String tool, CapturedOutput output) throws Exception {
        if (tool.equals("flyway")) {
            Path migrations = Files.createDirectory(folder.resolve("migrations"));
            Files.writeString(migrations.resolve("V1__notes.sql"), SCHEMA);
            Files.writeString(migrations.resolve("V1__notes.sql.conf"), "executeInTransaction=false");
            instance.with("spring.flyway.enabled=true", "spring.flyway.locations=filesystem:" + migrations);
        } else {
            instance.with("spring.sql.init.mode=always", "spring.sql.init.schema-locations=file:" + script());
        }
        // One connection is enough for either.
        instance.with("spring.datasource.hikari.maximum-pool-size=5", "spring.datasource.hikari.minimum-idle=1")
                .start(Note.class);
        assertWorks();
        assertThat(output).contains("has left PRAGMA foreign_keys on");
    }

    private Path script() throws IOException {
        return Files.writeString(folder.resolve("schema.sql"), SCHEMA);
    }

    /** It need not be the connection that is looked at. */
    @Test
    void noConnectionKeepsIt() throws SQLException {
        BeanPostProcessor migration = new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String beanName) {
                if (bean instanceof LocalContainerEntityManagerFactoryBean factory) {
                    migrate(Objects.requireNonNull(factory.getDataSource()));
                }
                return bean;
            }
        };
        instance.withBean(BeanPostProcessor.class, () -> migration).start(Note.class);
        assertWorks();
    }

    private static void migrate(DataSource dataSource) {
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Connection connection = dataSource.getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(i == 1 ? SCHEMA : "PRAGMA user_version = 1");
                }
            }
            for (Connection connection : all) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.hikari.data-source-properties.foreign_keys=true",
                "spring.datasource.hikari.connection-init-sql=PRAGMA foreign_keys = ON"
            })
    void whatTheApplicationConfiguresIsRefused(String property) throws IOException {
        instance.with("spring.sql.init.mode=always", "spring.sql.init.schema-locations=file:" + script())
                .with(property);
        assertThatThrownBy(() -> instance.start(Note.class))
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidTableException.class,
                        invalid -> assertThat(invalid.problems())
                                .singleElement()
                                .satisfies(problem -> assertThat(problem.cure())
                                        .contains(
                                                "connection-init-sql",
                                                "data-source-properties",
                                                "PRAGMA foreign_keys = OFF")));
    }
}
