package dev.crr.autoconfigure;

import dev.crr.engine.InvalidTableException;
import dev.crr.engine.TableProblem;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why tables of {@link dev.crr.Crr @Crr} entities cannot replicate, all of them at once. */
final class InvalidTableFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidTableException cause) {
        String description = cause.problems().stream()
                .map(problem -> "    - " + place(problem) + ": " + problem.description())
                .collect(Collectors.joining("\n", "Tables of @Crr entities cannot replicate:\n\n", ""));
        String action = cause.problems().stream()
                .map(problem -> "    - " + place(problem) + ": " + problem.cure())
                .distinct()
                .collect(Collectors.joining("\n", "Change the mapping or the table, or remove @Crr:\n\n", ""));
        return new FailureAnalysis(description, action, cause);
    }

    private static String place(TableProblem problem) {
        StringBuilder place = new StringBuilder();
        if (problem.entity() != null) {
            place.append("entity ").append(problem.entity()).append(", ");
        }
        place.append("table \"").append(problem.table()).append('"');
        if (problem.column() != null) {
            place.append(", column \"").append(problem.column()).append('"');
        }
        return place.toString();
    }
}
