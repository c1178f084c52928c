package dev.crr.demo.live;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came from a peer for one row.
 *
 * @param at when it was merged
 * @param from the peer that sent it
 * @param table the table
 * @param id the row's key
 * @param subject what people know the row by; null if it is not here
 * @param cells the changes
 */
record IncomingRow(
        Instant at,
        String from,
        String table,
        String id,
        @Nullable Subject subject,
        List<IncomingCell> cells) {

    /**
     * What people know a row by.
     *
     * @param deckId its deck
     * @param deck the deck's name
     * @param slideId its slide, if it is one or on one
     * @param slide the slide's number, from 1
     * @param type the component's type
     * @param text the component's content
     */
    record Subject(
            @Nullable String deckId,
            @Nullable String deck,
            @Nullable String slideId,
            @Nullable Integer slide,
            @Nullable String type,
            @Nullable String text) {}
}
