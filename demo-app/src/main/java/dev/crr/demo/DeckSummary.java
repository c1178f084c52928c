package dev.crr.demo;

/** A deck in a list of decks. */
record DeckSummary(String id, String name) {

    static DeckSummary of(Deck deck) {
        return new DeckSummary(deck.getId(), deck.name());
    }
}
