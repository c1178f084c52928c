package dev.crr;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A value as SQLite stores it. The storage class is part of the value: {@code 1}, {@code 1.0} and {@code '1'} are three
 * different values, and replicate as such.
 *
 * <p>All implementations are immutable. Equality is that of SQLite within one storage class: {@code 0.0} equals {@code -0.0},
 * text and blobs are compared bytewise.
 */
public sealed interface Value {

    /** The NULL value. */
    Value NULL = new Null();

    /** NULL. Use {@link Value#NULL}. */
    record Null() implements Value {
        @Override
        public String toString() {
            return "NULL";
        }
    }

    /**
     * An INTEGER.
     *
     * @param value the number
     */
    record Int(long value) implements Value {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /**
     * A REAL. SQLite stores no NaN and no negative zero, so neither exists here: the latter becomes {@code 0.0}.
     *
     * @param value the number, not NaN
     */
    record Real(double value) implements Value {
        public Real {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("SQLite has no NaN; use NULL");
            }
            value = value == 0.0 ? 0.0 : value;
        }

        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /**
     * A TEXT of well-formed Unicode.
     *
     * @param value the text; may contain NUL characters
     */
    record Text(String value) implements Value {
        @Override
        public String toString() {
            return "'" + value.replace("'", "''") + "'";
        }
    }

    /**
     * A TEXT whose bytes are not valid UTF-8, which SQLite stores all the same.
     *
     * @param bytes the bytes; not copied, so neither caller nor reader may change them
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, and a defensive copy per cell would be waste
    record RawText(byte[] bytes) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof RawText that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "CAST(x'" + HexFormat.of().formatHex(bytes) + "' AS TEXT)";
        }
    }

    /**
     * A BLOB.
     *
     * @param bytes the bytes; not copied, so neither caller nor reader may change them
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Blob(byte[] bytes) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Blob that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
    }

    /**
     * An INTEGER.
     *
     * @param value the number
     * @return the value
     */
    static Value of(long value) {
        return new Int(value);
    }

    /**
     * A REAL, or NULL for NaN, as SQLite has it.
     *
     * @param value the number
     * @return the value
     */
    static Value of(double value) {
        return Double.isNaN(value) ? NULL : new Real(value);
    }

    /**
     * A TEXT.
     *
     * @param value the text
     * @return the value
     */
    static Value of(String value) {
        return new Text(value);
    }

    /**
     * A TEXT as SQLite holds it.
     *
     * @param bytes the text in UTF-8, or whatever was stored as such; not copied if it is not well-formed
     * @return a {@link Text} or, if the bytes are not well-formed UTF-8, a {@link RawText}
     */
    static Value ofUtf8(byte[] bytes) {
        try {
            return new Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUnicode) {
            return new RawText(bytes);
        }
    }

    /**
     * A BLOB.
     *
     * @param bytes the bytes, not copied
     * @return the value
     */
    static Value of(byte[] bytes) {
        return new Blob(bytes);
    }
}
