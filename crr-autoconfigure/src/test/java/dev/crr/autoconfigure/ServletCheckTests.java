package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.shapes.Note;
import dev.crr.sync.SyncLoop;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.web.servlet.DispatcherServlet;

/** An application that peers cannot call says so. */
@ExtendWith(OutputCaptureExtension.class)
class ServletCheckTests {

    private static final String WARNING = "Peers cannot exchange changes by calling this application";
    private static final String EXPOSED = "management.endpoints.web.exposure.include=crr";
    private static final String PEER = "crr.peers[0].url=http://localhost:1/actuator/crr";

    @TempDir
    Path directory;

    private <T extends AbstractApplicationContextRunner<T, ?, ?>> void run(T runner, String... properties) {
        runner.withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        CrrDataSourceAutoConfiguration.class,
                        CrrAutoConfiguration.class,
                        CrrSchemaAutoConfiguration.class,
                        CrrSyncAutoConfiguration.class,
                        CrrEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=jdbc:sqlite:" + directory.resolve("file"),
                        "spring.jpa.hibernate.ddl-auto=update")
                .withPropertyValues(properties)
                .withBean(PersistenceManagedTypes.class, () -> PersistenceManagedTypes.of(Note.class.getName()))
                .run(context ->
                        assertThat(context.getBean(SyncLoop.class).isRunning()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPOSED, PEER, PEER + ",spring.main.lazy-initialization=true"})
    void withWebFlux(String properties, CapturedOutput output) {
        run(new ReactiveWebApplicationContextRunner(), properties.split(",", -1));
        assertThat(output.getAll().split(WARNING, -1)).hasSize(2);
        assertThat(output).contains("WebFlux", "spring-boot-starter-webmvc");
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPOSED, PEER})
    void withJersey(String property, CapturedOutput output) {
        run(
                new WebApplicationContextRunner().withClassLoader(new FilteredClassLoader(DispatcherServlet.class)),
                property);
        assertThat(output).contains(WARNING, "Jersey");
    }

    @Test
    void notWhereTheyCanOrNobodyWants(CapturedOutput output) {
        run(new WebApplicationContextRunner(), EXPOSED, PEER);
        run(new ApplicationContextRunner(), EXPOSED, PEER);
        run(new ReactiveWebApplicationContextRunner());
        assertThat(output).doesNotContain(WARNING);
    }
}
