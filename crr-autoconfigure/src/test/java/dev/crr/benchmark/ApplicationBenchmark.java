package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Crr;
import dev.crr.Instance;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import dev.crr.engine.TableSpec;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.data.domain.Persistable;
import org.springframework.data.jpa.repository.support.SimpleJpaRepository;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an application sees: saving entities, starting, being asked for its state. */
final class ApplicationBenchmark {

    private static final int ENTITIES = 10_000;
    private static final int TABLES = 20;

    private final Path folder;
    private final Results results;
    private final Contender plain = new Contender.Plain();
    private final Contender crr = new Contender.Crr(new CrrEngine(Contender.PIECE, 1));

    ApplicationBenchmark(Path folder, Results results) {
        this.folder = folder;
        this.results = results;
    }

    /** What both applications save. Never asked of the database before it is saved, as its id is made here. */
    @MappedSuperclass
    abstract static class Item implements Persistable<String> {
        @Id
        String id = UUID.randomUUID().toString();

        String a = "slide";
        String b = "some text";
        String c = "kind";
        double d = 1.5;
        double e = 0.25;
        long f = 1;
        long g = 2;
        long h = 3;

        @Override
        public String getId() {
            return id;
        }

        @Override
        @Transient
        public boolean isNew() {
            return true;
        }
    }

    @Entity
    @Table(name = "local_item")
    static class LocalItem extends Item {}

    @Crr
    @Entity
    @Table(name = "shared_item")
    static class SharedItem extends Item {}

    void run(int rounds, int rowsPerTable) throws Exception {
        save(rounds);
        manyTables(rounds, rowsPerTable);
    }

    private void save(int rounds) throws Exception {
        String[] batching = {
            "spring.jpa.properties.hibernate.jdbc.batch_size=50", "spring.jpa.properties.hibernate.order_inserts=true"
        };
        try (Instance local = new Instance(folder.resolve("local.db")).with(batching);
                Instance shared = new Instance(folder.resolve("shared.db")).with(batching)) {
            local.start(LocalItem.class);
            shared.start(SharedItem.class);
            for (int round = 0; round <= rounds; round++) {
                results.time(
                        round == 0 ? "warm" : "saveAll", plain, () -> save(local, LocalItem.class, LocalItem::new));
                results.time(
                        round == 0 ? "warm" : "saveAll", crr, () -> save(shared, SharedItem.class, SharedItem::new));
            }
            assertThat(shared.jdbc().queryForObject("SELECT count(*) FROM shared_item__crr_row", Long.class))
                    .isEqualTo((rounds + 1L) * ENTITIES);
        }
        results.ratio("JPA saveAll of " + ENTITIES + " entities, batched", "≤ 1.3×", "saveAll", "saveAll");
    }

    private static <T extends Item> void save(Instance application, Class<T> type, Supplier<T> make) {
        List<T> items = new ArrayList<>();
        for (int i = 0; i < ENTITIES; i++) {
            items.add(make.get());
        }
        EntityManager entities = SharedEntityManagerCreator.createSharedEntityManager(
                application.bean(jakarta.persistence.EntityManagerFactory.class));
        new TransactionTemplate(application.bean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> new SimpleJpaRepository<>(type, entities).saveAll(items));
    }

    private void manyTables(int rounds, int rowsPerTable) throws Exception {
        List<TableSpec> tables = new ArrayList<>();
        Path file = folder.resolve("tables.db");
        try (Connection connection = Contender.open(file, false)) {
            for (int i = 0; i < TABLES; i++) {
                String name = "t" + i;
                Contender.run(connection, Rows.TABLE.replace("TABLE t ", "TABLE " + name + " "));
                tables.add(new TableSpec(name, null, Set.of()));
            }
            new CrrInstaller().install(connection, tables);
            for (TableSpec table : tables) {
                Contender.run(
                        connection,
                        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rowsPerTable
                                + ") INSERT INTO " + table.table()
                                + " SELECT printf('%032x', i * 7919), 'a', 'b', 'c', i, i, i, i, i FROM n");
            }
        }
        for (int round = 0; round <= rounds; round++) {
            try (Connection connection = Contender.open(file, false)) {
                CrrEngine engine = new CrrEngine(Contender.PIECE, 1);
                results.time(round == 0 ? "warm" : "start", crr, () -> new CrrInstaller().install(connection, tables));
                results.time(round == 0 ? "warm" : "status", crr, () -> {
                    engine.identity(connection);
                    assertThat(engine.tables(connection)).hasSize(TABLES);
                    engine.quarantined(connection);
                    engine.trackedPeers(connection);
                });
            }
        }
        String size = TABLES + " tables of " + rowsPerTable + " rows";
        results.line("crr's part of a start, " + size, "< 50 ms", "", millis("start"), "");
        results.line("what GET /actuator/crr reads, " + size, "< 5 ms", "", millis("status"), "");
    }

    private String millis(String measure) {
        return String.format(Locale.ROOT, "%.1f ms", results.median(measure, crr.name()));
    }
}
