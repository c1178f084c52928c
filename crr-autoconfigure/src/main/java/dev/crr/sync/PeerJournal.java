package dev.crr.sync;

import dev.crr.CrrException;
import dev.crr.SiteId;
import java.time.Clock;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Keeps how things stand with a peer, and tells the log and the application when that changes. Thread-safe. */
final class PeerJournal {

    private static final Logger log = LoggerFactory.getLogger(PeerJournal.class);

    private final ApplicationEventPublisher events;
    private final Clock clock;
    private PeerState state;

    PeerJournal(Peer peer, ApplicationEventPublisher events, Clock clock) {
        this.events = events;
        this.clock = clock;
        this.state = PeerState.initial(peer);
    }

    synchronized PeerState state() {
        return state;
    }

    void met(SiteId peerSite) {
        change(before -> before.met(peerSite), null);
    }

    void at(long received, long sent, long lag) {
        change(before -> before.at(received, sent, lag), null);
    }

    void due(@Nullable Instant when) {
        change(before -> before.due(when), null);
    }

    void paused(boolean pause) {
        change(before -> before.paused(pause), null);
    }

    void succeeded() {
        change(before -> before.succeeded(clock.instant()), null);
    }

    void failed(Throwable failure, String error) {
        change(before -> before.failed(Faults.of(failure), error), failure);
    }

    private void change(UnaryOperator<PeerState> change, @Nullable Throwable failure) {
        PeerState before;
        PeerState after;
        synchronized (this) {
            before = state;
            after = change.apply(before);
            state = after;
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
