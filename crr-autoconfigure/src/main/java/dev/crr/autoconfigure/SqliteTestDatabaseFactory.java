package dev.crr.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ClassUtils;

/** Gives {@code @DataJpaTest} and its like a new SQLite file where Boot would look for an embedded database and find none. */
final class SqliteTestDatabaseFactory implements ContextCustomizerFactory {

    // spring-boot-starter-test alone, with which most tests of an application get by, has no slices.
    private static final boolean SLICES = ClassUtils.isPresent(
            "org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase",
            SqliteTestDatabaseFactory.class.getClassLoader());

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        if (!SLICES) {
            return null;
        }
        AutoConfigureTestDatabase asked =
                TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureTestDatabase.class);
        if (asked == null || asked.replace() == Replace.NONE || asked.connection() != EmbeddedDatabaseConnection.NONE) {
            return null;
        }
        return new SqliteTestDatabase(asked.replace() == Replace.ANY);
    }
}
