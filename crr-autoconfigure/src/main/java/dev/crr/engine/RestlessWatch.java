package dev.crr.engine;

import dev.crr.RestlessTriggers;
import dev.crr.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Notices that merges make edits again and again though nobody writes, by what the merges themselves bring: no clock is needed.
 * After the last write of an application only what triggers wrote is exchanged, and that soon comes to an end, or never. Thread-safe.
 */
final class RestlessWatch {

    /** Far more than there are instances in a group and triggers in a chain. */
    private static final int MANY_ECHOES = 100;

    /** Somebody may also edit one row all the time. */
    private static final int MANY_EDITS_OF_A_ROW = 1000;

    private final ReentrantLock lock = new ReentrantLock();

    /** The version after the last merge. Any other before the next means that somebody wrote here. */
    private long version = -1;

    /** Merges that brought nothing but what triggers write, and made edits, since the last that brought something else. */
    private int echoes;

    /** Merges one after the other that made edits in the same rows, whatever they brought. */
    private int recurrences;

    private Set<Row> recurring = Set.of();
    private final SortedMap<String, List<String>> triggers = new TreeMap<>();

    /** A row in which a merge made an edit. */
    record Row(String table, List<Value> key) {}

    /**
     * What a merge left behind.
     *
     * @param before the version before it
     * @param after the version after it
     * @param news whether it brought something that triggers here do not write
     * @param edits whether triggers made edits
     * @param rows the merged rows in which they did
     * @param triggers by merged table those on it
     */
    record Trace(
            long before,
            long after,
            boolean news,
            boolean edits,
            Set<Row> rows,
            SortedMap<String, List<String>> triggers) {}

    void note(Trace merge) {
        lock.lock();
        try {
            if (merge.before() != version) {
                echoes = 0;
                beginAnew();
            }
            version = merge.after();
            if (merge.before() == merge.after()) {
                return;
            }
            if (merge.news()) {
                echoes = 0;
            }
            if (merge.edits()) {
                echoes += merge.news() ? 0 : 1;
                recur(merge.rows());
                triggers.putAll(merge.triggers());
            } else if (merge.news()) {
                beginAnew();
            }
        } finally {
            lock.unlock();
        }
    }

    private void beginAnew() {
        recurrences = 0;
        recurring = Set.of();
        triggers.clear();
    }

    private void recur(Set<Row> rows) {
        Set<Row> again = new HashSet<>(recurring);
        again.retainAll(rows);
        recurrences = again.isEmpty() ? 1 : recurrences + 1;
        recurring = again.isEmpty() ? Set.copyOf(rows) : again;
    }

    /** What does not come to rest, null if all does. */
    @Nullable RestlessTriggers current() {
        lock.lock();
        try {
            if (echoes < MANY_ECHOES && recurrences < MANY_EDITS_OF_A_ROW) {
                return null;
            }
            return new RestlessTriggers(
                    List.copyOf(triggers.keySet()),
                    triggers.values().stream().flatMap(List::stream).toList(),
                    Math.max(echoes, recurrences));
        } finally {
            lock.unlock();
        }
    }
}
