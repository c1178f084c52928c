package dev.crr.engine;

import dev.crr.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The byte form of key values in cr-sqlite's {@code crsql_changes}: a count, then per value a tag of {@code width << 3 | type}
 * and the value itself (semantics, "Packed primary keys"). Stateless.
 */
public final class PackedKey {

    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;
    private static final int BLOB = 4;
    private static final int NULL = 5;
    private static final int TYPE_BITS = 3;
    /** How many values a packed key can hold. */
    static final int MAX_VALUES = 255;

    private PackedKey() {}

    /**
     * Packs key values.
     *
     * @param values the values, at most 255, in PRIMARY KEY clause order
     * @return the packed key
     * @throws IllegalArgumentException if there are more
     */
    public static byte[] pack(List<Value> values) {
        if (values.size() > MAX_VALUES) {
            throw new IllegalArgumentException("a packed key holds at most 255 values, not " + values.size());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(values.size());
        for (Value value : values) {
            if (value instanceof Value.Int number) {
                tagged(out, INTEGER, number.value(), integerWidth(number.value()));
            } else if (value instanceof Value.Real number) {
                out.write(REAL);
                bigEndian(out, Double.doubleToRawLongBits(number.value()), Long.BYTES);
            } else if (value instanceof Value.Text text) {
                sized(out, TEXT, text.value().getBytes(StandardCharsets.UTF_8));
            } else if (value instanceof Value.RawText text) {
                sized(out, TEXT, text.bytes());
            } else if (value instanceof Value.Blob blob) {
                sized(out, BLOB, blob.bytes());
            } else {
                out.write(NULL);
            }
        }
        return out.toByteArray();
    }

    /**
     * Reads a packed key. Wide forms of small integers are accepted, as there is no canonical form on the wire; bytes after the
     * last value are not.
     *
     * @param packed the packed key
     * @return the values
     * @throws IllegalArgumentException saying what is wrong with the bytes
     */
    public static List<Value> unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        require(in, 1);
        int count = Byte.toUnsignedInt(in.get());
        List<Value> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            require(in, 1);
            int tag = Byte.toUnsignedInt(in.get());
            values.add(value(in, tag & ((1 << TYPE_BITS) - 1), tag >> TYPE_BITS));
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("packed key has " + in.remaining() + " bytes after its last value");
        }
        return values;
    }

    private static Value value(ByteBuffer in, int type, int width) {
        return switch (type) {
            case INTEGER -> Value.of(integer(in, width));
            case REAL -> Value.of(Double.longBitsToDouble(bigEndian(in, Long.BYTES)));
            case TEXT -> Value.ofUtf8(bytes(in, width));
            case BLOB -> Value.of(bytes(in, width));
            case NULL -> Value.NULL;
            default -> throw new IllegalArgumentException("packed key has a value of unknown type " + type);
        };
    }

    private static long integer(ByteBuffer in, int width) {
        if (width > Long.BYTES) {
            throw new IllegalArgumentException("packed key has an integer of " + width + " bytes");
        }
        return bigEndian(in, width);
    }

    private static byte[] bytes(ByteBuffer in, int width) {
        if (width > Integer.BYTES) {
            throw new IllegalArgumentException("packed key has a length of " + width + " bytes");
        }
        long length = bigEndian(in, width);
        if (length > in.remaining()) {
            throw new IllegalArgumentException("packed key ends within a value of " + length + " bytes");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static long bigEndian(ByteBuffer in, int width) {
        require(in, width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = (value << Byte.SIZE) | Byte.toUnsignedLong(in.get());
        }
        return value;
    }

    private static void require(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException("packed key ends too early");
        }
    }

    private static int integerWidth(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value) + Byte.SIZE - 1) / Byte.SIZE;
    }

    private static void sized(ByteArrayOutputStream out, int type, byte[] bytes) {
        tagged(out, type, bytes.length, integerWidth(bytes.length));
        out.writeBytes(bytes);
    }

    private static void tagged(ByteArrayOutputStream out, int type, long number, int width) {
        out.write((width << TYPE_BITS) | type);
        bigEndian(out, number, width);
    }

    private static void bigEndian(ByteArrayOutputStream out, long value, int width) {
        for (int i = width - 1; i >= 0; i--) {
            out.write((int) (value >>> (Byte.SIZE * i)));
        }
    }
}
