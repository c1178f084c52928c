package dev.crr.sync;

import dev.crr.CrrException;

/** Somebody asked for a peer that is not configured. */
public class NoSuchPeerException extends CrrException {

    private static final long serialVersionUID = 1L;

    public NoSuchPeerException(String name) {
        super("there is no peer \"" + name + "\"");
    }
}
