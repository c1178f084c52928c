package dev.crr.wire;

import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.SiteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads which clean-ups of tombstones the sender of a changeset has behind it. */
final class HorizonReader {

    /** Of clean-ups, and of members of each: far more than any group has. */
    private static final int MAX = 10_000;

    private static final long MAX_NUMBER = 1L << 53;

    private final ChangesetInput in;

    HorizonReader(ChangesetInput in) {
        this.in = in;
    }

    /** From the array the input stands at. */
    List<Horizon> read() {
        if (!in.at(JsonToken.START_ARRAY)) {
            throw in.expected("\"horizons\"", "an array");
        }
        List<Horizon> read = new ArrayList<>();
        while (in.next() != JsonToken.END_ARRAY) {
            if (!in.at(JsonToken.START_OBJECT)) {
                throw in.expected("a member of \"horizons\"", "an object");
            }
            requireRoom(read.size(), "\"horizons\"");
            read.add(readOne());
        }
        return read;
    }

    private Horizon readOne() {
        SiteId siteId = null;
        Long run = null;
        Long version = null;
        Map<SiteId, Long> members = Map.of();
        Map<SiteId, Epoch> epochs = Map.of();
        for (String name = in.nextMember(); name != null; name = in.nextMember()) {
            switch (name) {
                case "siteId" -> siteId = in.siteId("\"siteId\" of a horizon");
                case "run" -> run = number("\"run\" of a horizon", 1);
                case "version" -> version = number("\"version\" of a horizon", 0);
                case "members" ->
                    members = bySite("\"members\" of a horizon", site -> number("the version of member " + site, 0));
                case "epochs" ->
                    epochs = bySite(
                            "\"epochs\" of a horizon", site -> in.epoch("the epoch of " + site + " in a horizon"));
                default -> in.skip();
            }
        }
        return new Horizon(
                in.required(siteId, "\"siteId\" of a horizon"),
                in.required(run, "\"run\" of a horizon"),
                in.required(version, "\"version\" of a horizon"),
                members,
                epochs);
    }

    private <T> Map<SiteId, T> bySite(String what, Function<String, T> read) {
        if (!in.at(JsonToken.START_OBJECT)) {
            throw in.expected(what, "an object");
        }
        Map<SiteId, T> bySite = new HashMap<>();
        for (@Nullable String name = in.nextMember(); name != null; name = in.nextMember()) {
            requireRoom(bySite.size(), what);
            bySite.put(member(name), read.apply(name));
        }
        return bySite;
    }

    private SiteId member(String name) {
        try {
            return SiteId.parse(name);
        } catch (IllegalArgumentException e) {
            throw in.malformed("a member of a horizon must be named by 32 lower-case hexadecimal digits", e);
        }
    }

    private long number(String what, long min) {
        long number = in.integer(what);
        if (number < min || number > MAX_NUMBER) {
            throw in.malformed(what + " must be from " + min + " to " + MAX_NUMBER, null);
        }
        return number;
    }

    private void requireRoom(int size, String what) {
        if (size == MAX) {
            throw in.malformed(what + " must not have more than " + MAX + " members", null);
        }
    }
}
