package dev.crr.demo.live;

import dev.crr.ChangesMergedEvent;
import dev.crr.Changeset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What came from peers of late. Tells the pages as it comes. */
@Component
class Incoming {

    private static final int KEPT = 200;

    private final Judge judge;
    private final Browsers browsers;
    private final Deque<IncomingRow> latest = new ArrayDeque<>();

    Incoming(Judge judge, Browsers browsers) {
        this.judge = judge;
        this.browsers = browsers;
    }

    /** The latest first. */
    List<IncomingRow> latest() {
        synchronized (latest) {
            return new ArrayList<>(latest);
        }
    }

    @EventListener
    void merged(ChangesMergedEvent event) {
        if (!event.tables().isEmpty()) {
            browsers.tell("changed", () -> "");
        }
        Changeset changeset = event.changeset();
        if (changeset != null) {
            browsers.tell("incoming", () -> keep(judge.rows(changeset, event.keys())));
        }
    }

    private List<IncomingRow> keep(List<IncomingRow> rows) {
        synchronized (latest) {
            rows.forEach(latest::addFirst);
            while (latest.size() > KEPT) {
                latest.removeLast();
            }
        }
        return rows;
    }
}
