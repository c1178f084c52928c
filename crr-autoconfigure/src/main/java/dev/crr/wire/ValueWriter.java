package dev.crr.wire;

import dev.crr.Change;
import dev.crr.Value;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteCapability;

/** Writes single values. */
final class ValueWriter {

    /** Jackson writes texts of fewer characters than a thousand in one piece. */
    private static final int LONGEST_SHORT = 500;

    private final JsonGenerator out;
    private final boolean tagged;
    private final boolean binary;

    ValueWriter(JsonGenerator out, NumberStyle numbers) {
        this.out = out;
        this.tagged = numbers == NumberStyle.TAGGED;
        this.binary = out.has(StreamWriteCapability.CAN_WRITE_BINARY_NATIVELY);
    }

    void write(Value value) {
        if (value instanceof Value.Text text) {
            write(text.value());
        } else if (value instanceof Value.Int integer) {
            write(integer.value());
        } else if (value instanceof Value.Null) {
            out.writeNull();
        } else if (value instanceof Value.Real real) {
            write(real.value());
        } else if (value instanceof Value.Blob blob) {
            write(blob.bytes());
        } else if (value instanceof Value.RawText text) {
            writeTagged("text", text.bytes());
        } else {
            throw new IllegalStateException("unknown kind of value: " + value.getClass());
        }
    }

    private void write(String value) {
        if (binary && value.length() > LONGEST_SHORT) {
            // As one string of known length, and not in chunks.
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            out.writeUTF8String(bytes, 0, bytes.length);
        } else {
            out.writeString(value);
        }
    }

    private void write(byte[] bytes) {
        if (binary) {
            out.writeBinary(bytes);
        } else {
            writeTagged("blob", bytes);
        }
    }

    private void write(long value) {
        if (tagged || (!binary && !isExact(value))) {
            writeTagged("int", Long.toString(value));
        } else {
            out.writeNumber(value);
        }
    }

    private static boolean isExact(long value) {
        return value <= Change.VERSION_BOUND && value >= -Change.VERSION_BOUND;
    }

    private void write(double value) {
        if (tagged || (!binary && Double.isInfinite(value))) {
            writeTagged("real", Double.toString(value));
        } else {
            // Double.toString always has a point, which is what keeps it from being read as an INTEGER.
            out.writeNumber(value);
        }
    }

    private void writeTagged(String tag, String value) {
        out.writeStartObject(null, 1);
        out.writeStringProperty(tag, value);
        out.writeEndObject();
    }

    private void writeTagged(String tag, byte[] bytes) {
        out.writeStartObject(null, 1);
        out.writeName(tag);
        out.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, 0, bytes.length);
        out.writeEndObject();
    }
}
