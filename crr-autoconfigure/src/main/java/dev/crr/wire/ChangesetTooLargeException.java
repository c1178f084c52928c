package dev.crr.wire;

import dev.crr.CrrException;

/** A changeset is larger than its reader accepts. A smaller piece of it may pass. */
public class ChangesetTooLargeException extends CrrException {

    private static final long serialVersionUID = 1L;

    public ChangesetTooLargeException(String message) {
        super(message);
    }
}
