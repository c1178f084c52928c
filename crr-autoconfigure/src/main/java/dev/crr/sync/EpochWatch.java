package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices that two databases use one site id: one that is restarted or restored leaves an epoch for good, so epochs that take turns
 * are two databases. Thread-safe. Remembers in memory only: it takes a few rounds to notice again.
 */
final class EpochWatch {

    /**
     * At every start one request that the process before had begun may come late, and looks like a return: X, Y, X, Y. No honest
     * history has more.
     */
    private static final int TURNS = 4;

    private static final int REMEMBERED_SITES = 1000;
    private static final int REMEMBERED_EPOCHS = 64;

    private final Map<SiteId, Deque<Epoch>> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SiteId, Deque<Epoch>> eldest) {
            return size() > REMEMBERED_SITES;
        }
    };

    /**
     * Notes that a database was met in an epoch.
     *
     * @return the least epoch that takes turns with this one; null if none does
     */
    synchronized @Nullable Epoch clash(SiteId site, Epoch epoch) {
        Deque<Epoch> epochs = seen.computeIfAbsent(site, key -> new ArrayDeque<>());
        if (!epoch.equals(epochs.peekLast())) {
            epochs.addLast(epoch);
            if (epochs.size() > REMEMBERED_EPOCHS) {
                epochs.removeFirst();
            }
        }
        Epoch least = null;
        for (Epoch other : others(epochs, epoch)) {
            if ((least == null || other.compareTo(least) < 0) && turns(epochs, epoch, other) >= TURNS) {
                least = other;
            }
        }
        return least;
    }

    /** Forgets whom it met under a site id: one of them has another now. */
    synchronized void forget(SiteId site) {
        seen.remove(site);
    }

    private static Set<Epoch> others(Deque<Epoch> epochs, Epoch epoch) {
        Set<Epoch> others = new LinkedHashSet<>(epochs);
        others.remove(epoch);
        return others;
    }

    private static int turns(Deque<Epoch> epochs, Epoch one, Epoch other) {
        int turns = 0;
        Epoch last = null;
        for (Epoch each : epochs) {
            if (each.equals(one) || each.equals(other)) {
                if (last != null && !each.equals(last)) {
                    turns++;
                }
                last = each;
            }
        }
        return turns;
    }
}
