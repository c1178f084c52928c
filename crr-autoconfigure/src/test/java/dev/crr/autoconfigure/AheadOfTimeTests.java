package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.shapes.Note;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.javapoet.ClassName;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/** What is generated before the start. That it also runs is for the demo's own test, in a process of its own. */
class AheadOfTimeTests {

    @TempDir
    Path directory;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        static PersistenceManagedTypes managedTypes() {
            return PersistenceManagedTypes.of(Note.class.getName());
        }
    }

    @Test
    void theStarterIsProcessedWithoutTouchingTheDatabase() throws Exception {
        Path file = directory.resolve("test.db");
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get("dev.crr", "Generated")), files);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test",
                            Map.of(
                                    "spring.datasource.url", "jdbc:sqlite:" + file,
                                    "crr.sqlite.read-only-pool.enabled", "true",
                                    "spring.flyway.enabled", "false",
                                    "spring.liquibase.enabled", "false")));
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
        }
        assertThat(file).doesNotExist();
        List<String> sources = List.copyOf(files.getGeneratedFiles(Kind.SOURCE).keySet());
        for (Class<?> ours : new Class<?>[] {
            CrrAutoConfiguration.class, CrrDataSourceAutoConfiguration.class, CrrSchemaAutoConfiguration.class
        }) {
            assertThat(sources).anyMatch(source -> source.endsWith(ours.getSimpleName() + "__BeanDefinitions.java"));
        }
        RuntimeHints hints = generation.getRuntimeHints();
        for (Class<?> properties : new Class<?>[] {
            CrrProperties.class, CrrProperties.Peer.class, CrrProperties.Sync.class, CrrProperties.ReadOnlyPool.class
        }) {
            assertThat(RuntimeHintsPredicates.reflection().onType(properties)).accepts(hints);
        }
    }

    @Test
    void whatIsFoundByNameAtRunTimeHasHints() throws Exception {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(registrar -> registrar.getClass().getName().startsWith("dev.crr."))
                .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
        assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(SqliteDriver.class.getConstructor()))
                .accepts(hints);
        Class<?> handler = Class.forName("dev.crr.actuate.ChangesHandler");
        assertThat(Arrays.stream(handler.getDeclaredMethods())
                        .filter(method -> List.of("read", "receive").contains(method.getName()))
                        .toList())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(
                        method -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                                .accepts(hints));
    }
}
