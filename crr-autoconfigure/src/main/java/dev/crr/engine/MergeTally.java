package dev.crr.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what becomes of the changes of one changeset. Changes that come from the quarantine are not counted again. */
final class MergeTally {

    private final Set<String> tables = new HashSet<>();
    private long applied;
    private long quarantined;

    void applied(CrrTable table, List<IncomingRow.Item> items) {
        tables.add(table.name());
        applied += items.stream().filter(item -> !item.held()).count();
    }

    void quarantined() {
        quarantined++;
    }

    long appliedCount() {
        return applied;
    }

    long quarantinedCount() {
        return quarantined;
    }

    /** The tables in which something changed. */
    Set<String> tables() {
        return tables;
    }
}
