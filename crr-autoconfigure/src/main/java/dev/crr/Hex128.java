package dev.crr;

import java.util.HexFormat;

/** The text and byte forms shared by the 16-byte identifiers. */
final class Hex128 {

    static final int BYTES = 16;

    private Hex128() {}

    static long high(byte[] bytes, String what) {
        requireLength(bytes, what);
        return read(bytes, 0);
    }

    static long low(byte[] bytes, String what) {
        requireLength(bytes, what);
        return read(bytes, Long.BYTES);
    }

    static byte[] parse(String hex, String what) {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException(what + " must be 32 lower-case hexadecimal digits");
        }
        return HexFormat.of().parseHex(hex);
    }

    static byte[] bytes(long high, long low) {
        byte[] bytes = new byte[BYTES];
        write(bytes, 0, high);
        write(bytes, Long.BYTES, low);
        return bytes;
    }

    static String text(long high, long low) {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    private static void requireLength(byte[] bytes, String what) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(what + " must be 16 bytes, not " + bytes.length);
        }
    }

    private static long read(byte[] bytes, int from) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << Byte.SIZE) | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    private static void write(byte[] bytes, int from, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[from + i] = (byte) (value >>> (Byte.SIZE * (Long.BYTES - 1 - i)));
        }
    }
}
