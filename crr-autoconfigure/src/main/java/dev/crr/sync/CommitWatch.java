package dev.crr.sync;

import java.util.function.LongConsumer;

/** Tells when changes were committed to the database, by this process or another. Thread-safe. */
@FunctionalInterface
public interface CommitWatch {

    /** Sees nothing: changes wait for the next round. */
    CommitWatch BLIND = listener -> () -> {};

    /**
     * Begins to tell. The first call comes soon, with the version as it is; then one after every commit that has moved it. Several
     * commits may share one call.
     *
     * @param listener takes the version. It is called on one thread for all listeners, so it must be quick.
     * @return to end it
     */
    Subscription subscribe(LongConsumer listener);

    /** An interest in commits. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {

        /** Ends it. A call that is running may still come to its end. */
        @Override
        void close();
    }
}
