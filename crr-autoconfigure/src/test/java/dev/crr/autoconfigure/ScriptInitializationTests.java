package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Scripts that run at every start, and drop the tables: whole applications that are restarted over their files. */
class ScriptInitializationTests {

    private static final String SCHEMA = """
            DROP TABLE IF EXISTS item;
            CREATE TABLE item (id VARCHAR(36) NOT NULL PRIMARY KEY, amount TEXT, unit TEXT);
            """;

    private static final String QUOTED = SCHEMA.replace("TABLE item", "TABLE \"item\"");

    private static final String SEED = "INSERT INTO item VALUES ('seed', '1', 'kg');\n";

    @TempDir
    Path directory;

    /** How an application runs its scripts. */
    enum Form {
        ALWAYS(runner -> runner.withConfiguration(
                        AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
                .withPropertyValues("spring.sql.init.mode=always")),
        DEFERRED(runner -> ALWAYS.set
                .apply(runner)
                .withPropertyValues(
                        "spring.jpa.defer-datasource-initialization=true", "spring.jpa.hibernate.ddl-auto=update")),
        OWN_INITIALIZER(runner -> runner.withUserConfiguration(OwnInitializer.class)),
        TAKEN_FOR_EMBEDDED(runner -> runner.withUserConfiguration(Embedded.class)),
        POPULATOR(runner -> runner.withUserConfiguration(Populator.class)),
        /** No bean that anybody could hook. */
        BY_ITSELF(runner -> runner.withUserConfiguration(ByItself.class));

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final UnaryOperator<ApplicationContextRunner> set;

        Form(UnaryOperator<ApplicationContextRunner> set) {
            this.set = set;
        }
    }

    private static DatabaseInitializationSettings settings(Environment environment) {
        DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
        settings.setSchemaLocations(List.of(environment.getRequiredProperty("spring.sql.init.schema-locations")));
        settings.setDataLocations(List.of(environment.getRequiredProperty("spring.sql.init.data-locations")));
        return settings;
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInitializer {
        @Bean
        DataSourceScriptDatabaseInitializer scripts(DataSource dataSource, Environment environment) {
            DatabaseInitializationSettings settings = settings(environment);
            settings.setMode(DatabaseInitializationMode.ALWAYS);
            return new DataSourceScriptDatabaseInitializer(dataSource, settings);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Embedded {
        @Bean
        DataSourceScriptDatabaseInitializer scripts(DataSource dataSource, Environment environment) {
            return new DataSourceScriptDatabaseInitializer(dataSource, settings(environment)) {
                @Override
                protected boolean isEmbeddedDatabase() {
                    return true;
                }
            };
        }
    }

    private static ResourceDatabasePopulator populator(Environment environment) {
        return new ResourceDatabasePopulator(
                new FileSystemResource(path(environment, "spring.sql.init.schema-locations")),
                new FileSystemResource(path(environment, "spring.sql.init.data-locations")));
    }

    private static String path(Environment environment, String property) {
        return environment.getRequiredProperty(property).substring("file:".length());
    }

    @Configuration(proxyBeanMethods = false)
    static class Populator {
        @Bean
        DataSourceInitializer scripts(DataSource dataSource, Environment environment) {
            DataSourceInitializer initializer = new DataSourceInitializer();
            initializer.setDataSource(dataSource);
            initializer.setDatabasePopulator(populator(environment));
            return initializer;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByItself {
        @Bean
        @DependsOnDatabaseInitialization
        static ResourceDatabasePopulator scripts(DataSource dataSource, Environment environment) {
            ResourceDatabasePopulator populator = populator(environment);
            populator.execute(dataSource);
            return populator;
        }

        @Bean
        static BeanFactoryPostProcessor first() {
            return factory -> factory.getBeanDefinition("entityManagerFactory").setDependsOn("scripts");
        }
    }

    private ApplicationContextRunner plain(String file) {
        return Entities.runner(directory.resolve(file).toString(), Upgraded.Item.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=none");
    }

    private ApplicationContextRunner scripted(String file, Form form, String schema, String data) {
        try {
            Path schemaFile = Files.writeString(directory.resolve("schema.sql"), schema);
            Path dataFile = Files.writeString(directory.resolve("data.sql"), data.isEmpty() ? "SELECT 1;" : data);
            return form.set.apply(plain(file)
                    .withPropertyValues(
                            "spring.sql.init.schema-locations=file:" + schemaFile,
                            "spring.sql.init.data-locations=file:" + dataFile));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void exchange(ApplicationContext one, ApplicationContext other) {
        ChangesetService first = one.getBean(ChangesetService.class);
        ChangesetService second = other.getBean(ChangesetService.class);
        first.apply(second.changes(ChangeQuery.ALL));
        second.apply(first.changes(ChangeQuery.ALL));
        first.apply(second.changes(ChangeQuery.ALL));
    }

    private static void run(ApplicationContext context, String sql) {
        context.getBean(JdbcTemplate.class).execute(sql);
    }

    private static List<String> units(ApplicationContext context) {
        return context.getBean(JdbcTemplate.class)
                .queryForList("SELECT id || '|' || unit FROM item ORDER BY id", String.class);
    }

    private static List<String> rows(ApplicationContext context) {
        return context.getBean(JdbcTemplate.class)
                .queryForList("SELECT id || '|' || amount || '|' || unit FROM item ORDER BY id", String.class);
    }

    private void restart(Form form, String schema, String data, List<String> expected) {
        String table = "CREATE TABLE item (id VARCHAR(36) NOT NULL PRIMARY KEY, amount TEXT, unit TEXT);";
        scripted("b.db", Form.ALWAYS, table, SEED).run(b -> {
            scripted("a.db", form, SCHEMA, SEED).run(a -> {
                assertThat(a).hasNotFailed();
                run(a, "INSERT INTO item VALUES ('mine', '2', 'g'), ('deleted', '3', 'g')");
                run(b, "INSERT INTO item VALUES ('theirs', '4', 'g')");
                exchange(a, b);
                run(a, "DELETE FROM item WHERE id = 'deleted'");
                run(b, "UPDATE item SET amount = '5' WHERE id = 'theirs'");
                assertThat(rows(a)).hasSize(3);
            });
            scripted("a.db", form, schema, data).run(a -> {
                assertThat(a).hasNotFailed();
                exchange(a, b);
                assertThat(rows(b)).isEqualTo(expected);
                assertThat(rows(a)).isEqualTo(expected);
                run(a, "UPDATE item SET unit = 'tracked' WHERE id = 'mine'");
                run(a, "INSERT INTO item VALUES ('new', '6', 'g')");
                run(a, "DELETE FROM item WHERE id = 'theirs'");
                exchange(a, b);
                assertThat(rows(b)).contains("mine|2|tracked", "new|6|g").noneMatch(row -> row.startsWith("theirs"));
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatComesBackEmptyIsFilledByThePeers(Form form) {
        restart(form, SCHEMA, "", List.of("mine|2|g", "seed|1|kg", "theirs|5|g"));
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatTheScriptsInsertCountAsWrittenAndAllOthersComeBack(Form form) {
        restart(
                form,
                SCHEMA,
                SEED.replace("'1'", "'9'") + "INSERT INTO item VALUES ('added', '7', 'kg');",
                List.of("added|7|kg", "mine|2|g", "seed|9|kg", "theirs|5|g"));
    }

    @ParameterizedTest
    @EnumSource
    void noSpellingOfTheTableMakesTheScriptsADeletion(Form form) {
        restart(form, QUOTED, SEED, List.of("mine|2|g", "seed|1|kg", "theirs|5|g"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"ALWAYS", "DEFERRED"})
    void whatAScriptDeletesIsDeletedEverywhere(Form form) {
        restart(
                form,
                "CREATE TABLE IF NOT EXISTS item (id VARCHAR(36) NOT NULL PRIMARY KEY, amount TEXT, unit TEXT);",
                "DELETE FROM item WHERE id = 'seed';",
                List.of("mine|2|g", "theirs|5|g"));
    }

    @Test
    void aTableDroppedByHandIsFilledByThePeers() {
        plain("b.db").withPropertyValues("spring.jpa.hibernate.ddl-auto=update").run(b -> {
            ApplicationContextRunner application =
                    plain("a.db").withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
            application.run(a -> {
                run(a, "INSERT INTO item (id, unit) VALUES ('mine', 'g')");
                run(b, "INSERT INTO item (id, unit) VALUES ('theirs', 'g')");
                exchange(a, b);
                run(a, "DROP TABLE item");
            });
            application.run(a -> {
                assertThat(units(a)).isEmpty();
                exchange(a, b);
                assertThat(units(a)).containsExactly("mine|g", "theirs|g").isEqualTo(units(b));
            });
        });
    }

    @Test
    void scriptsThatDoNotRunChangeNothing() {
        plain("a.db").withPropertyValues("spring.jpa.hibernate.ddl-auto=update").run(a -> {});
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            plain("a.db")
                    .withConfiguration(AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
                    .run(a -> before.add(a.getBean(JdbcTemplate.class)
                            .queryForObject("SELECT schema_version FROM pragma_schema_version", String.class)));
        }
        assertThat(before.get(1)).isEqualTo(before.get(0));
    }
}
