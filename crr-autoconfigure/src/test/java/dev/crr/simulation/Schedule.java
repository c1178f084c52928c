package dev.crr.simulation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that happens in one simulated world, in order. Made from a seed before anything runs, so that steps can be dropped.
 *
 * @param seed what it was made from
 * @param replicas how many there are
 * @param tables the tables of the application
 * @param older replicas that begin on the older schema
 * @param topology who exchanges with whom
 * @param excluding on which pulls of the final exchange the asker leaves out its own changes
 * @param scoped whether replicas exchange only the tables both have, or everything
 * @param links in which way neighbours exchange
 * @param onFiles whether replicas live in files, or else in memory
 * @param steps what happens before the final exchange
 */
record Schedule(
        long seed,
        int replicas,
        List<Table> tables,
        Set<Integer> older,
        Topology topology,
        Excluding excluding,
        boolean scoped,
        Links links,
        boolean onFiles,
        List<Step> steps) {

    Schedule with(List<Step> otherSteps) {
        return new Schedule(
                seed, replicas, tables, older, topology, excluding, scoped, links, onFiles, List.copyOf(otherSteps));
    }

    @Override
    public String toString() {
        return "%d replicas, %s older, %s, exclude %s%s, %s%s, tables %s%n%s"
                .formatted(
                        replicas,
                        older,
                        topology,
                        excluding,
                        scoped ? ", scoped" : "",
                        links,
                        onFiles ? ", on files" : "",
                        tables.stream().map(Table::name).toList(),
                        steps.stream().map(step -> "  " + step + "\n").collect(Collectors.joining()));
    }
}
