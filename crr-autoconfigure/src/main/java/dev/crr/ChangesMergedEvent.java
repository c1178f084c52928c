package dev.crr;

import java.util.Map;
import java.util.Set;

/**
 * Published once per changeset that changed something here, after its transaction committed and caches were cleared: never for
 * one that is rolled back. Listeners with {@code @EventListener} hear it first, then those with {@code @TransactionalEventListener}
 * in the phases AFTER_COMMIT (the default) and AFTER_COMPLETION.
 *
 * @param from the sender
 * @param report what became of the changeset
 * @param keys by table in which something changed, the rows that did; of at most 10,000 rows in all
 */
public record ChangesMergedEvent(SiteId from, MergeReport report, Map<String, MergedKeys> keys) {

    public ChangesMergedEvent {
        keys = Map.copyOf(keys);
    }

    /**
     * Tells where something changed.
     *
     * @return the names of the tables
     */
    public Set<String> tables() {
        return keys.keySet();
    }

    /** Without the keys, which may be many. */
    @Override
    public String toString() {
        return "ChangesMergedEvent[from=" + from + ", report=" + report + ", tables=" + tables() + "]";
    }
}
