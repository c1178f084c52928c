package dev.crr.demo.live;

import org.jspecify.annotations.Nullable;

/**
 * One change that came from a peer.
 *
 * @param column the column, or {@code -1} for the row as such
 * @param value what came
 * @param kept what is here now
 * @param author who wrote it
 * @param outcome which of the two won
 */
record IncomingCell(
        String column, @Nullable Object value, @Nullable Object kept, String author, Outcome outcome) {}
