package dev.crr.actuate;

import io.micrometer.observation.Observation;

/** What an observation of an exchange is about. */
public final class ExchangeContext extends Observation.Context {

    private final Step step;
    private final String peer;

    /** What is done. */
    public enum Step {

        /** All there is is fetched from a peer and applied. */
        PULL,

        /** All it lacks is sent to a peer. */
        PUSH,

        /** One changeset is merged, whoever brought it. */
        APPLY
    }

    ExchangeContext(Step step, String peer) {
        this.step = step;
        this.peer = peer;
    }

    /**
     * What is done.
     *
     * @return the step
     */
    public Step step() {
        return step;
    }

    /**
     * With whom.
     *
     * @return the name of the configured peer; {@code other} for those who are none
     */
    public String peer() {
        return peer;
    }
}
