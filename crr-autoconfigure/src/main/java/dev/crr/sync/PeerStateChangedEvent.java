package dev.crr.sync;

/**
 * A peer has come, gone, been paused or resumed, or fails for another reason than before. Published as a Spring event, on the
 * thread that noticed; listeners should be quick, and what they throw is logged.
 *
 * @param state how things stand with it now
 */
public record PeerStateChangedEvent(PeerState state) {}
