package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several replicas that exchange with cursors, and leave out what the asker wrote, except the first time after a start, as
 * {@code dev.crr.sync} does.
 */
final class Pair implements AutoCloseable {

    private final Path folder;
    private final List<Replica> replicas = new ArrayList<>();
    private final Map<Integer, Set<SiteId>> recovered = new HashMap<>();
    private final List<CrrInstaller> killed = new ArrayList<>();

    Pair(Path folder, int size, String... ddl) {
        this.folder = folder;
        for (int i = 0; i < size; i++) {
            replicas.add(new Replica(folder.resolve("replica" + i + ".db")).run(ddl));
        }
    }

    Pair install(String... tables) {
        for (int i = 0; i < replicas.size(); i++) {
            install(i, tables);
        }
        return this;
    }

    Replica get(int index) {
        return replicas.get(index);
    }

    /** Starts an instance. */
    Pair install(int index, String... tables) {
        replicas.get(index).install(tables);
        recovered.remove(index);
        return this;
    }

    /** As if the process had been killed. */
    Pair kill(int index) {
        replicas.get(index).kill();
        killed.add(replicas.get(index).installer);
        replicas.set(index, new Replica(folder.resolve("replica" + index + ".db")));
        recovered.remove(index);
        return this;
    }

    Pair standAside(int index) {
        try {
            replicas.get(index).installer.standAside(replicas.get(index).connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Stands aside, changes the schema, and installs. */
    Pair migrate(int index, List<String> sql, String... tables) {
        standAside(index);
        replicas.get(index).run(sql.toArray(String[]::new));
        return install(index, tables);
    }

    long pull(int to, int from) {
        Replica asker = replicas.get(to);
        Replica asked = replicas.get(from);
        try {
            long since =
                    asker.engine.cursor(asker.connection, asked.siteId(), null).received();
            boolean everything =
                    recovered.computeIfAbsent(to, key -> new HashSet<>()).add(asked.siteId());
            ChangeQuery query = ChangeQuery.ALL.after(since, null);
            Changeset changeset = asked.changes(everything ? query : query.excluding(asker.siteId()));
            return asker.mergeTolerantly(changeset).report().applied();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All with all, or each with the next, until nobody learns anything. */
    void exchange() {
        int rounds = 0;
        long applied;
        do {
            applied = 0;
            for (int i = 0; i + 1 < replicas.size(); i++) {
                applied += pull(i, i + 1) + pull(i + 1, i);
            }
            assertThat(++rounds).as("rounds until rest").isLessThan(10);
        } while (applied > 0);
    }

    /** Exchanges, and asserts that all have the same rows and clocks. */
    List<String> equal(String table) {
        exchange();
        List<List<String>> contents =
                replicas.stream().map(replica -> contents(replica, table)).toList();
        for (List<String> other : contents) {
            assertThat(other).isEqualTo(contents.get(0));
        }
        // Also those that no cursor would ever bring.
        for (Replica to : replicas) {
            for (Replica from : replicas) {
                if (to != from) {
                    assertThat(to.mergeTolerantly(from.changes(ChangeQuery.ALL))
                                    .report()
                                    .applied())
                            .as("what a full exchange brings after rest")
                            .isZero();
                }
            }
        }
        return replicas.get(0).query("SELECT * FROM " + Quoting.name(table) + " ORDER BY 1");
    }

    static List<String> contents(Replica replica, String table) {
        List<String> contents = new ArrayList<>(replica.query("SELECT * FROM " + Quoting.name(table) + " ORDER BY 1"));
        contents.addAll(replica.query("SELECT hex(pk), cid, val, col_version, cl FROM crsql_changes WHERE \"table\" = "
                + Quoting.text(table) + " ORDER BY 1, 2"));
        return contents;
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        killed.forEach(CrrInstaller::close);
    }
}
