package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three instances in a line, of which one after the other is upgraded while all of them write and exchange changes. With cursors
 * and without what the asker wrote himself, as between applications.
 */
class MixedSchemaTests {

    @TempDir
    Path folder;

    private final List<Instance> line = new ArrayList<>();

    /** What an upgrade changes, and what one writes before and after. */
    enum Upgrade {
        ADD("ALTER TABLE \"order\" ADD COLUMN extra TEXT") {
            @Override
            String writeNew(String key) {
                return "INSERT INTO \"order\" (id, title, amount, extra) VALUES ('" + key + "', 'new', 1, 'E')";
            }

            @Override
            String editNew(String key) {
                return "UPDATE \"order\" SET extra = 'edited' WHERE id = '" + key + "'";
            }
        },
        ADD_WITH_DEFAULT("ALTER TABLE \"order\" ADD COLUMN extra TEXT NOT NULL DEFAULT 'none'") {
            @Override
            String writeNew(String key) {
                return "INSERT INTO \"order\" (id, title, amount, extra) VALUES ('" + key + "', 'new', 1, 'E')";
            }

            @Override
            String editNew(String key) {
                return "UPDATE \"order\" SET extra = 'edited' WHERE id = '" + key + "'";
            }
        },
        DROP("ALTER TABLE \"order\" DROP COLUMN note") {
            @Override
            String writeNew(String key) {
                return "INSERT INTO \"order\" (id, title, amount) VALUES ('" + key + "', 'new', 1)";
            }

            @Override
            String editNew(String key) {
                return "UPDATE \"order\" SET amount = 77 WHERE id = '" + key + "'";
            }
        },
        RENAME("ALTER TABLE \"order\" RENAME COLUMN title TO name") {
            @Override
            String writeNew(String key) {
                return "INSERT INTO \"order\" (id, name, amount) VALUES ('" + key + "', 'new', 1)";
            }

            @Override
            String editNew(String key) {
                return "UPDATE \"order\" SET name = 'edited' WHERE id = '" + key + "'";
            }
        },
        NEW_TABLE("CREATE TABLE \"group\" (id TEXT PRIMARY KEY NOT NULL, label TEXT NOT NULL)") {
            @Override
            String writeNew(String key) {
                return "INSERT INTO \"group\" VALUES ('" + key + "', 'new')";
            }

            @Override
            String editNew(String key) {
                return "UPDATE \"group\" SET label = 'edited' WHERE id = '" + key + "'";
            }
        };

        final String sql;

        Upgrade(String sql) {
            this.sql = sql;
        }

        abstract String writeNew(String key);

        abstract String editNew(String key);
    }

    /** An instance, which starts anew with its upgrade. */
    private static final class Instance {

        final Replica replica;
        boolean upgraded;
        private final Set<SiteId> recovered = new HashSet<>();

        Instance(Path file) {
            replica = new Replica(file);
            replica.run("CREATE TABLE \"order\" (id TEXT PRIMARY KEY NOT NULL, title TEXT, amount INTEGER, note TEXT)")
                    .install("order");
        }

        void upgrade(Upgrade upgrade) {
            standAside(replica);
            replica.run(upgrade.sql);
            if (upgrade == Upgrade.NEW_TABLE) {
                replica.install("order", "group");
            } else {
                replica.install("order");
            }
            recovered.clear();
            upgraded = true;
        }

        /** As {@code dev.crr.sync} does it: the first time after a start it asks for what it wrote itself, too. */
        long pull(Instance from) {
            try {
                SiteId peer = from.replica.siteId();
                long since =
                        replica.engine.cursor(replica.connection, peer, null).received();
                ChangeQuery query = ChangeQuery.ALL.after(since, null);
                boolean everything = recovered.add(peer);
                Changeset changeset = from.replica.changes(everything ? query : query.excluding(replica.siteId()));
                MergeReport report = replica.mergeTolerantly(changeset).report();
                assertThat(report.received()).isEqualTo(changeset.version());
                return report.applied();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static void standAside(Replica replica) {
        try {
            replica.installer.standAside(replica.connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() {
        for (int i = 0; i < 3; i++) {
            line.add(new Instance(folder.resolve(i + ".db")));
        }
    }

    @AfterEach
    void close() {
        line.forEach(instance -> instance.replica.close());
    }

    static Stream<Arguments> orders() {
        List<List<Integer>> orders = List.of(List.of(0, 2, 1), List.of(1, 2, 0), List.of(0, 1, 2));
        return Stream.of(Upgrade.values())
                .flatMap(upgrade -> orders.stream().map(order -> Arguments.of(upgrade, order)));
    }

    private long exchange() {
        long applied = 0;
        for (int i = 0; i < 2; i++) {
            applied += line.get(i).pull(line.get(i + 1));
            applied += line.get(i + 1).pull(line.get(i));
        }
        return applied;
    }

    private void exchangeUntilQuiet() {
        int rounds = 0;
        while (exchange() > 0) {
            assertThat(++rounds).as("rounds").isLessThan(10);
        }
    }

    /** Each instance edits cells nobody else touches, one that all touch, and makes and deletes rows. */
    private void write(Upgrade upgrade, int step) {
        for (int i = 0; i < 3; i++) {
            Instance instance = line.get(i);
            String own = i + "-" + step;
            boolean renamed = upgrade == Upgrade.RENAME && instance.upgraded;
            boolean dropped = upgrade == Upgrade.DROP && instance.upgraded;
            String title = renamed ? "name" : "title";
            instance.replica.run(
                    "INSERT INTO \"order\" (id, " + title + ", amount) VALUES ('" + own + "', 'by " + i + "', " + step
                            + ")",
                    "UPDATE \"order\" SET " + title + " = 'step " + step + "' WHERE id = 'own " + i + "'",
                    "UPDATE \"order\" SET " + title + " = 'shared by " + own + "', amount = " + (step * 10 + i)
                            + " WHERE id = 'shared'",
                    "DELETE FROM \"order\" WHERE id = 'gone " + own + "'");
            if (!dropped) {
                instance.replica.run(
                        "UPDATE \"order\" SET note = 'note " + own + "' WHERE id IN ('own " + i + "', '" + own + "')");
            }
            if (instance.upgraded) {
                instance.replica.run(upgrade.writeNew("new " + own), upgrade.editNew("new " + i + "-" + (step - 1)));
                if (upgrade != Upgrade.NEW_TABLE && upgrade != Upgrade.RENAME) {
                    instance.replica.run(upgrade.editNew("own " + i));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void inAnyOrderOfUpgradesNothingIsLost(Upgrade upgrade, List<Integer> order) {
        Replica first = line.get(0).replica;
        first.run(
                "INSERT INTO \"order\" VALUES ('shared', 's', 0, 'n'), ('own 0', 's', 0, 'n'), ('own 1', 's', 0, 'n'),"
                        + " ('own 2', 's', 0, 'n')");
        for (int step = 0; step < 4; step++) {
            for (int i = 0; i < 3; i++) {
                first.run("INSERT INTO \"order\" (id) VALUES ('gone " + i + "-" + step + "')");
            }
        }
        exchangeUntilQuiet();
        write(upgrade, 0);
        for (int step = 1; step <= 3; step++) {
            line.get(order.get(step - 1)).upgrade(upgrade);
            write(upgrade, step);
            exchange();
        }
        exchangeUntilQuiet();
        assertEqual(line);
        String title = upgrade == Upgrade.RENAME ? "name" : "title";
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            expected.add("'own " + i + "'|'step 3'");
            for (int step = 0; step < 4; step++) {
                expected.add("'" + i + "-" + step + "'|'by " + i + "'");
            }
        }
        assertThat(first.query("SELECT id, " + title + " FROM \"order\"")).containsAll(expected);
        assertThat(first.query("SELECT id FROM \"order\" WHERE id LIKE 'gone%'"))
                .isEmpty();
        if (upgrade != Upgrade.DROP) {
            assertThat(first.query("SELECT id, note FROM \"order\" WHERE id LIKE 'own%' ORDER BY 1"))
                    .containsExactly("'own 0'|'note 0-3'", "'own 1'|'note 1-3'", "'own 2'|'note 2-3'");
        }
        if (upgrade == Upgrade.ADD || upgrade == Upgrade.ADD_WITH_DEFAULT) {
            assertThat(first.query("SELECT DISTINCT extra FROM \"order\" WHERE id LIKE 'own%'"))
                    .containsExactly("'edited'");
        }
        String table = upgrade == Upgrade.NEW_TABLE ? "\"group\"" : "\"order\"";
        // One of them was upgraded for three steps, one for two, one for one.
        assertThat(first.query("SELECT id FROM " + table + " WHERE id LIKE 'new%'"))
                .hasSize(6);
        assertThat(first.query("SELECT count(*) FROM crr_quarantine")).containsExactly("0");
    }

    private static void assertEqual(List<Instance> instances) {
        List<List<String>> contents = new ArrayList<>();
        for (Instance instance : instances) {
            List<String> all = new ArrayList<>(instance.replica.query(
                    "SELECT \"table\", hex(pk), cid, val, col_version, cl FROM crsql_changes ORDER BY 1, 2, 3"));
            for (String table : List.of("order", "group")) {
                if (!instance.replica
                        .query("SELECT 1 FROM sqlite_master WHERE name = '" + table + "'")
                        .isEmpty()) {
                    all.addAll(instance.replica.query("SELECT * FROM \"" + table + "\" ORDER BY 1"));
                }
            }
            contents.add(all);
        }
        assertThat(contents.get(1)).isEqualTo(contents.get(0));
        assertThat(contents.get(2)).isEqualTo(contents.get(0));
        assertThat(Collections.max(contents.get(0))).isNotEmpty();
    }

    @Test
    void aColumnThatOnlyOneOfThemDroppedAndGotBackIsFilledByTheOthers() {
        Instance returning = line.get(1);
        line.get(0).replica.run("INSERT INTO \"order\" VALUES ('1', 't', 1, 'kept'), ('2', 't', 1, 'edited later')");
        exchangeUntilQuiet();
        returning.replica.run("UPDATE \"order\" SET note = 'by the one that drops' WHERE id = '1'");
        exchangeUntilQuiet();
        returning.upgrade(Upgrade.DROP);
        line.get(0).replica.run("UPDATE \"order\" SET note = 'meanwhile' WHERE id = '2'");
        line.get(2).replica.run("INSERT INTO \"order\" VALUES ('3', 't', 1, 'new meanwhile')");
        returning.replica.run("INSERT INTO \"order\" VALUES ('4', 't', 1)");
        exchangeUntilQuiet();
        assertThat(returning.replica.query("SELECT count(*) FROM crr_quarantine"))
                .as("what is not wanted any more is not collected")
                .containsExactly("0");
        standAside(returning.replica);
        returning.replica.run("ALTER TABLE \"order\" ADD COLUMN note TEXT").install("order");
        returning.recovered.clear();
        exchangeUntilQuiet();
        assertThat(returning.replica.query("SELECT id, note FROM \"order\" ORDER BY 1"))
                .containsExactly("'1'|'by the one that drops'", "'2'|'meanwhile'", "'3'|'new meanwhile'", "'4'|NULL");
        returning.replica.run("UPDATE \"order\" SET note = 'again'");
        exchangeUntilQuiet();
        assertEqual(line);
    }

    @Test
    void aTableThatOnlyOneOfThemDroppedAndGotBackIsFilledByTheOthers() {
        Instance returning = line.get(1);
        line.get(0).replica.run("INSERT INTO \"order\" VALUES ('1', 't', 1, 'n'), ('2', 't', 1, 'n')");
        exchangeUntilQuiet();
        returning.replica.run("UPDATE \"order\" SET note = 'by the one that drops' WHERE id = '1'");
        exchangeUntilQuiet();
        standAside(returning.replica);
        returning.replica.run("DROP TABLE \"order\"").install();
        line.get(0)
                .replica
                .run(
                        "UPDATE \"order\" SET note = 'meanwhile' WHERE id = '2'",
                        "INSERT INTO \"order\" (id) VALUES ('3')");
        exchangeUntilQuiet();
        assertThat(returning.replica.query("SELECT count(*) FROM crr_quarantine"))
                .containsExactly("0");
        standAside(returning.replica);
        returning
                .replica
                .run(
                        "CREATE TABLE \"order\" (id TEXT PRIMARY KEY NOT NULL, title TEXT, amount INTEGER, note TEXT)",
                        "INSERT INTO \"order\" VALUES ('1', 'written anew', 5, 'w'), ('9', 'new', 1, 'n')")
                .install("order");
        returning.recovered.clear();
        exchangeUntilQuiet();
        assertThat(returning.replica.query("SELECT id, title, note FROM \"order\" ORDER BY 1"))
                .containsExactly("'1'|'written anew'|'w'", "'2'|'t'|'meanwhile'", "'3'|NULL|NULL", "'9'|'new'|'n'");
        assertEqual(line);
    }

    @Test
    void theDefaultOfOneNewColumnDoesNotOverrideAnEditBecauseAnotherIsFilled() {
        line.get(0).replica.run("INSERT INTO \"order\" VALUES ('1', 't', 1, 'n')");
        exchangeUntilQuiet();
        for (Instance instance : line) {
            standAside(instance.replica);
            instance.replica
                    .run(
                            "ALTER TABLE \"order\" ADD COLUMN status TEXT NOT NULL DEFAULT 'open'",
                            "ALTER TABLE \"order\" ADD COLUMN extra TEXT",
                            "UPDATE \"order\" SET extra = 'filled'")
                    .install("order");
            instance.replica.run("UPDATE \"order\" SET status = 'closed' WHERE '" + instance.replica.file.getFileName()
                    + "' = '0.db'");
        }
        exchangeUntilQuiet();
        assertEqual(line);
        assertThat(line.get(2).replica.query("SELECT status, extra FROM \"order\""))
                .containsExactly("'closed'|'filled'");
    }

    @Test
    void fillingANewColumnDoesNotOverrideWhatOthersEditMeanwhile() {
        line.get(0).replica.run("INSERT INTO \"order\" VALUES ('1', 'z', 1, 'n'), ('2', 'z', 1, 'n')");
        exchangeUntilQuiet();
        line.get(2).replica.run("UPDATE \"order\" SET title = 'a' WHERE id = '1'");
        for (Instance instance : line) {
            standAside(instance.replica);
            instance.replica.run(
                    "ALTER TABLE \"order\" ADD COLUMN extra TEXT", "UPDATE \"order\" SET extra = 'filled ' || id");
            instance.replica.install("order");
        }
        exchangeUntilQuiet();
        assertEqual(line);
        assertThat(line.get(0).replica.query("SELECT title, extra FROM \"order\" ORDER BY id"))
                .containsExactly("'a'|'filled 1'", "'z'|'filled 2'");
    }
}
