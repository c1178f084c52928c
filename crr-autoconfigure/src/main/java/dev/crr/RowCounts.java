package dev.crr;

/**
 * How many rows a replicated table has.
 *
 * @param rows rows that are alive
 * @param tombstones deleted rows that are remembered
 */
public record RowCounts(long rows, long tombstones) {}
