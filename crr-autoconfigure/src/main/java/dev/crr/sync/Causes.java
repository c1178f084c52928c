package dev.crr.sync;

/** Puts exceptions into a few words for people. */
final class Causes {

    private Causes() {}

    /** The innermost cause, with its kind, since the messages of most network failures are empty or cryptic without it. */
    static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String kind = root.getClass().getSimpleName();
        return root.getMessage() == null ? kind : kind + ": " + root.getMessage();
    }
}
