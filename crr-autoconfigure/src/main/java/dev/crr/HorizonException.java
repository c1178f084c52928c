package dev.crr;

/**
 * A changeset was refused because of a clean-up of tombstones: one of the two databases has it behind it and the other has not, so
 * deleted rows might come back. Nothing was applied. The message tells which, and the cure.
 */
public class HorizonException extends CrrException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what was refused, and what to do
     */
    public HorizonException(String message) {
        super(message);
    }
}
