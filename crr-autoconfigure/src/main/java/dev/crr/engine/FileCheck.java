package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Tells whether a file can hold replicated tables at all. */
final class FileCheck {

    private FileCheck() {}

    static void requireUtf8(Connection connection) throws SQLException {
        String encoding = Queries.list(connection, "PRAGMA encoding", row -> row.getString(1))
                .get(0);
        if (!encoding.equals("UTF-8")) {
            throw new InvalidTableException(List.of(new TableProblem(
                    "sqlite_master",
                    null,
                    null,
                    "The database file is encoded in " + encoding
                            + ", and values would not compare as they do elsewhere.",
                    "Create the file with PRAGMA encoding = 'UTF-8', SQLite's default.")));
        }
    }

    static void requireNoOther(Connection connection) throws SQLException {
        for (String name : CoreTables.namesTaken(connection)) {
            throw new InvalidTableException(
                    List.of(
                            new TableProblem(
                                    name,
                                    null,
                                    null,
                                    "The file has a table of this name already, perhaps made by the cr-sqlite extension, whose bookkeeping cannot be taken over.",
                                    "Drop what that extension made (tables crsql_* and *__crsql_*, and its triggers), or copy the rows to a new file.")));
        }
    }
}
