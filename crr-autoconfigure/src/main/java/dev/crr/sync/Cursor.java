package dev.crr.sync;

import dev.crr.Epoch;
import org.jspecify.annotations.Nullable;

/**
 * How far one database has followed another.
 *
 * @param version the followed database's version, 0 at the beginning
 * @param epoch its epoch in which the version was given out, if known
 */
public record Cursor(long version, @Nullable Epoch epoch) {

    /** The beginning. */
    public static final Cursor START = new Cursor(0, null);
}
