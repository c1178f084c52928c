package dev.crr.mapping;

import dev.crr.Instance;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Entities of an application, a transaction each time. */
record Jpa(EntityManager entities, TransactionTemplate transaction) {

    static Jpa of(Instance instance) {
        return new Jpa(
                SharedEntityManagerCreator.createSharedEntityManager(instance.bean(EntityManagerFactory.class)),
                new TransactionTemplate(instance.bean(PlatformTransactionManager.class)));
    }

    <T> T call(Function<EntityManager, T> work) {
        return transaction.execute(status -> work.apply(entities));
    }

    void persist(Object... fresh) {
        transaction.executeWithoutResult(status -> {
            for (Object each : fresh) {
                entities.persist(each);
            }
        });
    }

    <T> T find(Class<T> type, Object id) {
        return call(em -> em.find(type, id));
    }

    <T> void edit(Class<T> type, Object id, Consumer<T> change) {
        transaction.executeWithoutResult(status -> change.accept(entities.find(type, id)));
    }

    void remove(Class<?> type, Object id) {
        transaction.executeWithoutResult(status -> entities.remove(entities.find(type, id)));
    }
}
