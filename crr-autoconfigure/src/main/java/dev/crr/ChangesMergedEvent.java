package dev.crr;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Published once per changeset that had changes, after its transaction committed and caches were cleared: never for one that is
 * rolled back, and also for one of which nothing won, whose {@code keys} are empty then. Published too when a retry of the
 * quarantine changed something.
 *
 * <p>Listeners with {@code @EventListener} hear it first, then those with {@code @TransactionalEventListener} in the phases
 * AFTER_COMMIT (the default) and AFTER_COMPLETION.
 *
 * @param from the sender
 * @param changeset what arrived; null if the changes came out of the quarantine
 * @param report what became of the changeset
 * @param keys by table in which something changed, the rows that did; of at most 10,000 rows in all; empty if all changes lost or
 *     were known
 */
public record ChangesMergedEvent(
        SiteId from, @Nullable Changeset changeset, MergeReport report, Map<String, MergedKeys> keys) {

    public ChangesMergedEvent {
        keys = Map.copyOf(keys);
    }

    /**
     * Tells where something changed.
     *
     * @return the names of the tables, none if nothing did
     */
    public Set<String> tables() {
        return keys.keySet();
    }

    /** Without the changes and keys, which may be many. */
    @Override
    public String toString() {
        return "ChangesMergedEvent[from=" + from + ", report=" + report + ", tables=" + tables() + "]";
    }
}
