package dev.crr.sync;

import dev.crr.SiteId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The databases that sit in a request here until there is something new, and so need not be sent it. Thread-safe. */
public final class Listeners {

    private record Listener(SiteId site, @Nullable String scope) {}

    private final ConcurrentMap<Listener, Integer> requests = new ConcurrentHashMap<>();

    /** Nobody yet. */
    public Listeners() {}

    /**
     * A request is held.
     *
     * @param site who asks
     * @param scope the narrowing, null for everything
     */
    public void add(SiteId site, @Nullable String scope) {
        requests.merge(new Listener(site, scope), 1, Integer::sum);
    }

    /**
     * A request is no longer held.
     *
     * @param site who asked
     * @param scope the narrowing, null for everything
     */
    public void remove(SiteId site, @Nullable String scope) {
        requests.computeIfPresent(new Listener(site, scope), (listener, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(SiteId site, @Nullable String scope) {
        return requests.containsKey(new Listener(site, scope));
    }
}
