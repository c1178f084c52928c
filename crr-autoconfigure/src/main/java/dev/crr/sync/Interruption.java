package dev.crr.sync;

/** Ends a round early when the application stops. */
final class Interruption {

    private Interruption() {}

    /**
     * @throws PeerException if the current thread was told to stop
     */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new PeerException(Fault.OTHER, "the application is stopping");
        }
    }
}
