package dev.crr.jpa;

import dev.crr.engine.TableProblem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/** What speaks against a mapping. Classes of one hierarchy share columns: what is found for several is said of the first. */
final class Findings {

    /** What a finding means. */
    enum Kind {
        /** Ruled out. */
        PROBLEM,
        /** Ruled out if the column in the file has numeric affinity. */
        INEXACT,
        /** Ruled out if the driver stores dates as numbers. */
        ZONED,
        /** Works, but is unwise. */
        WARNING
    }

    private record Finding(Kind kind, TableProblem problem) {}

    private final HibernateModel.Quotes quotes;
    private final Set<Finding> all = new LinkedHashSet<>();

    Findings(HibernateModel.Quotes quotes) {
        this.quotes = quotes;
    }

    void add(
            Kind kind, EntityPersister entity, String table, @Nullable String column, String description, String cure) {
        all.add(new Finding(
                kind,
                new TableProblem(
                        quotes.strip(table),
                        entity.getEntityName(),
                        column == null ? null : quotes.strip(column),
                        description,
                        cure)));
    }

    List<TableProblem> of(Kind kind) {
        Map<List<@Nullable String>, TableProblem> found = new LinkedHashMap<>();
        for (Finding finding : all) {
            TableProblem problem = finding.problem();
            if (finding.kind() == kind) {
                found.putIfAbsent(
                        Arrays.asList(problem.table(), problem.column(), problem.description(), problem.cure()),
                        problem);
            }
        }
        return List.copyOf(found.values());
    }
}
