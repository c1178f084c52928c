package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.PeerIdentity;
import dev.crr.PeerRefusedException;
import dev.crr.PeerRules;
import dev.crr.QuarantinedChange;
import dev.crr.SiteId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
            merges.put(sender.getKey(), new Merger(connection, again, catalogue, true, unlimited, null).merge());
        }
        return merges;
    }

    /**
     * Judges again what was refused, sender by sender, and merges what may be written now.
     *
     * @param judge gives what applies to a sender now
     * @return what came of it, one per sender
     */
    static List<CrrEngine.Retried> runRefused(
            Connection connection, Map<String, CrrTable> catalogue, Function<PeerIdentity, @Nullable PeerRules> judge)
            throws SQLException {
        List<CrrEngine.Retried> retried = new ArrayList<>();
        for (Map.Entry<PeerIdentity, List<Change>> refused :
                Refused.bySender(connection).entrySet()) {
            PeerIdentity sender = refused.getKey();
            PeerRules rules;
            try {
                rules = judge.apply(sender);
            } catch (PeerRefusedException stillRefused) {
                continue;
            }
            Refused.remove(connection, sender);
            Changeset again = new Changeset(
                    Objects.requireNonNull(sender.siteId()), null, 0, 0, null, null, false, refused.getValue());
            retried.add(new CrrEngine.Retried(
                    again.siteId(), new Merger(connection, again, catalogue, true, Integer.MAX_VALUE, rules).merge()));
        }
        return retried;
    }
}
