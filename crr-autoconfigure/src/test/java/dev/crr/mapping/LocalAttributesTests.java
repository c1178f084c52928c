package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Instance;
import dev.crr.mapping.LocalShapes.AbstractLeaf;
import dev.crr.mapping.LocalShapes.AbstractMiddle;
import dev.crr.mapping.LocalShapes.Common;
import dev.crr.mapping.LocalShapes.Flat;
import dev.crr.mapping.LocalShapes.Holder;
import dev.crr.mapping.LocalShapes.JoinedLeaf;
import dev.crr.mapping.LocalShapes.JoinedMiddle;
import dev.crr.mapping.LocalShapes.JoinedRoot;
import dev.crr.mapping.LocalShapes.SingleLeaf;
import dev.crr.mapping.LocalShapes.SingleMiddle;
import dev.crr.mapping.LocalShapes.SingleRoot;
import dev.crr.mapping.LocalShapes.TableLeaf;
import dev.crr.mapping.LocalShapes.TableMiddle;
import dev.crr.mapping.LocalShapes.TableRoot;
import dev.crr.mapping.LocalShapes.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is marked {@code @LocalOnly} is not sent, wherever the attribute is declared and in whichever table its column is. */
class LocalAttributesTests {

    @TempDir
    Path directory;

    /** The columns, outside the keys, that hold such a value. Asks the file, not the mapping. */
    private static Set<String> columnsInFile(Instance instance, String prefix) {
        Set<String> columns = new TreeSet<>();
        instance.jdbc()
                .query(
                        """
                SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
                WHERE m.type = 'table' AND NOT c.pk AND m.name NOT LIKE '%crr%' AND m.name NOT LIKE 'crsql%'""",
                        row -> {
                            String table = row.getString(1);
                            String column = row.getString(2);
                            Long found = instance.jdbc()
                                    .queryForObject(
                                            "SELECT count(*) FROM \"" + table + "\" WHERE \"" + column + "\" LIKE ?",
                                            Long.class,
                                            prefix + "%");
                            if (found != null && found > 0) {
                                columns.add(table + "." + column);
                            }
                        });
        return columns;
    }

    private static Set<String> columnsSent(Instance instance, String prefix) {
        return new TreeSet<>(instance.jdbc()
                .queryForList(
                        "SELECT DISTINCT \"table\" || '.' || cid FROM crsql_changes WHERE val LIKE ?",
                        String.class,
                        prefix + "%"));
    }

    @Test
    void stayHereInEveryHierarchy() {
        try (Instance here = new Instance(directory.resolve("here.db")).start(LocalShapes.ALL);
                Instance there = new Instance(directory.resolve("there.db")).start(LocalShapes.ALL)) {
            Target target = new Target();
            Holder holder = new Holder();
            List<Common> all = List.of(
                    new SingleRoot(),
                    new SingleMiddle(),
                    new SingleLeaf(),
                    new JoinedRoot(),
                    new JoinedMiddle(),
                    new JoinedLeaf(),
                    new TableRoot(),
                    new TableMiddle(),
                    new TableLeaf(),
                    new AbstractMiddle(),
                    new AbstractLeaf(),
                    new Flat());
            for (Common each : all) {
                each.fill(each.getClass().getSimpleName(), target);
                if (each instanceof JoinedRoot joined) {
                    holder.joined.add(joined);
                } else if (each instanceof TableRoot table) {
                    holder.tables.add(table);
                } else if (each instanceof LocalShapes.AbstractRoot root) {
                    holder.abstracts.add(root);
                }
            }
            Jpa.of(here).persist(target);
            Jpa.of(here).call(em -> {
                all.forEach(em::persist);
                em.persist(holder);
                return true;
            });

            assertThat(columnsInFile(here, "secret")).hasSizeGreaterThan(60);
            assertThat(columnsSent(here, "secret")).isEmpty();
            assertThat(columnsSent(here, "open")).isEqualTo(columnsInFile(here, "open"));
            assertThat(here.service().tables())
                    .filteredOn(table -> table.name().equals("abstract_leaf"))
                    .singleElement()
                    .satisfies(table -> assertThat(table.columns())
                            .containsExactlyInAnyOrder(
                                    "open",
                                    "open_outer",
                                    "open_inner",
                                    "middle_open",
                                    "middle_open_inner",
                                    "leaf_open"));

            there.service().apply(here.service().changes(ChangeQuery.ALL));
            assertThat(columnsInFile(there, "secret")).isEmpty();
            assertThat(columnsInFile(there, "open")).isEqualTo(columnsInFile(here, "open"));
            for (Common each : all) {
                assertThat(Jpa.of(there).find(each.getClass(), each.id).open).isEqualTo("open");
            }
        }
    }
}
