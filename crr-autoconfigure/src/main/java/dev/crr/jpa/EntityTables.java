package dev.crr.jpa;

import dev.crr.engine.TableProblem;
import dev.crr.engine.TableSpec;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;

/**
 * The tables behind the {@link dev.crr.Crr @Crr} entities of one persistence unit.
 *
 * @param tables the tables that are to replicate: those of the entities, and the collection and join tables they own
 * @param problems what the mapping alone rules out; the database may rule out more
 */
public record EntityTables(List<TableSpec> tables, List<TableProblem> problems) {

    public EntityTables {
        tables = List.copyOf(tables);
        problems = List.copyOf(problems);
    }

    /**
     * Reads the mapping. Does not touch the database.
     *
     * @param factory a factory made by Hibernate
     * @return the tables, ordered by entity; none if no entity is annotated
     * @throws jakarta.persistence.PersistenceException if the factory is not Hibernate's
     */
    public static EntityTables of(EntityManagerFactory factory) {
        SessionFactoryImplementor sessionFactory = factory.unwrap(SessionFactoryImplementor.class);
        TableCollector collector = new TableCollector(HibernateModel.quotes(sessionFactory));
        for (EntityPersister entity : HibernateModel.replicatedEntities(sessionFactory)) {
            collector.add(entity);
            IdentifierCheck.check(entity, collector);
        }
        return new EntityTables(collector.tables(), collector.problems());
    }
}
