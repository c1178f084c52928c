package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.engine.CrrInstaller;
import dev.crr.shapes.Counter;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A second application on the file of one at work, which fails to start. */
class FailedStartTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner application(Class<?>... entities) {
        return Entities.runner(directory.resolve("a.db").toString(), entities)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
    }

    private static List<String> told(ApplicationContext context) {
        return context.getBean(ChangesetService.class).changes(ChangeQuery.ALL).changes().stream()
                .filter(change -> change.cid().equals("unit"))
                .map(change -> String.valueOf(change.val()))
                .toList();
    }

    @Test
    void theOneAtWorkGoesOn() {
        application(Upgraded.Item.class).run(first -> {
            JdbcTemplate jdbc = first.getBean(JdbcTemplate.class);
            jdbc.execute("INSERT INTO item (id, unit) VALUES ('1', 'before')");
            application(Upgraded.Item.class, Counter.class)
                    .run(second -> assertThat(second).hasFailed());
            jdbc.execute("UPDATE item SET unit = 'after'");
            jdbc.execute("INSERT INTO item (id, unit) VALUES ('2', 'new')");
            assertThat(told(first)).containsExactlyInAnyOrder("'after'", "'new'");
            assertThat(jdbc.queryForList("SELECT cid FROM crsql_changes", String.class))
                    .hasSize(2);
        });
    }

    @Test
    void whileAStartIsUnderWayTheViewSaysWhereItIs() {
        application(Upgraded.Item.class).run(first -> {
            JdbcTemplate jdbc = first.getBean(JdbcTemplate.class);
            try (CrrInstaller starting = new CrrInstaller();
                    Connection connection = first.getBean(DataSource.class).getConnection()) {
                starting.standAside(connection);
                jdbc.execute("INSERT INTO item (id, unit) VALUES ('1', 'noted')");
                assertThat(told(first)).isEmpty();
                assertThatThrownBy(() -> jdbc.queryForList("SELECT cid FROM crsql_changes"))
                        .hasMessageContaining("The schema is prepared for changes of item")
                        .hasMessageContaining("crsql_commit_alter");
                assertThatThrownBy(() -> jdbc.queryForList("SELECT cid FROM crsql_changes WHERE cid = ?", "x"))
                        .hasMessageContaining("The schema is prepared for changes of item");
            }
            assertThat(told(first)).containsExactly("'noted'");
        });
    }
}
