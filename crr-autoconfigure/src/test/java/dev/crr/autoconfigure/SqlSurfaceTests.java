package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The SQL surface through everything that Spring puts between an application and a connection. */
class SqlSurfaceTests {

    private static final String INSERT =
            "INSERT INTO crsql_changes VALUES ('note', crsql_pack_columns(?), 'text', ?, ?, 1,"
                    + " x'0102030405060708090A0B0C0D0E0F10', 1, 0)";

    @TempDir
    Path directory;

    @Test
    void asMuchIsSetAsideAsTheApplicationAllows() {
        String unknown = INSERT.replace("'text'", "'later'");
        runner("limit").withPropertyValues("crr.sync.max-quarantined=1").run(context -> {
            jdbc(context).update(unknown, bytes(UUID.randomUUID()), "one", 1);
            assertThatThrownBy(() -> jdbc(context).update(unknown, bytes(UUID.randomUUID()), "two", 1))
                    .hasMessageContaining("holds 1 changes");
        });
        runner("limit").withPropertyValues("crr.sync.max-quarantined-bytes=1MB").run(context -> {
            jdbc(context).update(unknown, bytes(UUID.randomUUID()), "x".repeat(1 << 20), 1);
            assertThatThrownBy(() -> jdbc(context).update(unknown, bytes(UUID.randomUUID()), "two", 1))
                    .hasMessageContaining("crr.sync.max-quarantined-bytes");
        });
    }

    private ApplicationContextRunner runner(String name) {
        return Entities.runner(directory.resolve(name + ".db").toString(), Note.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=update", "crr.sqlite.read-only-pool.enabled=true");
    }

    private static JdbcTemplate jdbc(ApplicationContext context) {
        return context.getBean(JdbcTemplate.class);
    }

    private static TransactionTemplate transaction(ApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    /** As Hibernate stores it. */
    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static Map<String, Object> only(List<Map<String, Object>> rows) {
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    @Test
    void insertsBelongToTheTransactionAroundThem() {
        runner("here").run(context -> {
            JdbcTemplate jdbc = jdbc(context);
            EntityManager notes =
                    SharedEntityManagerCreator.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
            UUID id = UUID.randomUUID();

            transaction(context).executeWithoutResult(status -> {
                Note note = new Note();
                note.setId(id);
                note.setText("mine");
                notes.persist(note);
                notes.flush();
                jdbc.update(INSERT, bytes(id), "theirs", 2);
                notes.refresh(note);
                assertThat(note.getText()).isEqualTo("theirs");
                status.setRollbackOnly();
            });
            assertThat(jdbc.queryForList("SELECT * FROM note")).isEmpty();

            jdbc.batchUpdate(
                    INSERT, List.of(new Object[] {bytes(id), "first", 1}, new Object[] {bytes(id), "second", 2}));
            assertThat(only(jdbc.queryForList("SELECT * FROM note"))).containsEntry("text", "second");

            transaction(context)
                    .executeWithoutResult(status -> notes.createNativeQuery(
                                    "INSERT INTO crsql_changes SELECT \"table\", pk, cid, 'third', 3, 9, site_id, 1, 0 FROM crsql_changes"
                                            + " WHERE cid = 'text'")
                            .executeUpdate());
            assertThat(only(jdbc.queryForList("SELECT * FROM note"))).containsEntry("text", "third");
            assertThat(only(jdbc.queryForList("SELECT * FROM crsql_tracked_peers")))
                    .containsEntry("version", 9);
            assertThat(context.getBean(ChangesetService.class)
                            .changes(ChangeQuery.ALL)
                            .changes())
                    .filteredOn(change -> change.cid().equals("text"))
                    .singleElement()
                    .satisfies(change -> assertThat(change.colVersion()).isEqualTo(3));

            assertThatExceptionOfType(DataAccessException.class)
                    .isThrownBy(() -> jdbc.update(INSERT, bytes(id), "x", -1))
                    .withMessageContaining("column col_version of crsql_changes must be");
            assertThat(only(jdbc.queryForList("SELECT * FROM note"))).containsEntry("text", "third");
        });
    }

    @Test
    void insertsRespectSavepoints() {
        runner("here").run(context -> {
            JdbcTemplate jdbc = jdbc(context);
            PlatformTransactionManager manager = new JdbcTransactionManager(context.getBean(DataSource.class));
            TransactionTemplate outer = new TransactionTemplate(manager);
            TransactionTemplate nested = new TransactionTemplate(manager);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            outer.executeWithoutResult(status -> {
                jdbc.update(INSERT, "kept", "x", 1);
                nested.executeWithoutResult(inner -> {
                    jdbc.update(INSERT, "undone", "x", 1);
                    assertThat(jdbc.queryForList("SELECT id FROM note")).hasSize(2);
                    inner.setRollbackOnly();
                });
                jdbc.update(INSERT, "kept too", "x", 1);
            });
            assertThat(jdbc.queryForList("SELECT id FROM note ORDER BY id", String.class))
                    .containsExactly("kept", "kept too");
        });
    }

    @Test
    void aReadOnlyTransactionReadsAndDoesNotInsert() {
        runner("here").run(context -> {
            JdbcTemplate jdbc = jdbc(context);
            jdbc.update(INSERT, "a", "x", 1);
            TransactionTemplate reading = transaction(context);
            reading.setReadOnly(true);
            reading.executeWithoutResult(status -> {
                assertThat(jdbc.queryForObject(
                                "SELECT count(*) FROM crsql_changes WHERE site_id IS NOT crsql_site_id()",
                                Integer.class))
                        .isEqualTo(1);
                assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
                        .isThrownBy(() -> jdbc.update(INSERT, "a", "y", 2));
                assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
                        .isThrownBy(() -> jdbc.queryForObject("SELECT crsql_as_table('note')", String.class));
            });
            assertThat(only(jdbc.queryForList("SELECT * FROM note"))).containsEntry("text", "x");
        });
    }

    @Test
    void aTableWithoutEntityReplicatesOverRestarts() {
        runner("here").run(context -> {
            jdbc(context).execute("CREATE TABLE deck (id TEXT PRIMARY KEY NOT NULL, name TEXT)");
            transaction(context)
                    .executeWithoutResult(status -> assertThat(
                                    jdbc(context).queryForObject("SELECT crsql_as_crr('deck')", String.class))
                            .isEqualTo("OK"));
            jdbc(context).update("INSERT INTO deck VALUES ('a', 'first')");
        });
        runner("here").run(here -> {
            jdbc(here).update("UPDATE deck SET name = 'second'");
            ChangesetService service = here.getBean(ChangesetService.class);
            assertThat(service.tables()).extracting("name").containsExactly("deck", "note");
            runner("there").run(there -> {
                there.getBean(ChangesetService.class).apply(service.changes(ChangeQuery.ALL));
                jdbc(there).execute("CREATE TABLE deck (id TEXT PRIMARY KEY NOT NULL, name TEXT)");
                jdbc(there).queryForObject("SELECT crsql_as_crr('deck')", String.class);
                assertThat(only(jdbc(there).queryForList("SELECT * FROM deck"))).containsEntry("name", "second");
                jdbc(there).update("UPDATE deck SET name = 'third'");
                service.apply(there.getBean(ChangesetService.class).changes(ChangeQuery.ALL));
            });
            assertThat(only(jdbc(here).queryForList("SELECT * FROM deck"))).containsEntry("name", "third");
        });
    }
}
