package dev.crr;

import org.jspecify.annotations.Nullable;

/** Anything crr refuses to do or could not do. The message says what, where and what to do about it. */
public class CrrException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CrrException(String message) {
        super(message);
    }

    public CrrException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
