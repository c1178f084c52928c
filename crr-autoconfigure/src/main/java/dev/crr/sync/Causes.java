package dev.crr.sync;

/** Puts exceptions into a few words for people. */
final class Causes {

    private Causes() {}

    /** The kind goes with the message, since the messages of most network failures are empty or cryptic without it. */
    static String describe(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        if (failure.getMessage() != null) {
            return kind + ": " + failure.getMessage();
        }
        return failure.getCause() == null ? kind : kind + " (" + describe(failure.getCause()) + ")";
    }
}
