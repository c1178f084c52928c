package dev.crr.actuate;

import dev.crr.QuarantinedChange;
import dev.crr.Value;
import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Changes in quarantine, in the form that goes over the wire.
 *
 * @param quarantined how many there are in all
 * @param changes the first of them
 */
public record QuarantineReport(long quarantined, List<Entry> changes) implements OperationResponseBody {

    public QuarantineReport {
        changes = List.copyOf(changes);
    }

    /**
     * One of them. Values are given as SQL literals, for people to read.
     *
     * @param table the table as the sender spells it
     * @param pk the key values
     * @param cid the column, or -1 for the row as such
     * @param val the value
     * @param colVersion its column version
     * @param cl its causal length
     * @param siteId who wrote it
     * @param origin who sent it
     * @param reason why it cannot be applied
     * @param retried whether it is tried again when its row or the schema changes
     */
    public record Entry(
            String table,
            List<String> pk,
            String cid,
            String val,
            long colVersion,
            long cl,
            String siteId,
            String origin,
            String reason,
            boolean retried) {

        public Entry {
            pk = List.copyOf(pk);
        }

        static Entry of(QuarantinedChange quarantined) {
            return new Entry(
                    quarantined.change().table(),
                    quarantined.change().key().stream().map(Value::toString).toList(),
                    quarantined.change().cid(),
                    quarantined.change().val().toString(),
                    quarantined.change().colVersion(),
                    quarantined.change().cl(),
                    quarantined.change().siteId().toString(),
                    quarantined.origin().toString(),
                    quarantined.reason(),
                    quarantined.retried());
        }
    }
}
