package dev.crr.sync;

import dev.crr.CrrException;

/** Puts exceptions into a few words for people. */
final class Causes {

    private Causes() {}

    /** What to tell of the failure of a round. */
    static String message(Throwable failure) {
        String message = failure.getMessage();
        return failure instanceof CrrException && message != null ? message : describe(failure);
    }

    /** The kind goes with the message, since the messages of most network failures are empty or cryptic without it. */
    static String describe(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        if (failure.getMessage() != null) {
            return kind + ": " + failure.getMessage();
        }
        return failure.getCause() == null ? kind : kind + " (" + describe(failure.getCause()) + ")";
    }
}
