package dev.crr;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a peer may do with a table, in one direction. Immutable. */
public final class TableAccess {

    /** Everything. */
    public static final TableAccess ALL = new TableAccess(null);

    /** Nothing: for the peer there is no such table. */
    public static final TableAccess NONE = new TableAccess(null);

    private final @Nullable Predicate<Change> changes;

    private TableAccess(@Nullable Predicate<Change> changes) {
        this.changes = changes;
    }

    /**
     * Some changes only. To keep a receiver able to build its rows, decide by the key, or by columns that can be left out.
     *
     * @param changes which ones; called for each change and by several threads, so it must be fast and thread-safe
     * @return the access
     */
    public static TableAccess only(Predicate<Change> changes) {
        return new TableAccess(changes);
    }

    /**
     * Whether single changes have to be asked about.
     *
     * @return true if it is neither {@link #ALL} nor {@link #NONE}
     */
    public boolean isPartial() {
        return changes != null;
    }

    /**
     * Asks about one change.
     *
     * @param change a change of the table
     * @return whether it is allowed
     */
    public boolean allows(Change change) {
        return changes != null ? changes.test(change) : this == ALL;
    }
}
