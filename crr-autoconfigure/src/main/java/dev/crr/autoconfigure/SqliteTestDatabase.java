package dev.crr.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;
import org.springframework.util.ClassUtils;

/**
 * Puts a test on a file of its own, which is what an embedded database is elsewhere. Equal to others of its kind, so that tests
 * share contexts.
 *
 * @param always whether even a URL that the test itself has set gives way
 */
record SqliteTestDatabase(boolean always) implements ContextCustomizer {

    private static final String URL = "spring.datasource.url";
    private static final String REPLACE = "spring.test.database.replace";
    private static final String DDL_AUTO = "spring.jpa.hibernate.ddl-auto";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        ConfigurableEnvironment environment = context.getEnvironment();
        ClassLoader classLoader = Objects.requireNonNullElseGet(context.getClassLoader(), getClass()::getClassLoader);
        String url = environment.getProperty(URL);
        boolean enabled = environment.getProperty("crr.enabled", Boolean.class, true);
        boolean replaced = !"none".equalsIgnoreCase(environment.getProperty(REPLACE, ""));
        boolean embedded = EmbeddedDatabaseConnection.get(classLoader) != EmbeddedDatabaseConnection.NONE;
        if (!enabled || !replaced || embedded || (url != null && !SqliteDatabase.isSqliteUrl(url))) {
            return;
        }
        Map<String, Object> properties = new HashMap<>(Map.of(REPLACE, "none"));
        if (always || url == null || !isOfTheTest(environment)) {
            properties.put(URL, "jdbc:sqlite:" + newFile());
            if (!environment.containsProperty(DDL_AUTO) && !hasMigrations(classLoader)) {
                // As Boot does for an embedded database.
                properties.put(DDL_AUTO, "update");
            }
        }
        environment.getPropertySources().addFirst(new MapPropertySource("crr test database", properties));
    }

    /** Whether the test has set the URL, with its annotation or a dynamic property. */
    private static boolean isOfTheTest(ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                    && source.containsProperty(URL)) {
                return source.getName().equals(TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME)
                        || source.getName().equals("Dynamic Test Properties");
            }
        }
        return false;
    }

    private static boolean hasMigrations(ClassLoader classLoader) {
        return ClassUtils.isPresent(
                        "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration", classLoader)
                || ClassUtils.isPresent(
                        "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration", classLoader);
    }

    /** Contexts are cached until the JVM ends, so the file is deleted then. */
    private static Path newFile() {
        try {
            Path directory = Files.createTempDirectory("crr-test");
            directory.toFile().deleteOnExit();
            for (String suffix : new String[] {"", "-wal", "-shm"}) {
                directory.resolve("test.db" + suffix).toFile().deleteOnExit();
            }
            return directory.resolve("test.db");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
