package dev.crr.autoconfigure;

import dev.crr.ChangesMergedEvent;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;

/** Hears of merges in both ways. */
public class MergeListener {

    final List<ChangesMergedEvent> plain = new ArrayList<>();
    final List<ChangesMergedEvent> transactional = new ArrayList<>();
    boolean failing;

    @EventListener
    public void hear(ChangesMergedEvent event) {
        plain.add(event);
        if (failing) {
            throw new IllegalStateException("a listener that fails");
        }
    }

    @TransactionalEventListener
    public void hearAfterCommit(ChangesMergedEvent event) {
        transactional.add(event);
    }
}
