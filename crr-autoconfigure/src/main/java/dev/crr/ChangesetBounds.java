package dev.crr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a changeset must keep to beyond its syntax, wherever it comes from. Stateless.
 */
public final class ChangesetBounds {

    /** A key has no more columns than this: the packed form counts them in one byte. */
    public static final int MAX_KEY_COLUMNS = 255;

    private ChangesetBounds() {}

    /**
     * Checks a changeset and all its changes.
     *
     * @param changeset what arrived
     * @throws MalformedChangesetException if a number is out of bounds or a key or row record is impossible; names the first
     *     such change
     */
    public static void check(Changeset changeset) {
        if (changeset.since() < 0) {
            throw new MalformedChangesetException(-1, "\"since\" must not be negative, but is " + changeset.since());
        }
        if (changeset.version() < changeset.since()) {
            throw new MalformedChangesetException(
                    -1,
                    "\"version\" must not be less than \"since\" (" + changeset.since() + "), but is "
                            + changeset.version());
        }
        List<Change> changes = changeset.changes();
        for (int i = 0; i < changes.size(); i++) {
            String fault = fault(changes.get(i));
            if (fault != null) {
                throw new MalformedChangesetException(i, fault);
            }
        }
    }

    /**
     * Checks one change.
     *
     * @param change what arrived
     * @return what is out of bounds, null if nothing is
     */
    public static @Nullable String fault(Change change) {
        if (change.cl() < 1 || change.cl() >= Change.VERSION_BOUND) {
            return "\"cl\" must be at least 1 and less than 2^53, but is " + change.cl();
        }
        if (change.colVersion() < 0 || change.colVersion() >= Change.VERSION_BOUND) {
            return "\"colVersion\" must be at least 0 and less than 2^53, but is " + change.colVersion();
        }
        if (change.dbVersion() < 0) {
            return "\"dbVersion\" must not be negative, but is " + change.dbVersion();
        }
        if (change.seq() < 0) {
            return "\"seq\" must not be negative, but is " + change.seq();
        }
        if (change.isRow()) {
            if (change.colVersion() != change.cl()) {
                return "a row record's \"colVersion\" must equal its \"cl\" (" + change.cl() + "), but is "
                        + change.colVersion();
            }
            if (!(change.val() instanceof Value.Null)) {
                return "a row record's \"val\" must be null";
            }
        }
        return keyFault(change.key());
    }

    private static @Nullable String keyFault(List<Value> key) {
        if (key.isEmpty() || key.size() > MAX_KEY_COLUMNS) {
            return "\"pk\" must have 1 to " + MAX_KEY_COLUMNS + " values, but has " + key.size();
        }
        for (Value value : key) {
            if (value instanceof Value.Null) {
                return "\"pk\" must not contain null";
            }
        }
        return null;
    }
}
