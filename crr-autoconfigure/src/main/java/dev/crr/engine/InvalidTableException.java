package dev.crr.engine;

import dev.crr.CrrException;
import java.util.List;
import java.util.stream.Collectors;

/** Tables that were to replicate cannot. Nothing was installed. */
public class InvalidTableException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final transient List<TableProblem> problems;

    public InvalidTableException(List<TableProblem> problems) {
        super(problems.stream()
                .map(problem -> "table \"" + problem.table() + "\": " + problem.description() + " " + problem.cure())
                .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /**
     * All that is wrong, over all tables.
     *
     * @return the problems, at least one
     */
    public List<TableProblem> problems() {
        return problems;
    }
}
