package dev.crr.engine;

import dev.crr.Value;

/** What this database has of a row: its clocks and its present values. */
final class LocalRow {

    /** The column version of a cell that was never written here and never received. It loses to anything. */
    static final long ABSENT = -1;

    /** A row that was never here. */
    static LocalRow unknown(int columns) {
        return new LocalRow(0, 0, false, new Value[columns], new long[columns]);
    }

    /** Version of the row's clock, 0 if it has none. */
    final long version;

    /** Causal length that counts: one more than recorded if the row is gone and nobody recorded it. */
    final long cl;

    /** Present values by column; null in a row that is not there. */
    final Value[] values;

    /** Column versions or {@link #ABSENT} by column. */
    final long[] colVersions;

    /** Whether the row is gone and nobody recorded it. */
    final boolean missing;

    LocalRow(long version, long cl, boolean missing, Value[] values, long[] colVersions) {
        this.missing = missing;
        this.version = version;
        this.cl = cl;
        this.values = values;
        this.colVersions = colVersions;
    }

    /** The same, recorded under a version. */
    LocalRow buriedAt(long recorded) {
        return new LocalRow(recorded, cl, false, values, colVersions);
    }

    boolean alive() {
        return (cl & 1) == 1;
    }
}
