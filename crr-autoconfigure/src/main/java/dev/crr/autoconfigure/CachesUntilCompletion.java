package dev.crr.autoconfigure;

import dev.crr.jpa.CacheInvalidation;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;

/** Opens the caches again once the transaction has ended, before anybody hears of the merge. */
final class CachesUntilCompletion implements TransactionSynchronization {

    private final List<CacheInvalidation> invalidations;

    CachesUntilCompletion(List<CacheInvalidation> invalidations) {
        this.invalidations = invalidations;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        invalidations.forEach(CacheInvalidation::end);
    }

    /** Also after a rollback: who read inside the transaction may have seen what never came to be. */
    @Override
    public void afterCompletion(int status) {
        invalidations.forEach(CacheInvalidation::end);
    }
}
