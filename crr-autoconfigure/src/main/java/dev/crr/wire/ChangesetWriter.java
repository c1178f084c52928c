package dev.crr.wire;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Horizon;
import dev.crr.Value;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes one changeset, and before each object and array how much is in it, for formats that want to know. */
final class ChangesetWriter {

    private static final int REQUIRED_MEMBERS = 5;
    private static final int CHANGE_MEMBERS = 9;

    private final JsonGenerator out;
    private final ValueWriter values;

    ChangesetWriter(JsonGenerator out, NumberStyle numbers) {
        this.out = out;
        this.values = new ValueWriter(out, numbers);
    }

    void write(Changeset changeset) {
        Object horizons = changeset.horizons().isEmpty() ? null : changeset.horizons();
        out.writeStartObject(
                null,
                REQUIRED_MEMBERS
                        + count(
                                changeset.epoch(),
                                changeset.exclude(),
                                changeset.scope(),
                                horizons,
                                changeset.sinceEpoch()));
        out.writeStringProperty("siteId", changeset.siteId().toString());
        optional("epoch", changeset.epoch());
        out.writeNumberProperty("since", changeset.since());
        optional("sinceEpoch", changeset.sinceEpoch());
        out.writeNumberProperty("version", changeset.version());
        optional("exclude", changeset.exclude());
        optional("scope", changeset.scope());
        out.writeBooleanProperty("more", changeset.more());
        if (!changeset.horizons().isEmpty()) {
            out.writeName("horizons");
            out.writeStartArray(null, changeset.horizons().size());
            changeset.horizons().forEach(this::write);
            out.writeEndArray();
        }
        out.writeName("changes");
        out.writeStartArray(null, changeset.changes().size());
        for (Change change : changeset.changes()) {
            write(change);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void write(Horizon horizon) {
        out.writeStartObject(
                null,
                3 + (horizon.members().isEmpty() ? 0 : 1) + (horizon.epochs().isEmpty() ? 0 : 1));
        out.writeStringProperty("siteId", horizon.siteId().toString());
        out.writeNumberProperty("run", horizon.run());
        out.writeNumberProperty("version", horizon.version());
        if (!horizon.members().isEmpty()) {
            out.writeName("members");
            out.writeStartObject(null, horizon.members().size());
            horizon.members().forEach((member, received) -> out.writeNumberProperty(member.toString(), received));
            out.writeEndObject();
        }
        if (!horizon.epochs().isEmpty()) {
            out.writeName("epochs");
            out.writeStartObject(null, horizon.epochs().size());
            horizon.epochs().forEach((site, epoch) -> out.writeStringProperty(site.toString(), epoch.toString()));
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    /** First what a change mostly shares with the one before: so gzip needs a quarter less than in the order of the columns. */
    private void write(Change change) {
        out.writeStartObject(null, CHANGE_MEMBERS);
        out.writeStringProperty("table", change.table());
        out.writeName("pk");
        out.writeStartArray(null, change.key().size());
        for (Value value : change.key()) {
            values.write(value);
        }
        out.writeEndArray();
        out.writeStringProperty("siteId", change.siteId().toString());
        out.writeNumberProperty("dbVersion", change.dbVersion());
        out.writeNumberProperty("cl", change.cl());
        out.writeNumberProperty("colVersion", change.colVersion());
        out.writeNumberProperty("seq", change.seq());
        out.writeStringProperty("cid", change.cid());
        out.writeName("val");
        values.write(change.val());
        out.writeEndObject();
    }

    private static int count(@Nullable Object... optional) {
        return (int) Arrays.stream(optional).filter(Objects::nonNull).count();
    }

    private void optional(String name, @Nullable Object value) {
        if (value != null) {
            out.writeStringProperty(name, value.toString());
        }
    }
}
