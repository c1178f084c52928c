package dev.crr.actuate;

import java.util.Locale;

/** What can be wrong. The code of each is the same in health, metrics, the status and {@code docs/operations.md}. */
public enum AlarmKind {

    /** No exchange with a peer has succeeded for long. */
    PEER_STUCK,

    /** A peer's file is a copy of ours or of a third's, or the other way round; or ours took a new site id for that reason. */
    CLONE_FOUND,

    /** A single row is larger than one side accepts, and was left out, or holds up the exchange. */
    ROW_TOO_LARGE,

    /** There are changes that cannot be applied here. */
    QUARANTINE_NOT_EMPTY,

    /** There are so many changes that cannot be applied that no more are taken. */
    QUARANTINE_FULL,

    /** Triggers of the application's own make instances exchange for ever, though nobody writes. */
    RESTLESS,

    /** For longer than a start takes, the schema has been prepared for changes, and what is written is not announced. */
    SCHEMA_CHANGE_OPEN,

    /** There is no room for our database to grow. */
    DISK_FULL,

    /** Our database cannot be written. */
    READ_ONLY,

    /** Our database cannot be read, or its storage fails. */
    DATABASE_FAILING;

    /**
     * The name for machines.
     *
     * @return lower case with hyphens
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Whether the instance cannot do its work, whatever its peers do.
     *
     * @return true for faults of its own file
     */
    public boolean down() {
        return this == DISK_FULL || this == READ_ONLY || this == DATABASE_FAILING;
    }
}
