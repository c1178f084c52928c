package dev.crr.autoconfigure;

import java.sql.Connection;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.integration.spring.SpringLiquibase;
import liquibase.integration.spring.SpringResourceAccessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Comes before Liquibase updates. */
final class LiquibaseHook implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(LiquibaseHook.class);

    private final SchemaGuard guard;

    LiquibaseHook(SchemaGuard guard) {
        this.guard = guard;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof SpringLiquibase liquibase) {
            DataSource dataSource = liquibase.getDataSource();
            if (dataSource == null) {
                return bean;
            }
            if (liquibase.isDropFirst()) {
                guard.beforeReset(dataSource, "Liquibase (drop-first)");
            } else if (mayHaveUnrunChangeSets(liquibase, dataSource)) {
                guard.beforeChange(dataSource, "Liquibase");
            }
        }
        return bean;
    }

    /** Where it cannot be known, yes: to stand aside for nothing costs time only. */
    private static boolean mayHaveUnrunChangeSets(SpringLiquibase spring, DataSource dataSource) {
        // Parameters and customizers cannot be read off the bean; a change log that needs them looks unrun.
        try (Connection connection = dataSource.getConnection()) {
            if (!SqliteDatabase.isSqlite(connection)) {
                return false;
            }
            boolean autoCommit = connection.getAutoCommit();
            try {
                return hasUnrunChangeSets(spring, connection);
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (Exception ex) {
            log.debug("Cannot tell whether Liquibase has anything to do", ex);
            return true;
        }
    }

    private static boolean hasUnrunChangeSets(SpringLiquibase spring, Connection connection) throws Exception {
        Database database =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        if (spring.getDatabaseChangeLogTable() != null) {
            database.setDatabaseChangeLogTableName(spring.getDatabaseChangeLogTable());
        }
        if (spring.getDatabaseChangeLogLockTable() != null) {
            database.setDatabaseChangeLogLockTableName(spring.getDatabaseChangeLogLockTable());
        }
        SpringResourceAccessor resources = new SpringResourceAccessor(spring.getResourceLoader());
        Liquibase liquibase = new Liquibase(spring.getChangeLog(), resources, database);
        try {
            return !liquibase
                    .listUnrunChangeSets(
                            new Contexts(spring.getContexts()), new LabelExpression(spring.getLabelFilter()), false)
                    .isEmpty();
        } finally {
            connection.rollback();
        }
    }
}
