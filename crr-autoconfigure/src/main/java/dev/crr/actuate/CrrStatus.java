package dev.crr.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.crr.PeerRules;
import dev.crr.ReplicatedTable;
import dev.crr.RowCounts;
import dev.crr.TableAccess;
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
 * @param rules the name of the rules under which the asker reads, if there are any
 * @param tables what replicates, by table name; of the tables that the asker may read or write
 * @param quarantined how many changes are set aside
 * @param paused whether nothing is exchanged with anybody
 * @param peers the configured peers
 * @param alarms what somebody should look at
 * @param lastReidentified when this database last took a new site id, because a copy of it was in use beside it, in ISO 8601;
 *     absent if it never did
 * @param clones copies of databases that are known of: by their new site ids, those they had; absent if there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CrrStatus(
        String siteId,
        String epoch,
        long version,
        @Nullable String rules,
        Map<String, Table> tables,
        long quarantined,
        boolean paused,
        List<Peer> peers,
        List<AlarmEntry> alarms,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String lastReidentified,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> clones)
        implements OperationResponseBody {

    public CrrStatus {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        peers = List.copyOf(peers);
        clones = Collections.unmodifiableMap(new LinkedHashMap<>(clones));
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
     * @param readable false if the asker may not read it
     * @param writable false if the asker may not write it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Table(
            @Nullable String entity,
            List<String> key,
            List<String> columns,
            @Nullable Long rows,
            @Nullable Long tombstones,
            @Nullable Boolean readable,
            @Nullable Boolean writable) {

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
                    counts == null ? null : counts.tombstones(),
                    null,
                    null);
        }

        /** As the asker may see it; null if it may neither read nor write it. */
        @Nullable Table under(@Nullable PeerRules rules, String name) {
            if (rules == null) {
                return this;
            }
            TableAccess reading = rules.reading(name);
            TableAccess writing = rules.writing(name);
            if (reading == TableAccess.NONE && writing == TableAccess.NONE) {
                return null;
            }
            boolean whole = reading == TableAccess.ALL;
            return new Table(
                    entity,
                    key,
                    columns,
                    whole ? rows : null,
                    whole ? tombstones : null,
                    reading == TableAccess.NONE ? false : null,
                    writing == TableAccess.NONE ? false : null);
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
     * @param skipped how many rows were left out since the application started, because one side finds them too large
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
            long skipped,
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
                    state.skipped(),
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
