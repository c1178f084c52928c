package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start that fails because of the database file names the file and the reason, whoever opens it first. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class UnusableFileTests {

    @TempDir
    Path folder;

    private static void assertFails(CapturedOutput output, Instance instance, Object... described) {
        assertThatThrownBy(() -> instance.start(Note.class)).isNotNull();
        assertThat(output).contains("APPLICATION FAILED TO START").contains("spring.datasource.url");
        String report = output.getAll().substring(output.getAll().indexOf("APPLICATION FAILED TO START"));
        for (Object each : described) {
            assertThat(report).contains(each.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.jpa.hibernate.ddl-auto=update",
                "spring.jpa.hibernate.ddl-auto=create",
                "spring.jpa.hibernate.ddl-auto=none",
                "spring.flyway.enabled=true",
                "spring.liquibase.enabled=true",
                "spring.sql.init.mode=always",
                "crr.sqlite.read-only-pool.enabled=true",
                "spring.datasource.hikari.initialization-fail-timeout=-1 spring.datasource.hikari.connection-timeout=250"
            })
    void theDirectoryIsMissing(String properties, CapturedOutput output) throws IOException {
        Path script = Files.writeString(folder.resolve("schema.sql"), "SELECT 1;");
        Path missing = folder.resolve("gone").resolve("further");
        Instance instance = new Instance(missing.resolve("app.db"))
                .with("spring.sql.init.schema-locations=file:" + script)
                .with("spring.flyway.locations=classpath:db/flyway")
                .with("spring.liquibase.change-log=classpath:db/liquibase/changelog.xml")
                .with(properties.split(" ", -1));
        assertFails(output, instance, missing.resolve("app.db"), "the directory " + missing + " does not exist");
    }

    @Test
    void aFileIsInTheDirectorysPlace(CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no directory");
        assertFails(output, new Instance(file.resolve("app.db")), file.resolve("app.db"), file + " is not a directory");
    }

    @Test
    void aDirectoryIsInItsPlace(CapturedOutput output) throws IOException {
        Path directory = Files.createDirectory(folder.resolve("app.db"));
        assertFails(output, new Instance(directory), directory, "it is a directory");
    }

    @Test
    void itIsNoDatabase(CapturedOutput output) throws IOException {
        Path file = folder.resolve("app.db");
        Files.write(file, List.of("Dear diary,".repeat(1000)));
        assertFails(output, new Instance(file), file, "file is not a database");
    }

    /** As on a disk that is mounted read-only. */
    @Test
    void itCannotBeWritten(CapturedOutput output) {
        Path file = folder.resolve("app.db");
        Instance instance = new Instance(file);
        instance.jdbcOnFile("CREATE TABLE note (id BLOB NOT NULL PRIMARY KEY, text TEXT)");
        instance.with("spring.datasource.url=jdbc:sqlite:file:" + file + "?mode=ro")
                .with("spring.jpa.hibernate.ddl-auto=none");
        assertFails(output, instance, file, "readonly database");
    }

    @Test
    void itCannotBeWrittenWhichOnlyAWriteTells(CapturedOutput output) {
        Path file = folder.resolve("app.db");
        Instance instance = new Instance(file);
        instance.jdbcOnFile("CREATE TABLE note (id BLOB NOT NULL PRIMARY KEY, text TEXT)");
        instance.with("spring.datasource.url=jdbc:sqlite:file:" + file + "?mode=ro")
                .with("spring.jpa.hibernate.ddl-auto=none")
                .with("spring.datasource.hikari.data-source-properties.journal_mode=DELETE");
        assertFails(output, instance, file, "readonly database");
    }
}
