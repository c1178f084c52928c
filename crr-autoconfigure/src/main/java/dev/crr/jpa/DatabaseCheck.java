package dev.crr.jpa;

import dev.crr.engine.Columns;
import dev.crr.engine.TableProblem;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig.DateClass;
import org.sqlite.SQLiteConnection;

/** What of a mapping only the database can tell. */
final class DatabaseCheck {

    private DatabaseCheck() {}

    static boolean storesDatesAsNumbers(Connection connection) throws SQLException {
        return connection.isWrapperFor(SQLiteConnection.class)
                && connection
                                .unwrap(SQLiteConnection.class)
                                .getConnectionConfig()
                                .getDateClass()
                        != DateClass.TEXT;
    }

    static boolean makesNumbersOfText(Connection connection, TableProblem problem) throws SQLException {
        return problem.column() != null && Columns.isNumeric(connection, problem.table(), problem.column());
    }
}
