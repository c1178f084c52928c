package dev.crr.sync;

/** A peer does not understand the format it was sent, or was asked for. */
final class UnsupportedFormatException extends PeerException {

    private static final long serialVersionUID = 1L;

    UnsupportedFormatException(String message) {
        super(Fault.OTHER, message);
    }
}
