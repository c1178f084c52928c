package dev.crr.guide;

import dev.crr.ChangesetService;
import dev.crr.Instance;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.function.Consumer;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an application of the guide has injected. */
record Person(ChangesetService changesets, EntityManager entities, TransactionTemplate transaction) {

    static Person of(Instance application) {
        return new Person(
                application.service(),
                SharedEntityManagerCreator.createSharedEntityManager(application.bean(EntityManagerFactory.class)),
                new TransactionTemplate(application.bean(PlatformTransactionManager.class)));
    }

    void persist(Object entity) {
        transaction.executeWithoutResult(status -> entities.persist(entity));
    }

    <T> void change(Class<T> type, String id, Consumer<T> change) {
        transaction.executeWithoutResult(status -> change.accept(entities.find(type, id)));
    }

    void remove(Class<?> type, String id) {
        transaction.executeWithoutResult(status -> entities.remove(entities.find(type, id)));
    }
}
