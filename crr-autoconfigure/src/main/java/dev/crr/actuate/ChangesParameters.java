package dev.crr.actuate;

import dev.crr.ChangeQuery;
import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.wire.NumberStyle;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request for changes asks for.
 *
 * @param query which changes
 * @param peer who asks, if it says so
 * @param peerEpoch its present epoch, if it says so
 * @param numbers how it wants numbers written
 * @param patience how many seconds the answer may wait for something to tell
 */
record ChangesParameters(
        ChangeQuery query, @Nullable SiteId peer, @Nullable Epoch peerEpoch, NumberStyle numbers, int patience) {

    /** Longer than that no proxy keeps a request open. */
    private static final int MAX_WAIT = 60;

    private static final String A_HASH = "be 32 lower-case hexadecimal digits";

    /**
     * Reads the parameters of a request. Those that are unknown are ignored.
     *
     * @param maxLimit the largest limit that is granted
     * @throws RefusedRequestException if one is not as it should be
     */
    static ChangesParameters of(Map<String, String[]> parameters, int maxLimit) {
        Source source = new Source(parameters);
        ChangeQuery query = new ChangeQuery(
                source.number("since", 0, 0, Long.MAX_VALUE),
                source.epoch("epoch"),
                source.site("exclude"),
                source.sites("site"),
                source.names("table"),
                (int) Math.min(maxLimit, source.number("limit", maxLimit, 1, Integer.MAX_VALUE)),
                source.one("rules", ChangesParameters::rules, A_HASH));
        NumberStyle numbers = source.one("numbers", ChangesParameters::style, "be \"tagged\", or absent");
        return new ChangesParameters(
                query,
                source.site("peer"),
                source.epoch("peerEpoch"),
                numbers == null ? NumberStyle.PLAIN : numbers,
                (int) Math.min(MAX_WAIT, source.number("wait", 0, 0, Long.MAX_VALUE)));
    }

    /**
     * Whether asking from {@code since} tells that all of ours before it has arrived: not if changes of a third party were
     * left out, since the cursor for such a request is not the one for everything.
     */
    boolean acknowledges() {
        return peer != null
                && query.since() > 0
                && (query.exclude() == null || query.exclude().equals(peer));
    }

    private static NumberStyle style(String text) {
        if (!"tagged".equals(text)) {
            throw new IllegalArgumentException();
        }
        return NumberStyle.TAGGED;
    }

    private static String rules(String text) {
        if (!text.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    /** The raw parameters. */
    record Source(Map<String, String[]> parameters) {

        List<String> all(String name) {
            String[] values = parameters.get(name);
            return values == null ? List.of() : Arrays.asList(values);
        }

        <T> @Nullable T one(String name, Function<String, T> parse, String expectation) {
            List<String> values = all(name);
            if (values.isEmpty()) {
                return null;
            }
            if (values.size() > 1) {
                throw RefusedRequestException.parameter(name, "be given once");
            }
            return parsed(name, values.get(0), parse, expectation);
        }

        long number(String name, long absent, long min, long max) {
            String expectation = "be an integer of at least " + min;
            Long number = one(name, Long::valueOf, expectation);
            if (number == null) {
                return absent;
            }
            if (number < min || number > max) {
                throw RefusedRequestException.parameter(name, number < min ? expectation : "be at most " + max);
            }
            return number;
        }

        @Nullable SiteId site(String name) {
            return one(name, SiteId::parse, A_HASH);
        }

        @Nullable Epoch epoch(String name) {
            return one(name, Epoch::parse, A_HASH);
        }

        Set<SiteId> sites(String name) {
            Set<SiteId> sites = new LinkedHashSet<>();
            all(name).forEach(value -> sites.add(parsed(name, value, SiteId::parse, A_HASH)));
            return sites;
        }

        Set<String> names(String name) {
            Set<String> names = new LinkedHashSet<>(all(name));
            if (names.contains("")) {
                throw RefusedRequestException.parameter(name, "not be empty");
            }
            return names;
        }

        private static <T> T parsed(String name, String value, Function<String, T> parse, String expectation) {
            try {
                return parse.apply(value);
            } catch (IllegalArgumentException e) {
                throw RefusedRequestException.parameter(name, expectation);
            }
        }
    }
}
