package dev.crr.wire;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.SiteId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads one changeset, whatever the order of its members. */
final class ChangesetReader {

    private final ChangesetInput in;
    private final ChangeReader changeReader;
    private final int maxChanges;

    private @Nullable SiteId siteId;
    private @Nullable Epoch epoch;
    private @Nullable Epoch sinceEpoch;
    private @Nullable Long since;
    private @Nullable Long version;
    private @Nullable SiteId exclude;
    private @Nullable String scope;
    private boolean more;
    private @Nullable List<Change> changes;
    private @Nullable List<Change> reading;
    private List<Horizon> horizons = List.of();

    ChangesetReader(ChangesetInput in, int maxChanges) {
        this.in = in;
        this.changeReader = new ChangeReader(in);
        this.maxChanges = maxChanges;
    }

    Changeset read() {
        if (in.next() != JsonToken.START_OBJECT) {
            throw in.expected("a changeset", "an object");
        }
        for (String name = in.nextMember(); name != null; name = in.nextMember()) {
            try {
                readMember(name);
            } catch (ChangesetTooLargeException e) {
                throw described(e);
            }
        }
        if (in.next() != null) {
            throw in.malformed("there must be nothing after the changeset", null);
        }
        return new Changeset(
                in.required(siteId, "\"siteId\""),
                epoch,
                in.required(since, "\"since\""),
                in.required(version, "\"version\""),
                exclude,
                scope,
                more,
                in.required(changes, "\"changes\""),
                horizons,
                sinceEpoch);
    }

    private void readMember(String name) {
        switch (name) {
            case "siteId" -> siteId = in.siteId("\"siteId\"");
            case "since" -> since = in.integer("\"since\"");
            case "version" -> version = in.integer("\"version\"");
            case "changes" -> changes = readChanges();
            case "epoch" -> epoch = absent() ? null : in.epoch("\"epoch\"");
            case "sinceEpoch" -> sinceEpoch = absent() ? null : in.epoch("\"sinceEpoch\"");
            case "exclude" -> exclude = absent() ? null : in.siteId("\"exclude\"");
            case "scope" -> scope = absent() ? null : in.name("\"scope\"");
            case "more" -> more = !absent() && in.bool("\"more\"");
            case "horizons" -> horizons = absent() ? List.of() : new HorizonReader(in).read();
            default -> in.skip();
        }
    }

    /** Many a serialiser writes null for what is absent. */
    private boolean absent() {
        return in.at(JsonToken.VALUE_NULL);
    }

    private List<Change> readChanges() {
        if (!in.at(JsonToken.START_ARRAY)) {
            throw in.expected("\"changes\"", "an array");
        }
        List<Change> read = new ArrayList<>();
        reading = read;
        in.inChange(0);
        while (in.next() != JsonToken.END_ARRAY) {
            Change change = changeReader.read();
            // A row is not cut, so whoever keeps to the same limit may exceed it by the rest of a row.
            if (read.size() >= maxChanges && !sameRow(change, read.get(read.size() - 1))) {
                throw new ChangesetTooLargeException("the changeset has more than " + maxChanges + " changes");
            }
            read.add(change);
            in.inChange(read.size());
        }
        in.inChange(-1);
        return read;
    }

    /** Tells where it happened, and how to go on if there is but one row, and the other members came before. */
    private ChangesetTooLargeException described(ChangesetTooLargeException failure) {
        boolean oneRow = reading != null
                && changes == null
                && reading.stream().allMatch(change -> sameRow(change, reading.get(0)) && changeReader.mayBeIn(change));
        if (!oneRow || siteId == null || since == null || version == null) {
            return failure;
        }
        return new ChangesetTooLargeException(
                failure.getMessage() + ", at " + changeReader.row(),
                new Changeset(siteId, epoch, since, version, exclude, scope, more, List.of(), horizons, sinceEpoch),
                failure);
    }

    private static boolean sameRow(Change one, Change other) {
        return one.table().equals(other.table()) && one.key().equals(other.key());
    }
}
