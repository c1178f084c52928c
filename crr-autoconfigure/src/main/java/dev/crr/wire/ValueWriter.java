package dev.crr.wire;

import dev.crr.Change;
import dev.crr.Value;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JsonGenerator;

/** Writes single values. */
final class ValueWriter {

    private final JsonGenerator out;
    private final boolean tagged;

    ValueWriter(JsonGenerator out, NumberStyle numbers) {
        this.out = out;
        this.tagged = numbers == NumberStyle.TAGGED;
    }

    void write(Value value) {
        if (value instanceof Value.Text text) {
            out.writeString(text.value());
        } else if (value instanceof Value.Int integer) {
            write(integer.value());
        } else if (value instanceof Value.Null) {
            out.writeNull();
        } else if (value instanceof Value.Real real) {
            write(real.value());
        } else if (value instanceof Value.Blob blob) {
            writeTagged("blob", blob.bytes());
        } else if (value instanceof Value.RawText text) {
            writeTagged("text", text.bytes());
        } else {
            throw new IllegalStateException("unknown kind of value: " + value.getClass());
        }
    }

    private void write(long value) {
        if (tagged || value > Change.VERSION_BOUND || value < -Change.VERSION_BOUND) {
            writeTagged("int", Long.toString(value));
        } else {
            out.writeNumber(value);
        }
    }

    private void write(double value) {
        if (tagged || Double.isInfinite(value)) {
            writeTagged("real", Double.toString(value));
        } else {
            // Double.toString always has a point, which is what keeps it from being read as an INTEGER.
            out.writeNumber(value);
        }
    }

    private void writeTagged(String tag, String value) {
        out.writeStartObject();
        out.writeStringProperty(tag, value);
        out.writeEndObject();
    }

    private void writeTagged(String tag, byte[] bytes) {
        out.writeStartObject();
        out.writeName(tag);
        out.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, 0, bytes.length);
        out.writeEndObject();
    }
}
