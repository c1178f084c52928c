package dev.crr.sync;

import dev.crr.Changeset;
import java.util.function.Supplier;

/**
 * Watches changes being exchanged, to measure it. Runs what it is given exactly once, on the calling thread, and lets its exceptions
 * through. Thread-safe.
 */
public interface ExchangeObserver {

    /** Watches nothing. */
    ExchangeObserver NONE = new ExchangeObserver() {};

    /**
     * Changes are fetched from a peer and applied, all that there are.
     *
     * @param peer the name of the peer
     * @param work does it
     */
    default void pull(String peer, Runnable work) {
        work.run();
    }

    /**
     * Changes are sent to a peer, all that it lacks.
     *
     * @param peer the name of the peer
     * @param work does it
     */
    default void push(String peer, Runnable work) {
        work.run();
    }

    /**
     * One changeset is merged into this database, whoever brought it.
     *
     * @param changeset what is merged
     * @param work does it
     * @param <T> what that results in
     * @return the result
     */
    default <T> T apply(Changeset changeset, Supplier<T> work) {
        return work.get();
    }

    /**
     * Changes have gone.
     *
     * @param peer the name of the peer
     * @param changes how many
     */
    default void pushed(String peer, long changes) {}

    /**
     * Bytes of bodies have come or gone, as they are on the wire.
     *
     * @param peer the name of the peer
     * @param direction which way
     * @param count how many
     */
    default void bytes(String peer, Direction direction, long count) {}
}
