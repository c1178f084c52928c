package dev.crr.demo.live;

/** What became of a change from a peer. */
enum Outcome {
    /** It is what is here now. */
    WON,
    /** Something else is here. */
    LOST,
    /** It was here already. */
    SAME
}
