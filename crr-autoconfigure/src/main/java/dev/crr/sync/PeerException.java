package dev.crr.sync;

import dev.crr.CrrException;
import org.jspecify.annotations.Nullable;

/** A round cannot go on, for a reason that lies with the peer or the way to it. The message is for people. */
final class PeerException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    PeerException(Fault fault, String message) {
        this(fault, message, null);
    }

    PeerException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
