package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several contexts of one application in one JVM: one after the other, as devtools has it, or at once, as tests have it. */
class RestartTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Entities.runner(directory.resolve("test.db").toString(), Note.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
    }

    /** Loads the application's classes anew and leaves libraries, and so the starter, to its parent. */
    private static final class RestartClassLoader extends ClassLoader {

        RestartClassLoader() {
            super(RestartTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.crr.shapes.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    @Test
    void aRestartWithReloadedClassesGoesOnWithTheSameReplica() {
        Set<SiteId> siteIds = new HashSet<>();
        Set<Class<?>> entities = new HashSet<>();
        for (int start = 1; start <= 3; start++) {
            int rows = start;
            ClassLoader classLoader = new RestartClassLoader();
            runner().withClassLoader(classLoader).run(context -> {
                ChangesetService service = context.getBean(ChangesetService.class);
                entities.add(classLoader.loadClass(Note.class.getName()));
                siteIds.add(service.siteId());
                context.getBean(JdbcTemplate.class).update("INSERT INTO note (id, text) VALUES (?, 'x')", "key" + rows);
                assertThat(service.tables()).hasSize(1);
                assertThat(service.changes(ChangeQuery.ALL).changes().stream()
                                .filter(change -> change.cid().equals("text")))
                        .hasSize(rows);
            });
        }
        assertThat(siteIds).hasSize(1);
        assertThat(entities).as("classes of the three starts").hasSize(3);
    }

    @Test
    void contextsThatAreCachedSideBySideShareTheReplica() {
        runner().run(first -> runner().run(second -> {
            String insert = "INSERT INTO note (id, text) VALUES (?, 'x')";
            first.getBean(JdbcTemplate.class).update(insert, "first");
            second.getBean(JdbcTemplate.class).update(insert, "second");
            ChangesetService one = first.getBean(ChangesetService.class);
            ChangesetService two = second.getBean(ChangesetService.class);
            assertThat(one.siteId()).isEqualTo(two.siteId());
            assertThat(one.changes(ChangeQuery.ALL).changes())
                    .isNotEmpty()
                    .isEqualTo(two.changes(ChangeQuery.ALL).changes());
        }));
    }
}
