package dev.crr;

import org.jspecify.annotations.Nullable;

/** A change is well formed but cannot be applied to this database. Nothing of its changeset was applied. */
public class ChangeNotApplicableException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final transient Change change;

    public ChangeNotApplicableException(Change change, String reason, @Nullable Throwable cause) {
        super(
                "cannot apply the change of table \"" + change.table() + "\", key " + change.key() + ", column \""
                        + change.cid() + "\": " + reason,
                cause);
        this.change = change;
    }

    /**
     * The change that was refused.
     *
     * @return the change, or one of the row's changes where the row as a whole was refused
     */
    public Change change() {
        return change;
    }
}
