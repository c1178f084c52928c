package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.ReplicatedTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The files of two instances go from one version of an application to the next, one after the other, with data in them. */
class SchemaUpgradeTests {

    @TempDir
    Path directory;

    enum Tool {
        FLYWAY,
        LIQUIBASE
    }

    private ApplicationContextRunner application(String file, Tool tool, int version) {
        ApplicationContextRunner runner = plain(file, version).withPropertyValues("spring.jpa.hibernate.ddl-auto=none");
        return tool == Tool.FLYWAY
                ? runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                        .withPropertyValues(
                                "spring.flyway.locations=classpath:db/upgrade",
                                "spring.flyway.target=" + (version == 1 ? "1" : "latest"))
                : runner.withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
                        .withPropertyValues(
                                "spring.liquibase.change-log=classpath:db/upgrade/changes.sql",
                                "spring.liquibase.contexts=v" + version);
    }

    private ApplicationContextRunner plain(String file, int version) {
        return Entities.runner(directory.resolve(file).toString(), version == 1 ? Upgraded.ONE : Upgraded.TWO);
    }

    private static void run(ApplicationContext context, String... statements) {
        Arrays.stream(statements).forEach(context.getBean(JdbcTemplate.class)::execute);
    }

    private static List<String> query(ApplicationContext context, String sql) {
        return context.getBean(JdbcTemplate.class).query(sql, (row, i) -> {
            StringBuilder text = new StringBuilder(String.valueOf(row.getString(1)));
            for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
                text.append('|').append(row.getString(column));
            }
            return text.toString();
        });
    }

    private static ChangesetService service(ApplicationContext context) {
        return context.getBean(ChangesetService.class);
    }

    private static Changeset changes(ApplicationContext context) {
        return service(context).changes(ChangeQuery.ALL);
    }

    private static List<String> contents(ApplicationContext context) {
        return Stream.of("\"order\"", "item", "\"group\"")
                .flatMap(table -> query(context, "SELECT * FROM " + table + " ORDER BY id").stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aScriptMayChangeAnythingAndItsDataReachesPeers(Tool tool) {
        List<Changeset> passed = new ArrayList<>();
        application("a.db", tool, 1).run(a -> {
            run(
                    a,
                    "INSERT INTO \"order\" VALUES ('1', 'one', 'n1'), ('2', 'two', 'n2')",
                    "INSERT INTO item VALUES ('i', '7', 'kg'), ('j', '200', 'KG'), ('doomed', '1', 'KG')",
                    "INSERT INTO label VALUES ('l', 'label')",
                    "INSERT INTO scratch VALUES ('s', 's')");
            passed.add(0, changes(a));
        });
        application("b.db", tool, 1).run(b -> {
            service(b).apply(passed.get(0));
            run(
                    b,
                    "UPDATE \"order\" SET title = 'ONE', note = 'N1' WHERE id = '1'",
                    "INSERT INTO \"order\" VALUES ('3', 'three', 'n3')",
                    "INSERT INTO item VALUES ('k', '9', 'g')",
                    "INSERT INTO label VALUES ('m', 'mine')",
                    "UPDATE scratch SET v = 't'");
            passed.add(0, changes(b));
        });
        application("a.db", tool, 2).run(a -> {
            assertThat(a).hasNotFailed();
            assertThat(query(a, "SELECT id, subject, status, remark FROM \"order\" ORDER BY id"))
                    .containsExactly("1|one|open|was n1", "2|two|open|was n2");
            assertThat(query(a, "SELECT id, amount, typeof(amount), unit FROM item ORDER BY id"))
                    .containsExactly("i|7|integer|KG", "j|201|integer|KG");
            assertThat(
                            query(
                                    a,
                                    "SELECT \"table\", cid, val, col_version FROM crsql_changes WHERE col_version > 1"
                                            + " OR cid IN ('remark', 'status') OR \"table\" = 'group' ORDER BY \"table\", cid, pk"))
                    .as("what the scripts wrote, and nothing else")
                    .containsExactly(
                            "group|name|from a migration|1",
                            "item|-1|null|2",
                            "item|amount|201|2",
                            "item|unit|KG|2",
                            "order|remark|was n1|1",
                            "order|remark|was n2|1");
            assertThat(service(a).apply(passed.get(0)).quarantined()).isZero();
            assertThat(query(a, "SELECT id, subject FROM \"order\" ORDER BY id"))
                    .as("a peer's old name for a column is understood")
                    .containsExactly("1|ONE", "2|two", "3|three");
            assertThat(service(a).tables())
                    .extracting(ReplicatedTable::name)
                    .containsExactlyInAnyOrder("order", "item", "group");
            run(a, "UPDATE label SET name = 'local now'");
            application("b.db", tool, 2).run(b -> {
                assertThat(b).hasNotFailed();
                service(b).apply(changes(a));
                service(a).apply(changes(b));
                assertThat(contents(b)).isEqualTo(contents(a));
                assertThat(query(b, "SELECT id, subject, remark FROM \"order\" ORDER BY id"))
                        .containsExactly("1|ONE|was n1", "2|two|was n2", "3|three|was n3");
                assertThat(query(b, "SELECT id, amount, unit FROM item ORDER BY id"))
                        .containsExactly("i|7|KG", "j|201|KG", "k|9|G");
                assertThat(query(b, "SELECT name FROM label ORDER BY id")).containsExactly("label", "mine");
                assertThat(query(b, "SELECT count(*) FROM crr_quarantine")).containsExactly("0");
                assertThat(query(
                                b,
                                "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%crr%'"
                                        + " AND tbl_name NOT LIKE '%crr%' ORDER BY 1"))
                        .containsExactly("group", "item", "order");
            });
        });
    }

    @Test
    void ddlAutoAddsColumnsAndTables() {
        List<Changeset> passed = new ArrayList<>();
        String update = "spring.jpa.hibernate.ddl-auto=update";
        plain("a.db", 1).withPropertyValues(update).run(a -> {
            run(
                    a,
                    "INSERT INTO \"order\" (id, title, note) VALUES ('1', 'one', 'n1')",
                    "INSERT INTO label (id, name) VALUES ('l', 'label')");
            passed.add(0, changes(a));
        });
        plain("a.db", 2).withPropertyValues(update).run(a -> {
            assertThat(a).hasNotFailed();
            assertThat(service(a)
                            .changes(ChangeQuery.since(passed.get(0).version()))
                            .changes())
                    .as("nothing is announced anew")
                    .isEmpty();
            assertThat(query(a, "SELECT status, remark, title FROM \"order\"")).containsExactly("open|null|one");
            run(
                    a,
                    "UPDATE \"order\" SET status = 'done', title = 'ONE'",
                    "INSERT INTO \"group\" (id, name) VALUES ('g', 'new')",
                    "UPDATE label SET name = 'local now'");
            passed.add(0, changes(a));
        });
        plain("b.db", 1).withPropertyValues(update).run(b -> {
            assertThat(service(b).apply(passed.get(0)).quarantined()).isEqualTo(2);
            assertThat(query(b, "SELECT title FROM \"order\"")).containsExactly("ONE");
        });
        plain("b.db", 2).withPropertyValues(update).run(b -> {
            assertThat(query(b, "SELECT status, remark, title FROM \"order\"")).containsExactly("done|null|ONE");
            assertThat(query(b, "SELECT name FROM \"group\"")).containsExactly("new");
            assertThat(query(b, "SELECT count(*) FROM crr_quarantine")).containsExactly("0");
        });
    }
}
