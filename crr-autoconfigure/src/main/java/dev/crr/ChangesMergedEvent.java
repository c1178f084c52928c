package dev.crr;

import java.util.Set;

/**
 * Published once per changeset that changed something here, after its transaction committed.
 *
 * @param from the sender
 * @param report what became of the changeset
 * @param tables the tables in which something changed
 */
public record ChangesMergedEvent(SiteId from, MergeReport report, Set<String> tables) {

    public ChangesMergedEvent {
        tables = Set.copyOf(tables);
    }
}
