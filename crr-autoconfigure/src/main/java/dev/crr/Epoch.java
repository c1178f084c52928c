package dev.crr;

import java.util.UUID;

/**
 * Names one stretch of a database's history: 16 random bytes, made anew at every start. A version number means what it meant only
 * together with the epoch it was given out in, which is how a restored backup is told from the file it was taken of, and a copy
 * that is in use from its original.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record Epoch(long high, long low) implements Comparable<Epoch> {

    /**
     * Makes a new random identifier.
     *
     * @return a random (version 4) UUID
     */
    public static Epoch random() {
        UUID uuid = UUID.randomUUID();
        return new Epoch(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * Reads the byte form.
     *
     * @param bytes exactly 16 bytes
     * @return the identifier
     * @throws IllegalArgumentException if there are not 16 bytes
     */
    public static Epoch of(byte[] bytes) {
        return new Epoch(Hex128.high(bytes, "epoch"), Hex128.low(bytes, "epoch"));
    }

    /**
     * Reads the text form.
     *
     * @param hex 32 lower-case hexadecimal digits
     * @return the identifier
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Epoch parse(String hex) {
        return of(Hex128.parse(hex, "epoch"));
    }

    /**
     * The byte form.
     *
     * @return a new array of 16 bytes
     */
    public byte[] bytes() {
        return Hex128.bytes(high, low);
    }

    /** Compares bytewise, as SQLite compares blobs. */
    @Override
    public int compareTo(Epoch other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The text form: 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return Hex128.text(high, low);
    }
}
