package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestConstructor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A test as a user writes it: nothing said of the database, while the application is configured for its real file. */
@DataJpaTest(
        properties = {
            "spring.flyway.enabled=false",
            "spring.liquibase.enabled=false",
            // There are migration tools on the class path here, so nothing is assumed.
            "spring.jpa.hibernate.ddl-auto=update"
        })
@ContextConfiguration(classes = DataJpaSliceTests.Application.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class DataJpaSliceTests {

    private final EntityManager notes;
    private final ChangesetService service;
    private final DataSource dataSource;

    @Autowired
    DataJpaSliceTests(EntityManager notes, ChangesetService service, DataSource dataSource) {
        this.notes = notes;
        this.service = service;
        this.dataSource = dataSource;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        static PersistenceManagedTypes persistenceManagedTypes() {
            return PersistenceManagedTypes.of(Note.class.getName());
        }
    }

    @Test
    void worksOnAFileOfItsOwnAndTracks() {
        assertThat(PooledUrl.of(dataSource)).startsWith("jdbc:sqlite:").contains("crr-test");
        Note note = new Note();
        note.setId(UUID.randomUUID());
        note.setText("from a test");
        notes.persist(note);
        notes.flush();
        assertThat(new JdbcTemplate(dataSource).queryForList("SELECT text FROM note", String.class))
                .containsExactly("from a test");
        assertThat(new JdbcTemplate(dataSource).queryForObject("SELECT count(*) FROM note__crr_row", Integer.class))
                .isEqualTo(1);
    }

    /** Whichever of the two runs first. */
    @Test
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    void whatTestsWriteIsRolledBack() {
        assertThat(service.changes(ChangeQuery.ALL).changes())
                .extracting(Change::table)
                .isEmpty();
        assertThat(service.tables()).hasSize(1);
    }
}
