package dev.crr.autoconfigure;

import dev.crr.ChangesMergedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Publishes an event once its transaction has committed. Transactional listeners hear it too: they are served in the completion
 * phase, which is still to come.
 */
final class PublicationAfterCommit implements TransactionSynchronization {

    private static final Logger log = LoggerFactory.getLogger(PublicationAfterCommit.class);

    private final ApplicationEventPublisher events;
    private final ChangesMergedEvent event;

    PublicationAfterCommit(ApplicationEventPublisher events, ChangesMergedEvent event) {
        this.events = events;
        this.event = event;
    }

    @Override
    public void afterCommit() {
        try {
            events.publishEvent(event);
        } catch (RuntimeException ex) {
            // The changeset is in; reporting it as failed would have it sent again, to the same listener.
            log.error("A listener failed on {}; the changes stay applied.", event, ex);
        }
    }
}
