package dev.crr.simulation;

/** In which way neighbours exchange, seen from one of them. Always in both directions in the end. */
enum Links {
    /** Each asks the other. */
    PULLED,
    /** Each sends to the other, and nobody ever asks. */
    PUSHED,
    /** Each asks the other and sends to it. */
    MUTUAL,
    /** The one that came later asks the other and sends to it, which only answers. */
    CALLED;

    boolean asks(int one, int other) {
        return this != PUSHED && (this != CALLED || one > other);
    }

    boolean sends(int one, int other) {
        return this != PULLED && (this != CALLED || one > other);
    }
}
