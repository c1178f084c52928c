package dev.crr.sync;

import dev.crr.CrrException;
import dev.crr.Epoch;
import dev.crr.SiteId;

/** Two databases use one site id, because one is a copy of the other, and the one concerned is to take a new one. */
public final class SharedSiteIdException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final Epoch other;

    SharedSiteIdException(String message, Epoch other) {
        super(message);
        this.other = other;
    }

    static SharedSiteIdException of(SiteId shared, Epoch other) {
        return new SharedSiteIdException(
                "the site id " + shared + " is also that of a database in epoch " + other
                        + ": one is a copy of the other, and this one has to take a new site id",
                other);
    }

    /**
     * The other database.
     *
     * @return its epoch
     */
    public Epoch other() {
        return other;
    }
}
