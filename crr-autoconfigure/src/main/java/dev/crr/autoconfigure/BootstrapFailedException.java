package dev.crr.autoconfigure;

import dev.crr.CrrException;
import java.nio.file.Path;

/** A new instance could not begin from a peer's snapshot. */
class BootstrapFailedException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final String peer;

    BootstrapFailedException(String peer, Path file, Throwable cause) {
        super(
                "There is no database at " + file + ", and none could be made from a snapshot of peer \"" + peer
                        + "\": " + cause.getMessage(),
                cause);
        this.peer = peer;
    }

    String peer() {
        return peer;
    }
}
