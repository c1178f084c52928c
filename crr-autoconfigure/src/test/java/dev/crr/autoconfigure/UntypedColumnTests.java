package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;

/** Hibernate's schema tool beside tables that are none of its business. */
@Timeout(300)
class UntypedColumnTests {

    @TempDir
    Path folder;

    private Instance instance;

    @BeforeEach
    void prepare() {
        instance = new Instance(folder.resolve("file"));
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIRTUAL TABLE words USING fts5(text)",
                "CREATE VIRTUAL TABLE words USING fts5(text, content='')",
                "CREATE VIRTUAL TABLE words USING fts5(text, content='note')",
                "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1)",
                "CREATE TABLE loose (a, b)",
                "CREATE VIEW sums AS SELECT 1 + 1 AS two"
            })
    void doNotHinderIt(String ddl) {
        instance.start(Note.class);
        instance.close();
        instance.jdbcOnFile(ddl);
        instance.start(Note.class);
        instance.write("works");
        instance.close();
        instance.with("spring.jpa.hibernate.ddl-auto=validate").start(Note.class);
        assertThat(instance.texts()).containsExactly("works");
        assertThat(instance.service().version()).isEqualTo(1);
    }

    @Test
    void anotherStrategyIsKept() {
        instance.with("spring.jpa.properties.hibernate.hbm2ddl.jdbc_metadata_extraction_strategy=grouped");
        instance.jdbcOnFile("CREATE TABLE loose (a, b)");
        assertThatThrownBy(() -> instance.start(Note.class)).isInstanceOf(BeanCreationException.class);
    }
}
