package dev.crr.sync;

import dev.crr.CrrException;

/** Who somebody is changed during a round, which has to begin again. */
final class IdentityChangedException extends CrrException {

    private static final long serialVersionUID = 1L;

    IdentityChangedException() {
        super("it became known during the round that a database was copied; the next round begins anew");
    }
}
