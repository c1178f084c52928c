package dev.crr;

import java.util.List;

/**
 * The present state of one cell, or of one row as such: the unit that replicas exchange.
 *
 * <p>A change whose {@code cid} is {@link #ROW} is a row record: it tells that the row lives or is deleted, and carries no
 * value. Fields mean what they mean in cr-sqlite's {@code crsql_changes}.
 *
 * @param table the table's name as its sender spells it
 * @param key the key values, in PRIMARY KEY clause order, none NULL
 * @param cid the column's name, or {@link #ROW}
 * @param val the value; NULL in a row record
 * @param colVersion how many times the cell was edited in this life of the row; in a row record the causal length
 * @param dbVersion the sender's version of this record; orders changes of one sender, takes no part in deciding a winner
 * @param siteId who wrote it
 * @param cl the row's causal length: odd means alive, even deleted, and the larger one wins over everything else
 * @param seq orders records within one {@code dbVersion}
 */
public record Change(
        String table,
        List<Value> key,
        String cid,
        Value val,
        long colVersion,
        long dbVersion,
        SiteId siteId,
        long cl,
        long seq) {

    /** The {@code cid} of a row record. */
    public static final String ROW = "-1";

    /** No version or causal length may reach this (2<sup>53</sup>), so that every peer can hold it exactly. */
    public static final long VERSION_BOUND = 1L << 53;

    public Change {
        key = List.copyOf(key);
    }

    /**
     * Whether this is a row record.
     *
     * @return true if it tells of the row and not of a cell
     */
    public boolean isRow() {
        return ROW.equals(cid);
    }

    /**
     * This change under other names, as another database spells them.
     *
     * @param otherTable the table
     * @param otherCid the column
     * @return the change
     */
    public Change called(String otherTable, String otherCid) {
        return new Change(otherTable, key, otherCid, val, colVersion, dbVersion, siteId, cl, seq);
    }
}
