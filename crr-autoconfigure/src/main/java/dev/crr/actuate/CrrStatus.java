package dev.crr.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.sync.Fault;
import dev.crr.sync.PeerState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * How replication stands, in the form that goes over the wire.
 *
 * @param siteId this database
 * @param epoch its present epoch
 * @param version the last version it gave out
 * @param tables what replicates, by table name
 * @param quarantined how many changes are set aside
 * @param paused whether nothing is exchanged with anybody
 * @param peers the configured peers
 * @param alarms what somebody should look at
 */
public record CrrStatus(
        String siteId,
        String epoch,
        long version,
        Map<String, Table> tables,
        long quarantined,
        boolean paused,
        List<Peer> peers,
        List<AlarmEntry> alarms)
        implements OperationResponseBody {

    public CrrStatus {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        peers = List.copyOf(peers);
        alarms = List.copyOf(alarms);
    }

    /**
     * Something that somebody should look at.
     *
     * @param code what it is, as in {@code docs/operations.md}
     * @param peer the name of the peer it is about, if it is about one
     * @param message the particulars, for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AlarmEntry(String code, @Nullable String peer, String message) {

        static AlarmEntry of(Alarm alarm) {
            return new AlarmEntry(alarm.kind().code(), alarm.peer(), alarm.message());
        }
    }

    /**
     * A table that replicates.
     *
     * @param entity the entity it belongs to, if any
     * @param key its key columns
     * @param columns its other columns that replicate
     * @param rows how many rows it has, if that was asked for
     * @param tombstones how many deleted rows are remembered, if that was asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Table(
            @Nullable String entity,
            List<String> key,
            List<String> columns,
            @Nullable Long rows,
            @Nullable Long tombstones) {

        public Table {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
        }

        static Table of(ReplicatedTable table, @Nullable RowCounts counts) {
            return new Table(
                    table.entity(),
                    table.key(),
                    table.columns(),
                    counts == null ? null : counts.rows(),
                    counts == null ? null : counts.tombstones());
        }
    }

    /**
     * A peer, as of the last round with it. What is not known is null.
     *
     * @param name what people call it
     * @param url its endpoint
     * @param siteId the database behind it
     * @param condition whether changes are exchanged with it
     * @param fault why the last round failed, for machines; null if it did not
     * @param received its version up to which we have its changes
     * @param sent our version up to which it has ours
     * @param lag how many of its versions we have still to receive
     * @param failures how many rounds have failed since one succeeded
     * @param lastSuccess when a round last succeeded, in ISO 8601
     * @param lastError why the last round failed, for people; null if it did not
     * @param nextTry when the next round is due, in ISO 8601
     */
    public record Peer(
            String name,
            String url,
            @Nullable String siteId,
            PeerState.Condition condition,
            @Nullable Fault fault,
            @Nullable Long received,
            @Nullable Long sent,
            @Nullable Long lag,
            int failures,
            @Nullable String lastSuccess,
            @Nullable String lastError,
            @Nullable String nextTry) {

        static Peer of(PeerState state) {
            return new Peer(
                    state.name(),
                    state.url().toString(),
                    text(state.siteId()),
                    state.condition(),
                    state.fault(),
                    state.received(),
                    state.sent(),
                    state.lag(),
                    state.failures(),
                    text(state.lastSuccess()),
                    state.lastError(),
                    text(state.nextTry()));
        }

        private static @Nullable String text(@Nullable Object value) {
            return value == null ? null : value.toString();
        }
    }
}
