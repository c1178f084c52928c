package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.engine.InvalidTableException;
import dev.crr.shapes.Counter;
import dev.crr.shapes.HiddenKey;
import dev.crr.shapes.Note;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;

class FailureAnalyzerTests {

    @TempDir
    Path directory;

    @Test
    void namesEveryProblemOfMappingAndDatabaseAtOnce() {
        Entities.runner(directory.resolve("a.db").toString(), Counter.class, HiddenKey.class, Note.class)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = Objects.requireNonNull(new InvalidTableFailureAnalyzer()
                            .analyze(Objects.requireNonNull(context.getStartupFailure())));
                    assertThat(analysis.getCause()).isInstanceOf(InvalidTableException.class);
                    assertThat(analysis.getDescription())
                            .contains(
                                    "entity dev.crr.shapes.Counter, table \"counter\", column \"id\"",
                                    "entity dev.crr.shapes.HiddenKey, table \"hidden_key\", column \"id\"",
                                    "entity dev.crr.shapes.Note, table \"note\"");
                    assertThat(analysis.getAction()).contains("java.util.UUID", "Remove @LocalOnly");
                });
    }

    @Test
    void nothingIsInstalledIfOnlyTheMappingIsWrong() throws SQLException {
        Path file = directory.resolve("b.db");
        Entities.runner(file.toString(), Counter.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
                .run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(InvalidTableException.class));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            assertThat(statement
                            .executeQuery("SELECT count(*) FROM sqlite_master WHERE name LIKE 'crr%'")
                            .getInt(1))
                    .isZero();
        }
    }

    @Test
    void explainsALockedDatabase() throws SQLException {
        Path file = directory.resolve("c.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE note (id BLOB NOT NULL PRIMARY KEY, text, draft)");
            statement.execute("BEGIN IMMEDIATE");
            Entities.runner(file.toString(), Note.class)
                    .withPropertyValues("spring.datasource.hikari.data-source-properties.busy_timeout=50")
                    .run(context -> {
                        assertThat(context).hasFailed();
                        FailureAnalysis analysis = Objects.requireNonNull(new LockedDatabaseFailureAnalyzer()
                                .analyze(Objects.requireNonNull(context.getStartupFailure())));
                        assertThat(analysis.getDescription()).contains("SQLITE_BUSY");
                        assertThat(analysis.getAction()).contains("busy_timeout");
                    });
        }
    }
}
