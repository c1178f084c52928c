package dev.crr.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Looks where the transactions of a DataSource lead of which nobody can tell at start. Whatever is written to another file is
 * not tracked, and nothing else would say so. Thread-safe.
 */
final class OtherFilesWatch implements TransactionExecutionListener {

    private static final Logger log = LoggerFactory.getLogger(OtherFilesWatch.class);

    private final CrrDatabase database;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    OtherFilesWatch(CrrDatabase database) {
        this.database = database;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
        if (beginFailure == null
                && TransactionSynchronizationManager.getResource(database.dataSource())
                        instanceof ConnectionHolder holder) {
            look(holder.getConnection());
        }
    }

    private void look(Connection connection) {
        try {
            database.requireSameFile(connection);
        } catch (SeveralFilesException elsewhere) {
            if (told.add(String.valueOf(elsewhere.getMessage()))) {
                log.error("A transaction does not replicate what it writes. {}", elsewhere.getMessage());
            }
        } catch (SQLException e) {
            log.debug("Cannot tell where a transaction leads", e);
        }
    }
}
