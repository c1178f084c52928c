package dev.crr.autoconfigure;

import dev.crr.engine.TableProblem;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was found wrong with mappings and tables, for people. */
final class FindingsText {

    private FindingsText() {}

    static String descriptions(List<TableProblem> problems) {
        return lines(problems, TableProblem::description);
    }

    static String cures(List<TableProblem> problems) {
        return lines(problems, TableProblem::cure);
    }

    static String warnings(List<TableProblem> problems) {
        return "Mappings that replicate, but not well:\n"
                + lines(problems, problem -> problem.description() + " " + problem.cure());
    }

    private static String lines(List<TableProblem> problems, Function<TableProblem, String> text) {
        return problems.stream()
                .map(problem -> "    - " + place(problem) + ": " + text.apply(problem))
                .distinct()
                .collect(Collectors.joining("\n"));
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
