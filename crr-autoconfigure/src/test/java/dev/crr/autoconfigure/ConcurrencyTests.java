package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Eight writers, a merger and an exporter at once on one file. */
class ConcurrencyTests {

    private static final int WRITERS = 8;
    private static final int TRANSACTIONS = 60;
    private static final int MERGES = 60;

    @TempDir
    Path directory;

    @Test
    void nobodyIsTurnedAwayNothingGoesUntrackedAndEveryExportIsOneSnapshot() {
        Entities.runner(directory.resolve("here.db").toString(), Note.class)
                .withPropertyValues(
                        "spring.jpa.hibernate.ddl-auto=update", "spring.datasource.hikari.maximum-pool-size=16")
                .run(context -> {
                    ChangesetService service = context.getBean(ChangesetService.class);
                    AtomicBoolean done = new AtomicBoolean();
                    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2);
                    try {
                        List<Future<?>> writing = new ArrayList<>();
                        for (int writer = 0; writer < WRITERS; writer++) {
                            int number = writer;
                            writing.add(threads.submit(() -> write(context, number)));
                        }
                        writing.add(threads.submit(() -> merge(service)));
                        Future<Integer> exporting = threads.submit(export(service, done));
                        for (Future<?> each : writing) {
                            each.get();
                        }
                        done.set(true);
                        assertThat(exporting.get()).as("exports while writing").isPositive();
                    } finally {
                        done.set(true);
                        threads.shutdownNow();
                    }
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    assertThat(jdbc.queryForObject("SELECT count(*) FROM note", Integer.class))
                            .isEqualTo(2 * WRITERS * TRANSACTIONS + MERGES);
                    assertThat(jdbc.queryForObject(
                                    "SELECT count(*) FROM note__crr_row WHERE __crr_cl = 1", Integer.class))
                            .isEqualTo(2 * WRITERS * TRANSACTIONS + MERGES);
                    // Every pair was edited once after it was written.
                    assertThat(jdbc.queryForObject(
                                    "SELECT count(*) FROM crsql_changes WHERE col_version = 2", Integer.class))
                            .isEqualTo(2 * WRITERS * TRANSACTIONS);
                    assertThat(jdbc.queryForObject(
                                    "SELECT max(rows) FROM (SELECT count(DISTINCT pk) AS rows FROM crsql_changes GROUP BY db_version)",
                                    Integer.class))
                            .as("rows per version")
                            .isEqualTo(1);
                });
    }

    /** Each transaction reads, writes a pair of notes, and edits both: always alike. */
    private static boolean write(ApplicationContext context, int writer) {
        EntityManager notes =
                SharedEntityManagerCreator.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
        TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        for (int i = 0; i < TRANSACTIONS; i++) {
            UUID left = new UUID(writer, 2L * i);
            UUID right = new UUID(writer, 2L * i + 1);
            transaction.executeWithoutResult(status -> {
                notes.createQuery("select count(n) from Note n").getSingleResult();
                notes.persist(note(left, "new"));
                notes.persist(note(right, "new"));
            });
            String text = writer + "/" + i;
            transaction.executeWithoutResult(status -> {
                notes.find(Note.class, left).setText(text);
                notes.find(Note.class, right).setText(text);
            });
        }
        return true;
    }

    private static boolean merge(ChangesetService service) {
        SiteId sender = SiteId.random();
        for (int i = 0; i < MERGES; i++) {
            Change change = new Change(
                    "note", List.of(blob(new UUID(1000, i))), "text", Value.of("theirs"), 1, i + 1, sender, 1, 1);
            service.apply(new Changeset(sender, null, i, i + 1, null, null, false, List.of(change)));
        }
        return true;
    }

    /** Reads all again and again: both notes of a pair must be there, and alike. */
    private static Callable<Integer> export(ChangesetService service, AtomicBoolean done) {
        return () -> {
            int exports = 0;
            for (boolean last = false; !last; exports++) {
                last = done.get();
                Map<UUID, String> texts = new HashMap<>();
                for (Change change : service.changes(ChangeQuery.ALL).changes()) {
                    texts.put(uuid(change.key().get(0)), change.val().toString());
                }
                texts.forEach((id, text) -> {
                    if (id.getMostSignificantBits() < WRITERS) {
                        UUID twin = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1);
                        assertThat(texts.get(twin)).as("the twin of %s", id).isEqualTo(text);
                    }
                });
            }
            return exports;
        };
    }

    private static Note note(UUID id, String text) {
        Note note = new Note();
        note.setId(id);
        note.setText(text);
        return note;
    }

    private static Value blob(UUID id) {
        return Value.of(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static UUID uuid(Value value) {
        ByteBuffer bytes = ByteBuffer.wrap(((Value.Blob) value).bytes());
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
