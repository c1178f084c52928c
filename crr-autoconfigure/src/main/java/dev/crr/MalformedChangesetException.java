package dev.crr;

import org.jspecify.annotations.Nullable;

/** A changeset does not parse, or holds a change whose fields are out of bounds. Nothing of it was applied. */
public class MalformedChangesetException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final int index;

    /**
     * @param index position of the first bad change, counted from 0; -1 if the fault is not in a change
     * @param message what is wrong
     * @param cause what the parser said, if it was one
     */
    public MalformedChangesetException(int index, String message, @Nullable Throwable cause) {
        super(index < 0 ? message : "change " + index + ": " + message, cause);
        this.index = index;
    }

    public MalformedChangesetException(int index, String message) {
        this(index, message, null);
    }

    /**
     * Where the fault is.
     *
     * @return position of the first bad change, counted from 0; -1 if the fault is not in a change
     */
    public int index() {
        return index;
    }
}
