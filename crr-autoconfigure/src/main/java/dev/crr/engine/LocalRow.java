package dev.crr.engine;

import dev.crr.Value;

/** What this database has of a row: its clocks and its present values. */
final class LocalRow {

    /** The column version of a cell that was never written here and never received. It loses to anything. */
    static final long ABSENT = -1;

    /** A row that was never here. */
    static LocalRow unknown(int columns) {
        return new LocalRow(0, 0, new Value[columns], new long[columns]);
    }

    /** Version of the row's clock, 0 if it has none. */
    final long version;

    /** Causal length that counts: one more than recorded if the row is gone and nobody recorded it. */
    final long cl;

    /** Present values by column; null in a row that is not there. */
    final Value[] values;

    /** Column versions or {@link #ABSENT} by column. */
    final long[] colVersions;

    LocalRow(long version, long cl, Value[] values, long[] colVersions) {
        this.version = version;
        this.cl = cl;
        this.values = values;
        this.colVersions = colVersions;
    }

    boolean alive() {
        return (cl & 1) == 1;
    }
}
