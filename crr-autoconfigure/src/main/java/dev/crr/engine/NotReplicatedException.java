package dev.crr.engine;

import dev.crr.CrrException;

/** Something was asked of a table that only a replicated one can do. */
public class NotReplicatedException extends CrrException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the table.
     *
     * @param table its name as it was given
     */
    public NotReplicatedException(String table) {
        super("table \"" + table + "\" does not replicate");
    }
}
