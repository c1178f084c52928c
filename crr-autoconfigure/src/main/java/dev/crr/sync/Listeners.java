package dev.crr.sync;

import dev.crr.SiteId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The databases that sit in a request here until there is something new, and so need not be sent it. Thread-safe. */
public final class Listeners {

    private record Listener(SiteId site, @Nullable String scope) {}

    /** How long it may take to apply an answer and ask again. */
    static final Duration MOMENT = Duration.ofMillis(500);

    private final ConcurrentMap<Listener, Integer> requests = new ConcurrentHashMap<>();

    /** When requests ended, not longer than a moment ago. */
    private final ConcurrentMap<Listener, Long> ended = new ConcurrentHashMap<>();

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
        long now = System.nanoTime();
        ended.values().removeIf(then -> now - then > MOMENT.toNanos());
        ended.put(new Listener(site, scope), now);
        requests.computeIfPresent(new Listener(site, scope), (listener, count) -> count == 1 ? null : count - 1);
    }

    /** Whether it sits in a request, or has until a moment ago. */
    boolean wasThereLately(SiteId site, @Nullable String scope) {
        Long then = ended.get(new Listener(site, scope));
        return contains(site, scope) || (then != null && System.nanoTime() - then < MOMENT.toNanos());
    }

    boolean contains(SiteId site, @Nullable String scope) {
        return requests.containsKey(new Listener(site, scope));
    }
}
