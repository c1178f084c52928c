package dev.crr.sync;

import dev.crr.CrrException;
import dev.crr.SiteId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Keeps how things stand with a peer, and tells the log and the application when that changes. Thread-safe. */
final class PeerJournal {

    private static final Logger log = LoggerFactory.getLogger(PeerJournal.class);

    private final Peer peer;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    private boolean paused;
    private @Nullable SiteId siteId;
    private @Nullable Fault fault;
    private @Nullable Long received;
    private @Nullable Long sent;
    private @Nullable Long lag;
    private long skipped;
    private int failures;
    private @Nullable Instant lastSuccess;
    private @Nullable String lastError;
    private @Nullable Instant nextTry;

    PeerJournal(Peer peer, ApplicationEventPublisher events, Clock clock) {
        this.peer = peer;
        this.events = events;
        this.clock = clock;
    }

    synchronized PeerState state() {
        return new PeerState(
                peer.name(),
                peer.url(),
                siteId,
                condition(),
                fault,
                received,
                sent,
                lag,
                skipped,
                failures,
                lastSuccess,
                lastError,
                nextTry);
    }

    private PeerState.Condition condition() {
        if (paused) {
            return PeerState.Condition.PAUSED;
        }
        if (fault != null) {
            return PeerState.Condition.FAILING;
        }
        return lastSuccess == null ? PeerState.Condition.NEW : PeerState.Condition.CONNECTED;
    }

    void met(SiteId peerSite) {
        change(() -> siteId = peerSite, null);
    }

    void at(long nowReceived, long nowSent, long nowLag) {
        change(
                () -> {
                    received = nowReceived;
                    sent = nowSent;
                    lag = nowLag;
                },
                null);
    }

    /** A row was left out, and is not tried again until it changes. */
    void skipped(String what) {
        change(() -> skipped++, null);
        log.warn("Peer \"{}\" at {}: {}", peer.name(), peer.url(), what);
    }

    /** The next round is due then, or at once. */
    void due(Duration pause) {
        change(() -> nextTry = pause.isZero() ? null : clock.instant().plus(pause), null);
    }

    void paused(boolean pause) {
        change(() -> paused = pause, null);
    }

    void succeeded() {
        change(
                () -> {
                    fault = null;
                    failures = 0;
                    lastSuccess = clock.instant();
                    lastError = null;
                },
                null);
    }

    void failed(Throwable failure, String error) {
        change(
                () -> {
                    fault = Faults.of(failure);
                    failures++;
                    lastError = error;
                },
                failure);
    }

    private void change(Runnable change, @Nullable Throwable failure) {
        PeerState before;
        PeerState after;
        synchronized (this) {
            before = state();
            change.run();
            after = state();
        }
        if (before.condition() != after.condition() || before.fault() != after.fault()) {
            log(before, after, failure);
            publish(after);
        } else if (failure != null) {
            log.debug("Peer \"{}\" at {}: {}", after.name(), after.url(), after.lastError(), failure);
        }
    }

    private static void log(PeerState before, PeerState after, @Nullable Throwable failure) {
        switch (after.condition()) {
            case CONNECTED ->
                log.info(
                        "Peer \"{}\" at {} exchanges changes{}",
                        after.name(),
                        after.url(),
                        before.condition() == PeerState.Condition.NEW ? "" : " again");
            case FAILING -> logFault(after, failure);
            case PAUSED -> log.info("Peer \"{}\" at {} is paused", after.name(), after.url());
            case NEW -> log.info("Peer \"{}\" at {} is no longer paused", after.name(), after.url());
        }
    }

    /** Peers that are away come back by themselves. With all else somebody has to do something. */
    private static void logFault(PeerState after, @Nullable Throwable failure) {
        String message = "Peer \"{}\" at {} does not exchange changes: {}";
        if (after.fault() == Fault.AWAY) {
            log.info(message, after.name(), after.url(), after.lastError());
        } else if (failure == null || failure instanceof CrrException) {
            log.warn(message, after.name(), after.url(), after.lastError());
        } else {
            log.warn(message, after.name(), after.url(), after.lastError(), failure);
        }
    }

    private void publish(PeerState after) {
        try {
            events.publishEvent(new PeerStateChangedEvent(after));
        } catch (RuntimeException e) {
            log.error("A listener failed on {}", after, e);
        }
    }
}
