package dev.crr;

/**
 * Somebody asked for the changes after a version that this database never gave out: its file was restored from an older copy,
 * or the asker confuses two databases. Or the rules for what the asker may read are others than those it names.
 */
public class UnknownVersionException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final long resume;

    /**
     * @param message what was asked and what is known
     * @param resume the version from which to ask again
     */
    public UnknownVersionException(String message, long resume) {
        super(message);
        this.resume = resume;
    }

    /**
     * Where the asker can go on.
     *
     * @return the version from which to ask again
     */
    public long resume() {
        return resume;
    }
}
