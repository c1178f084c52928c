package dev.crr;

import java.util.UUID;

/**
 * Names one database among all that replicate: 16 random bytes, made when the database is first used and kept in it. A database of
 * which a copy is found to be in use takes another one, or the copy does.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record SiteId(long high, long low) implements Comparable<SiteId> {

    /**
     * Makes a new random identifier.
     *
     * @return a random (version 4) UUID
     */
    public static SiteId random() {
        UUID uuid = UUID.randomUUID();
        return new SiteId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * Reads the byte form.
     *
     * @param bytes exactly 16 bytes
     * @return the identifier
     * @throws IllegalArgumentException if there are not 16 bytes
     */
    public static SiteId of(byte[] bytes) {
        return new SiteId(Hex128.high(bytes, "site id"), Hex128.low(bytes, "site id"));
    }

    /**
     * Reads the text form.
     *
     * @param hex 32 lower-case hexadecimal digits
     * @return the identifier
     * @throws IllegalArgumentException if the text is anything else
     */
    public static SiteId parse(String hex) {
        return of(Hex128.parse(hex, "site id"));
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
    public int compareTo(SiteId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The text form: 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return Hex128.text(high, low);
    }
}
