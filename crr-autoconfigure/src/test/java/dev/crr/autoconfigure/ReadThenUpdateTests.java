package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.shapes.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that read a number and write the next one, with the starter's defaults. */
class ReadThenUpdateTests {

    private static final int THREADS = 32;
    private static final int TIMES = 10;

    @TempDir
    Path directory;

    @Test
    void thirtyTwoThreadsLoseNothingAndSeeNoLock() {
        for (String readOnlyPool : new String[] {"false", "true"}) {
            Entities.runner(directory.resolve(readOnlyPool + ".db").toString(), Note.class)
                    .withPropertyValues(
                            "spring.jpa.hibernate.ddl-auto=update", "crr.sqlite.read-only-pool.enabled=" + readOnlyPool)
                    .run(context -> {
                        TransactionTemplate transaction =
                                new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                        EntityManager notes = SharedEntityManagerCreator.createSharedEntityManager(
                                context.getBean(EntityManagerFactory.class));
                        Note counter = new Note();
                        counter.setId(new UUID(1, 1));
                        counter.setText("0");
                        transaction.executeWithoutResult(status -> notes.persist(counter));

                        List<Future<?>> all = new ArrayList<>();
                        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
                        try {
                            for (int thread = 0; thread < THREADS; thread++) {
                                all.add(threads.submit(() -> countUp(transaction, notes, counter.getId())));
                            }
                            for (Future<?> each : all) {
                                each.get();
                            }
                        } finally {
                            threads.shutdownNow();
                        }
                        assertThat(context.getBean(JdbcTemplate.class)
                                        .queryForObject("SELECT text FROM note", Integer.class))
                                .isEqualTo(THREADS * TIMES);
                    });
        }
    }

    private static void countUp(TransactionTemplate transaction, EntityManager notes, UUID id) {
        for (int i = 0; i < TIMES; i++) {
            transaction.executeWithoutResult(status -> {
                Note note = notes.find(Note.class, id);
                note.setText(String.valueOf(Integer.parseInt(String.valueOf(note.getText())) + 1));
            });
        }
    }
}
