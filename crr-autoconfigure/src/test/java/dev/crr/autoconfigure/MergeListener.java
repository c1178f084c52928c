package dev.crr.autoconfigure;

import dev.crr.ChangesMergedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Hears of merges in both ways. */
public class MergeListener {

    final List<ChangesMergedEvent> plain = new CopyOnWriteArrayList<>();
    final List<ChangesMergedEvent> transactional = new CopyOnWriteArrayList<>();
    final List<ChangesMergedEvent> completed = new CopyOnWriteArrayList<>();
    final List<ChangesMergedEvent> neverHeard = new CopyOnWriteArrayList<>();
    boolean failing;
    Runnable reaction = () -> {};

    @EventListener
    public void hear(ChangesMergedEvent event) {
        plain.add(event);
        reaction.run();
        if (failing) {
            throw new IllegalStateException("a listener that fails");
        }
    }

    @TransactionalEventListener
    public void hearAfterCommit(ChangesMergedEvent event) {
        transactional.add(event);
        reaction.run();
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    public void hearAfterCompletion(ChangesMergedEvent event) {
        completed.add(event);
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    public void hearBeforeCommit(ChangesMergedEvent event) {
        neverHeard.add(event);
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
    public void hearAfterRollback(ChangesMergedEvent event) {
        neverHeard.add(event);
    }
}
