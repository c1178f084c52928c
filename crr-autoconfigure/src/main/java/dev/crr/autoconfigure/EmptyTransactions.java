package dev.crr.autoconfigure;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions in which nothing is done, and whose ends are heard of all the same. They need no connection. */
final class EmptyTransactions extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    @Override
    protected Object doGetTransaction() {
        return new Object();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        // Nothing takes part.
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        // Nothing was done.
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        // Nothing was done.
    }
}
