package dev.crr.actuate;

import dev.crr.Horizon;
import dev.crr.TombstoneReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Tombstones, in the form that goes over the wire.
 *
 * @param dryRun whether nothing was changed; null if nothing was asked for
 * @param version the version that all members must have; null if nothing was asked for
 * @param tables what went and what is left by table; null if nothing was asked for
 * @param behind members that have not acknowledged that version; null if nothing was asked for
 * @param horizons the clean-ups that this database has behind it
 */
public record TombstoneAnswer(
        @Nullable Boolean dryRun,
        @Nullable Long version,
        @Nullable Map<String, TombstoneReport.Table> tables,
        @Nullable List<Behind> behind,
        List<Passed> horizons)
        implements OperationResponseBody {

    public TombstoneAnswer {
        tables = tables == null ? null : new TreeMap<>(tables);
        behind = behind == null ? null : List.copyOf(behind);
        horizons = List.copyOf(horizons);
    }

    static TombstoneAnswer of(List<Horizon> horizons) {
        return new TombstoneAnswer(null, null, null, null, passed(horizons));
    }

    static TombstoneAnswer of(TombstoneReport report, List<Horizon> horizons) {
        return new TombstoneAnswer(
                report.dryRun(),
                report.version(),
                report.tables(),
                report.behind().stream()
                        .map(behind -> new Behind(behind.siteId().toString(), behind.acknowledged(), behind.missing()))
                        .toList(),
                passed(horizons));
    }

    private static List<Passed> passed(List<Horizon> horizons) {
        return horizons.stream()
                .map(horizon -> new Passed(
                        horizon.siteId().toString(),
                        horizon.run(),
                        horizon.version(),
                        horizon.members().keySet().stream()
                                .map(Object::toString)
                                .sorted()
                                .toList()))
                .toList();
    }

    /**
     * A member that the clean-up waits for.
     *
     * @param siteId the member
     * @param acknowledged the version up to which it is known to have everything
     * @param missing how many versions it lacks
     */
    public record Behind(String siteId, long acknowledged, long missing) {}

    /**
     * A clean-up that this database has behind it.
     *
     * @param siteId who ran it
     * @param run which of its clean-ups
     * @param version that database's version up to which every member had everything
     * @param members the site ids of the group
     */
    public record Passed(String siteId, long run, long version, List<String> members) {

        public Passed {
            members = List.copyOf(members);
        }
    }
}
