package dev.crr.wire;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Horizon;
import dev.crr.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes one changeset. */
final class ChangesetWriter {

    private final JsonGenerator out;
    private final ValueWriter values;

    ChangesetWriter(JsonGenerator out, NumberStyle numbers) {
        this.out = out;
        this.values = new ValueWriter(out, numbers);
    }

    void write(Changeset changeset) {
        out.writeStartObject();
        out.writeStringProperty("siteId", changeset.siteId().toString());
        optional("epoch", changeset.epoch());
        out.writeNumberProperty("since", changeset.since());
        out.writeNumberProperty("version", changeset.version());
        optional("exclude", changeset.exclude());
        optional("scope", changeset.scope());
        out.writeBooleanProperty("more", changeset.more());
        if (!changeset.horizons().isEmpty()) {
            out.writeArrayPropertyStart("horizons");
            changeset.horizons().forEach(this::write);
            out.writeEndArray();
        }
        out.writeArrayPropertyStart("changes");
        for (Change change : changeset.changes()) {
            write(change);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void write(Horizon horizon) {
        out.writeStartObject();
        out.writeStringProperty("siteId", horizon.siteId().toString());
        out.writeNumberProperty("run", horizon.run());
        out.writeNumberProperty("version", horizon.version());
        if (!horizon.members().isEmpty()) {
            out.writeObjectPropertyStart("members");
            horizon.members().forEach((member, received) -> out.writeNumberProperty(member.toString(), received));
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    /** First what a change mostly shares with the one before: so gzip needs a quarter less than in the order of the columns. */
    private void write(Change change) {
        out.writeStartObject();
        out.writeStringProperty("table", change.table());
        out.writeArrayPropertyStart("pk");
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

    private void optional(String name, @Nullable Object value) {
        if (value != null) {
            out.writeStringProperty(name, value.toString());
        }
    }
}
