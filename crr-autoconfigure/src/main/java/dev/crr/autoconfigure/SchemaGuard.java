package dev.crr.autoconfigure;

import dev.crr.engine.CrrInstaller;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Prepares a database for schema changes. Does nothing to one that is not SQLite, or has nothing replicated yet. */
final class SchemaGuard {

    private static final Logger log = LoggerFactory.getLogger(SchemaGuard.class);

    private final ObjectProvider<CrrInstaller> installer;

    SchemaGuard(ObjectProvider<CrrInstaller> installer) {
        this.installer = installer;
    }

    /** The schema is going to change; rows stay what they are. */
    void beforeChange(DataSource dataSource, String tool) {
        standAside(dataSource, tool, CrrInstaller::standAside);
    }

    /** A script is going to run, which may drop tables and make them anew. */
    void beforeScript(DataSource dataSource, String tool) {
        standAside(dataSource, tool, CrrInstaller::standAsideForScript);
    }

    @FunctionalInterface
    private interface Preparation {
        void run(CrrInstaller installer, Connection connection) throws SQLException;
    }

    private void standAside(DataSource dataSource, String tool, Preparation preparation) {
        CrrInstaller present = installer.getIfAvailable();
        if (present != null && isSqlite(dataSource, tool)) {
            log.debug("Standing aside for {}", tool);
            CrrDatabase.of(dataSource).call("Stand aside for " + tool, connection -> {
                preparation.run(present, connection);
                return true;
            });
        }
    }

    /** All tables are going to be dropped and made anew. */
    void beforeReset(DataSource dataSource, String tool) {
        CrrInstaller present = installer.getIfAvailable();
        if (present != null && isSqlite(dataSource, tool)) {
            log.warn("{} drops all tables, so this database starts as a new replica, with a new site id.", tool);
            CrrDatabase.of(dataSource).call("Forget the replica for " + tool, connection -> {
                present.forget(connection);
                return true;
            });
        }
    }

    boolean isSqlite(DataSource dataSource, String tool) {
        try {
            return SqliteDatabase.isSqlite(dataSource);
        } catch (SQLException ex) {
            // The tool is going to meet the same failure, and knows better whether it may be passed over.
            log.debug("Cannot tell whether {} works on SQLite", tool, ex);
            return false;
        }
    }
}
