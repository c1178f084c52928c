package dev.crr.autoconfigure;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Tells callers that a transaction could not begin because of a lock as they are told of any other lock. An immediate transaction
 * meets the other writer when it begins, and Spring's CannotCreateTransactionException would not say that a retry helps.
 */
final class LockedAtBegin implements BeanPostProcessor, TransactionExecutionListener {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ConfigurableTransactionManager transactionManager) {
            transactionManager.addListener(this);
        }
        return bean;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
        if (beginFailure instanceof CannotCreateTransactionException) {
            for (Throwable cause = beginFailure.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException ex && SqliteExceptions.isLock(ex)) {
                    throw SqliteExceptions.translate("Begin a transaction", ex);
                }
            }
        }
    }
}
