package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/** Makes tables replicate, and keeps their triggers out of the way of schema changes. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class CrrInstaller {

    /**
     * Brings the file up to date: makes the given tables CRRs, adopts rows that have no clock yet, marks rows as deleted whose
     * clock has no row, rebuilds triggers and the {@code crsql_changes} view where they are missing or stale, and begins a new
     * epoch. Does little where nothing changed. One transaction; may be repeated at will.
     *
     * @param connection a connection in autocommit mode
     * @param tables all tables that are to replicate
     * @throws InvalidTableException if a table cannot replicate; nothing is changed
     * @throws SQLException if the database fails; nothing is changed
     */
    public void install(Connection connection, Collection<TableSpec> tables) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Drops the {@code crsql_changes} view and exchanges the triggers of all CRRs for coarse ones that do not hinder schema
     * changes and still note which rows are touched. {@link #install} undoes it. One transaction; does nothing in a file without
     * CRRs.
     *
     * @param connection a connection in autocommit mode
     * @throws SQLException if the database fails; nothing is changed
     */
    public void standAside(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
