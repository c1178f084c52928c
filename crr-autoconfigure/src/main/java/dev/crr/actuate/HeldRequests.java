package dev.crr.actuate;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.Listeners;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.View;

/**
 * Requests for changes that wait until there are some or their time is up. None of them has a thread. A commit that brings nothing
 * for whoever asks does not end the wait: two instances that wait for each other would wake one another with it. Thread-safe.
 */
final class HeldRequests {

    private final ChangesetService service;
    private final CommitWatch watch;
    private final Listeners listeners;
    private final int max;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();

    private volatile long latest;
    private boolean open;
    private CommitWatch.@Nullable Subscription subscription;

    HeldRequests(ChangesetService service, CommitWatch watch, Listeners listeners, int max) {
        this.service = service;
        this.watch = watch;
        this.listeners = listeners;
        this.max = max;
    }

    /**
     * Holds a request that there was nothing to answer with.
     *
     * @param nothing what there was
     * @param answer answers it later
     * @return null if it has to be answered now
     */
    @Nullable DeferredResult<View> hold(Asked asked, Changeset nothing, View answer) {
        if (asked.parameters().patience() == 0) {
            return null;
        }
        DeferredResult<View> result = new DeferredResult<>(
                TimeUnit.SECONDS.toMillis(asked.parameters().patience()));
        Held request = new Held(asked, answer, result, nothing);
        result.onTimeout(() -> release(request));
        result.onError(gone -> release(request));
        result.onCompletion(() -> release(request));
        synchronized (this) {
            if (!open || held.size() >= max) {
                return null;
            }
            add(request);
            if (subscription == null) {
                subscription = watch.subscribe(this::changed);
            }
        }
        // There may have been a commit since; whoever is called first, this or changed, sees the other's doing.
        answerIfSomethingIsThere(request);
        return result;
    }

    synchronized void open() {
        open = true;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Answers all, and holds no more. */
    void close() {
        synchronized (this) {
            open = false;
        }
        held.forEach(this::release);
    }

    private void changed(long version) {
        latest = version;
        held.forEach(this::answerIfSomethingIsThere);
    }

    private void answerIfSomethingIsThere(Held request) {
        if (latest > request.seen && isSomethingThere(request)) {
            release(request);
        }
    }

    private boolean isSomethingThere(Held request) {
        try {
            // What was looked through is not looked through again, and one change is enough to know.
            Changeset first = service.changes(request.query(), request.asked.rules());
            request.seen = first.version();
            return first.more() || !first.changes().isEmpty();
        } catch (Throwable e) {
            // The answer will tell.
            return true;
        }
    }

    /** The container's threads take it from here. */
    private void release(Held request) {
        if (remove(request)) {
            request.result.setResult(request.answer);
        }
    }

    private void add(Held request) {
        held.add(request);
        SiteId peer = request.listener();
        if (peer != null) {
            listeners.add(peer, request.asked.listenedTo());
        }
    }

    private synchronized boolean remove(Held request) {
        if (!held.remove(request)) {
            return false;
        }
        SiteId peer = request.listener();
        if (peer != null) {
            listeners.remove(peer, request.asked.listenedTo());
        }
        if (held.isEmpty() && subscription != null) {
            subscription.close();
            subscription = null;
        }
        return true;
    }

    /** A request. */
    private static final class Held {

        private final Asked asked;
        private final View answer;
        private final DeferredResult<View> result;
        private final @Nullable Epoch epoch;
        private volatile long seen;

        Held(Asked asked, View answer, DeferredResult<View> result, Changeset nothing) {
            this.asked = asked;
            this.answer = answer;
            this.result = result;
            this.epoch = nothing.epoch();
            this.seen = nothing.version();
        }

        ChangeQuery query() {
            return asked.parameters().query().after(seen, epoch).limitedTo(1);
        }

        /** Who gets all of ours this way, but for what it wrote itself. */
        @Nullable SiteId listener() {
            SiteId exclude = asked.parameters().query().exclude();
            SiteId peer = asked.parameters().peer();
            return exclude == null || exclude.equals(peer) ? peer : null;
        }
    }
}
