package dev.crr.simulation;

/** The world is not as it should be. */
final class Failure extends AssertionError {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    static void unless(boolean condition, String message) {
        if (!condition) {
            throw new Failure(message);
        }
    }
}
