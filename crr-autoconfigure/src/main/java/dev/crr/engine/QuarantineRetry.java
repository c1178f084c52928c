package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tries quarantined changes again, sender by sender, as if they had only just arrived. */
final class QuarantineRetry {

    private QuarantineRetry() {}

    static Map<SiteId, CrrEngine.Merge> run(Connection connection, Map<String, CrrTable> catalogue)
            throws SQLException {
        Map<SiteId, List<Change>> bySender = new LinkedHashMap<>();
        for (QuarantinedChange held : Quarantine.list(connection, Integer.MAX_VALUE)) {
            if (held.retried() && catalogue.containsKey(held.change().table())) {
                bySender.computeIfAbsent(held.origin(), origin -> new ArrayList<>())
                        .add(held.change());
            }
        }
        // There is room for all of them: they were there before.
        int unlimited = Integer.MAX_VALUE;
        Quarantine quarantine = new Quarantine(connection, unlimited);
        for (List<Change> changes : bySender.values()) {
            for (Change change : changes) {
                quarantine.remove(change);
            }
        }
        Map<SiteId, CrrEngine.Merge> merges = new LinkedHashMap<>();
        for (Map.Entry<SiteId, List<Change>> sender : bySender.entrySet()) {
            Changeset again = new Changeset(sender.getKey(), null, 0, 0, null, null, false, sender.getValue());
            merges.put(sender.getKey(), new Merger(connection, again, catalogue, true, unlimited).merge());
        }
        return merges;
    }
}
