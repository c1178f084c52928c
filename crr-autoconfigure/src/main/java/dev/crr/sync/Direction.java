package dev.crr.sync;

/** Which way something goes, seen from this database. */
public enum Direction {

    /** From a peer to us. */
    IN,

    /** From us to a peer. */
    OUT
}
