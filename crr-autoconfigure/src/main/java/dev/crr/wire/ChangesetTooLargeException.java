package dev.crr.wire;

import dev.crr.Changeset;
import dev.crr.CrrException;
import org.jspecify.annotations.Nullable;

/** A changeset is larger than its reader accepts. A smaller piece of it may pass. */
public class ChangesetTooLargeException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Changeset rest;

    public ChangesetTooLargeException(String message) {
        super(message);
        this.rest = null;
    }

    ChangesetTooLargeException(String message, Changeset rest, ChangesetTooLargeException cause) {
        super(message, cause);
        this.rest = rest;
    }

    /**
     * What is left if the row that was too large is left out.
     *
     * @return the changeset without any change; null if it has other rows, or if it is not known how it begins
     */
    public @Nullable Changeset rest() {
        return rest;
    }
}
